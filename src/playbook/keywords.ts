/**
 * What the value of a keyword may be. Each shape has one reader (`read-values.ts`, `read-steps.ts`) and one JSON Schema
 * (`schemas.ts`).
 */
export type Shape =
  | 'text'
  | 'label'
  | 'identifier'
  | 'boolean'
  | 'boolean-or-expression'
  | 'seconds'
  | 'percentage'
  | 'serial'
  | 'order'
  | 'count'
  | 'conditions'
  | 'template'
  | 'names'
  | 'vars'
  | 'vars-files'
  | 'params'
  | 'hosts'
  | 'steps'
  | 'handlers'
  | 'texts'
  | 'meta'
  | 'loop'
  | 'loop-control'
  | 'include';

/** A keyword: the shape of its value, and what the reference and editors say about it (Markdown, one sentence). */
interface Keyword {
  readonly shape: Shape;
  readonly about: string;
}

export type Keywords = Readonly<Record<string, Keyword>>;

const common = {
  name: { shape: 'label', about: 'What is shown for it; may hold expressions.' },
  tags: { shape: 'names', about: 'Names for `--tags` and `--skip-tags`; what is inside inherits them.' },
  vars: { shape: 'vars', about: 'Values by name, seen here and inside; each is worked out when it is used.' },
} as const satisfies Keywords;

export const playKeywords = {
  ...common,
  hosts: {
    shape: 'hosts',
    about: 'Host names, groups and patterns: a text or a list; may be an expression over params.',
  },
  vars_files: {
    shape: 'vars-files',
    about: 'Files of names and values: a list; of an item that is a list itself, the first file that there is.',
  },
  params: { shape: 'params', about: 'The typed inputs: a map from name to a schema.' },
  expect_hosts: { shape: 'count', about: 'How many hosts there must be; another number is an error.' },
  order: { shape: 'order', about: 'The order of the hosts; by default that of the inventory.' },
  forks: { shape: 'count', about: 'The most hosts worked on at once.' },
  serial: {
    shape: 'serial',
    about: 'How many hosts go through the play before the next ones begin: a number, `30%`, or a list of these.',
  },
  any_errors_fatal: { shape: 'boolean', about: 'A host that fails or cannot be reached ends the run for all.' },
  max_fail_percentage: {
    shape: 'percentage',
    about: 'The run ends where more hosts of a batch than this, in percent, have failed or cannot be reached.',
  },
  pre_tasks: { shape: 'steps', about: 'What is done before `tasks`, with the handlers that it wakes.' },
  tasks: { shape: 'steps', about: 'What is done, in order.' },
  post_tasks: { shape: 'steps', about: 'What is done after `tasks` and the handlers that those wake.' },
  handlers: {
    shape: 'handlers',
    about: 'Tasks that are done after the others, on hosts where a task that changed something named them in `notify`.',
  },
} as const satisfies Keywords;

const everyStep = {
  ...common,
  when: { shape: 'conditions', about: 'Only if this expression (or all of a list) is true.' },
} as const satisfies Keywords;

const looping = {
  loop: { shape: 'loop', about: 'Once for each item of this list.' },
  loop_control: { shape: 'loop-control', about: 'How the loop names and shows its items.' },
} as const satisfies Keywords;

export const taskKeywords = {
  ...everyStep,
  ...looping,
  register: { shape: 'identifier', about: 'The name under which the result is kept.' },
  until: { shape: 'conditions', about: 'Tried again until this is true.' },
  retries: { shape: 'count', about: 'Tries after the first one; 3 where only `until` is given.' },
  delay: { shape: 'seconds', about: 'Seconds between tries; 5 by default.' },
  backoff: { shape: 'seconds', about: 'Each wait is the last one times this; 1 by default.' },
  timeout: { shape: 'seconds', about: 'Seconds that one try may take.' },
  changed_when: { shape: 'conditions', about: 'Whether this counts as a change.' },
  failed_when: { shape: 'conditions', about: 'Whether this counts as a failure.' },
  ignore_errors: {
    shape: 'boolean-or-expression',
    about: 'Go on after a failure. Never covers a refusal or an unreachable host.',
  },
  run_once: {
    shape: 'boolean',
    about: 'Done on one host of the play, the first whose conditions hold; its result is that of all.',
  },
  throttle: { shape: 'count', about: 'The most hosts at once.' },
  delegate_to: { shape: 'label', about: 'The host on which it is done instead.' },
  notify: { shape: 'texts', about: 'The handlers, by name or topic, that are to be done if this changed something.' },
  no_log: { shape: 'boolean', about: 'Show neither parameters nor result.' },
  allow: {
    shape: 'names',
    about: 'Risks that may be asked about where they would be refused; `--allow` is needed all the same.',
  },
} as const satisfies Keywords;

export const handlerKeywords = {
  ...taskKeywords,
  listen: { shape: 'texts', about: 'Topics by which it can be notified, besides its name.' },
} as const satisfies Keywords;

export const metaKeywords = {
  name: common.name,
  tags: common.tags,
  meta: { shape: 'meta', about: '`flush_handlers`: the handlers that are waiting are done now.' },
} as const satisfies Keywords;

export const blockKeywords = {
  ...everyStep,
  block: { shape: 'steps', about: 'Tasks that belong together.' },
  rescue: { shape: 'steps', about: 'Done when a task of the block failed.' },
  always: { shape: 'steps', about: 'Done in the end, whatever happened.' },
} as const satisfies Keywords;

export const includeKeywords = {
  ...everyStep,
  ...looping,
  include_tasks: { shape: 'include', about: 'A file of tasks, entered when reached.' },
} as const satisfies Keywords;

export const importKeywords = {
  ...everyStep,
  import_tasks: { shape: 'include', about: 'A file of tasks, as if they stood here.' },
} as const satisfies Keywords;

export const includeFileKeywords = {
  file: { shape: 'text', about: 'The path of the tasks file, from the file that names it.' },
  vars: common.vars,
} as const satisfies Keywords;

export const loopControlKeywords = {
  loop_var: { shape: 'identifier', about: 'The name of the item; `item` by default.' },
  index_var: { shape: 'identifier', about: 'The name of its number, from 0.' },
  label: { shape: 'label', about: 'What is shown for an item.' },
  pause: { shape: 'seconds', about: 'Seconds between items.' },
} as const satisfies Keywords;

const later = 'Ansible has it; here it is not supported yet';

/** Keywords of Ansible that are not here: what to write instead. */
export const replaced: Readonly<Record<string, string>> = {
  action: 'write the module as the key: `command: uptime`',
  local_action: 'write the module as the key, and name the host with `delegate_to:`',
  args: 'write all parameters below the module',
  with_items: 'use `loop:` with a list',
  with_list: 'use `loop:`',
  with_dict: 'use `loop:` with `| dict2items`',
  with_sequence: 'use `loop:` with the list written out',
  with_together: 'use `loop:` with `| zip(…)`',
  with_flattened: 'use `loop:` with `| flatten`',
  with_fileglob: 'use `loop:` with the list written out',
  with_nested: 'use an `include_tasks` with a `loop:` inside another',
  gather_facts: 'remove it: facts are never gathered',
  vars_prompt: 'declare typed inputs with `params:`',
  collections: 'remove it: modules have one name each',
  debugger: 'remove it',
  fact_path: 'remove it: facts are never gathered',
  import_playbook: 'put the plays in one file, or share tasks with `import_tasks`',
  roles: 'share tasks with `include_tasks`',
  include: 'use `include_tasks` or `import_tasks`',
  include_role: 'use `include_tasks`',
  import_role: 'use `import_tasks`',
  become: 'log in as root: what these playbooks do needs it',
  become_user: 'log in as the user that is meant (`user` in the inventory)',
  become_method: 'log in as the user that is meant (`user` in the inventory)',
  become_flags: 'log in as the user that is meant (`user` in the inventory)',
  remote_user: 'set `user` in the inventory',
  connection: 'set `connection` in the inventory',
  port: 'set `port` in the inventory',
  ...Object.fromEntries(
    (
      'strategy ignore_unreachable force_handlers environment module_defaults ' +
      'check_mode diff async poll delegate_facts'
    )
      .split(' ')
      .map(name => [name, later]),
  ),
};

/** Modules of Ansible for which there is another one here. */
export const otherModules: Readonly<Record<string, string>> = {
  raw: 'use `command` or `shell`',
  systemd: 'use `systemd_service`',
  service: 'use `systemd_service`',
  include_vars: 'name the file in `vars_files:` of the play',
};
