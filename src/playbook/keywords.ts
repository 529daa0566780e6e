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
  | 'include'
  | 'included'
  | 'apply'
  | 'environment'
  | 'module-defaults'
  | 'become-method'
  | 'connection'
  | 'args'
  | 'strategy'
  | 'roles'
  | 'role'
  | 'included-role';

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

/** What stands at a play, a block, an import or a task, and holds for all that is inside unless it says otherwise. */
export const inheritedKeywords = {
  environment: {
    shape: 'environment',
    about: 'Variables for the environment of its commands, added to those from around it: a map, or a list of maps.',
  },
  check_mode: {
    shape: 'boolean-or-expression',
    about:
      'True: only look, and say what would be changed. False: a `command` that is known to only look runs in check mode too.',
  },
  diff: {
    shape: 'boolean',
    about: 'True: changes are shown line by line, as `--diff` does. False: without what was before and what is after.',
  },
  ignore_errors: {
    shape: 'boolean-or-expression',
    about: 'Go on after a failure. Never covers a refusal or an unreachable host.',
  },
  ignore_unreachable: {
    shape: 'boolean-or-expression',
    about:
      'Go on with a host that cannot be reached; the next task tries it again. Never covers an answer that was lost.',
  },
  no_log: { shape: 'boolean', about: 'Show neither parameters nor result.' },
  become: {
    shape: 'boolean-or-expression',
    about: 'It is done as another user, through sudo, which must not want a password.',
  },
  become_user: { shape: 'label', about: 'Which user; root by default.' },
  become_method: { shape: 'become-method', about: 'Only `sudo`.' },
  become_flags: { shape: 'label', about: 'Options of sudo instead of `-H`; `-n` and `-u` are always given.' },
  remote_user: { shape: 'label', about: 'The user who logs in, instead of that of the inventory.' },
  port: { shape: 'count', about: 'The port of sshd, instead of that of the inventory.' },
  connection: { shape: 'connection', about: '`ssh`, or `local`: it is done on the machine that quorate runs on.' },
  module_defaults: {
    shape: 'module-defaults',
    about: 'Parameters, by module, for the tasks that do not give them themselves.',
  },
} as const satisfies Keywords;

/** What stands at a play, a block, an import or a task, and is not of its login or its module. */
const boundKeywords = {
  timeout: { shape: 'seconds', about: 'Seconds that one try may take.' },
  run_once: {
    shape: 'boolean',
    about: 'Done on one host of the play, the first whose conditions hold; its result is that of all.',
  },
  throttle: { shape: 'count', about: 'The most hosts at once.' },
  any_errors_fatal: { shape: 'boolean', about: 'A host that fails or cannot be reached ends the run for all.' },
} as const satisfies Keywords;

export const playKeywords = {
  ...common,
  ...inheritedKeywords,
  ...boundKeywords,
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
  strategy: {
    shape: 'strategy',
    about:
      '`linear`: all hosts are through a task before any begins the next. `free` or `host_pinned`: no host waits for others.',
  },
  serial: {
    shape: 'serial',
    about: 'How many hosts go through the play before the next ones begin: a number, `30%`, or a list of these.',
  },
  max_fail_percentage: {
    shape: 'percentage',
    about: 'The run ends where more hosts of a batch than this, in percent, have failed or cannot be reached.',
  },
  force_handlers: {
    shape: 'boolean',
    about: 'Handlers that were notified are done at the end of the play on hosts that failed, too.',
  },
  gather_facts: { shape: 'boolean', about: 'May be false, which it always is: facts are never gathered.' },
  pre_tasks: { shape: 'steps', about: 'What is done before `tasks`, with the handlers that it wakes.' },
  roles: { shape: 'roles', about: 'Roles that are done after `pre_tasks` and before `tasks`.' },
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

/** What stands at a block, an import or a task, and holds for all that is inside. */
const handedOnKeywords = {
  ...boundKeywords,
  delegate_to: { shape: 'label', about: 'The host on which it is done instead.' },
  delegate_facts: { shape: 'boolean', about: 'What `set_fact` sets is a fact of the host in `delegate_to`.' },
} as const satisfies Keywords;

const notifying = {
  notify: { shape: 'texts', about: 'The handlers, by name or topic, that are to be done if this changed something.' },
} as const satisfies Keywords;

export const taskKeywords = {
  ...everyStep,
  ...looping,
  ...inheritedKeywords,
  register: { shape: 'identifier', about: 'The name under which the result is kept.' },
  until: { shape: 'conditions', about: 'Tried again until this is true.' },
  retries: { shape: 'count', about: 'Tries after the first one; 3 where only `until` is given.' },
  delay: { shape: 'seconds', about: 'Seconds between tries; 5 by default.' },
  backoff: { shape: 'seconds', about: 'Each wait is the last one times this; 1 by default.' },
  changed_when: { shape: 'conditions', about: 'Whether this counts as a change.' },
  failed_when: { shape: 'conditions', about: 'Whether this counts as a failure.' },
  ...handedOnKeywords,
  ...notifying,
  args: { shape: 'args', about: 'More parameters of the module; those below its name win.' },
  allow: {
    shape: 'names',
    about: 'Risks that may be asked about where they would be refused; `--allow` is needed all the same.',
  },
} as const satisfies Keywords;

export const handlerKeywords = {
  ...taskKeywords,
  listen: { shape: 'texts', about: 'Topics by which it can be notified, besides its name.' },
} as const satisfies Keywords;

export const metaActions = ['flush_handlers', 'end_host', 'end_batch', 'end_play', 'noop'] as const;

export const metaKeywords = {
  name: common.name,
  tags: common.tags,
  when: {
    shape: 'conditions',
    about: 'Only if this expression (or all of a list) is true. Not with `flush_handlers`.',
  },
  meta: { shape: 'meta', about: '`flush_handlers`, `end_host`, `end_batch`, `end_play`, `noop`.' },
} as const satisfies Keywords;

/** What an include says of all that it enters, as a block around it would. */
export const applyKeywords = {
  ...everyStep,
  ...inheritedKeywords,
  ...handedOnKeywords,
  ...notifying,
} as const satisfies Keywords;

export const blockKeywords = {
  ...applyKeywords,
  block: { shape: 'steps', about: 'Tasks that belong together.' },
  rescue: { shape: 'steps', about: 'Done when a task of the block failed.' },
  always: { shape: 'steps', about: 'Done in the end, whatever happened.' },
} as const satisfies Keywords;

export const includeKeywords = {
  ...everyStep,
  ...looping,
  include_tasks: { shape: 'included', about: 'A file of tasks, entered when reached.' },
} as const satisfies Keywords;

export const importKeywords = {
  ...everyStep,
  ...inheritedKeywords,
  ...handedOnKeywords,
  ...notifying,
  import_tasks: { shape: 'include', about: 'A file of tasks, as if they stood here.' },
} as const satisfies Keywords;

export const importPlaybookKeywords = {
  ...everyStep,
  import_playbook: {
    shape: 'text',
    about: 'The path of a playbook, from the file that names it; its plays stand here.',
  },
} as const satisfies Keywords;

export const roleEntryKeywords = {
  role: { shape: 'text', about: 'The name of a role. `name` means the same.' },
  ...everyStep,
  name: { shape: 'text', about: 'The name of a role.' },
  vars: { shape: 'vars', about: 'Values by name, which lose to the vars of the role itself.' },
  ...inheritedKeywords,
  ...handedOnKeywords,
} as const satisfies Keywords;

export const roleMetaKeywords = {
  dependencies: { shape: 'roles', about: 'Roles that are done before it.' },
  allow_duplicates: { shape: 'boolean', about: 'It is done each time it is named, with the same inputs too.' },
  argument_specs: { shape: 'args', about: 'What it takes, by file of `tasks/`.' },
} as const satisfies Keywords;

export const includeRoleKeywords = {
  ...everyStep,
  ...looping,
  include_role: { shape: 'included-role', about: 'A role, entered when reached.' },
} as const satisfies Keywords;

export const importRoleKeywords = {
  ...everyStep,
  ...inheritedKeywords,
  ...handedOnKeywords,
  ...notifying,
  import_role: { shape: 'role', about: 'A role, as if its tasks stood here.' },
} as const satisfies Keywords;

export const roleFileKeywords = {
  name: { shape: 'text', about: 'The name of the role.' },
  tasks_from: { shape: 'text', about: 'The file of `tasks/` that is entered, instead of `main`.' },
  handlers_from: { shape: 'text', about: 'The file of `handlers/`, instead of `main`.' },
  vars_from: { shape: 'text', about: 'The file of `vars/`, instead of `main`.' },
  defaults_from: { shape: 'text', about: 'The file of `defaults/`, instead of `main`.' },
} as const satisfies Keywords;

const applying = {
  apply: { shape: 'apply', about: 'Keywords that hold for all that is entered, as those of a block around it.' },
} as const satisfies Keywords;

export const includedRoleKeywords = {
  ...roleFileKeywords,
  ...applying,
  public: { shape: 'boolean', about: 'Later tasks of the play see the vars and defaults of the role, too.' },
} as const satisfies Keywords;

export const importedFileKeywords = {
  file: { shape: 'text', about: 'The path of the tasks file, from the file that names it.' },
  vars: common.vars,
} as const satisfies Keywords;

export const includedFileKeywords = { ...importedFileKeywords, ...applying } as const satisfies Keywords;

export const loopControlKeywords = {
  loop_var: { shape: 'identifier', about: 'The name of the item; `item` by default.' },
  index_var: { shape: 'identifier', about: 'The name of its number, from 0.' },
  label: { shape: 'label', about: 'What is shown for an item.' },
  pause: { shape: 'seconds', about: 'Seconds between items.' },
} as const satisfies Keywords;

const later = 'Ansible has it; here it comes later';

/** Keywords of Ansible that are not here: what to write instead. */
export const replaced: Readonly<Record<string, string>> = {
  action: 'write the module as the key: `command: uptime`',
  local_action: 'write the module as the key, and name the host with `delegate_to:`',
  with_items: 'use `loop:` with a list',
  with_list: 'use `loop:`',
  with_dict: 'use `loop:` with `| dict2items`',
  with_sequence: 'use `loop:` with `range(…)`',
  with_together: 'use `loop:` with `| zip(…)`',
  with_flattened: 'use `loop:` with `| flatten`',
  with_fileglob: 'use `loop:` with the list written out',
  with_nested: 'use `loop:` with `| product(…)`',
  with_cartesian: 'use `loop:` with `| product(…)`',
  with_indexed_items: 'use `loop:`, and `index_var` in `loop_control:`',
  with_subelements: 'use `loop:` with `| subelements(…)`',
  with_inventory_hostnames: 'use `loop:` with `groups.NAME`',
  with_file: "use `loop:` with the names of the files, and `lookup('file', item)`",
  with_env: "use `lookup('env', …)`",
  with_vars: "use `lookup('vars', …)`",
  with_lines: 'register the command, and use `loop:` with its `stdout_lines`',
  with_first_found: 'use `loop:` with the names, and `when:` for which of them is meant',
  with_random_choice: 'say which by an expression: a resume could not go on with another choice',
  vars_prompt: 'declare typed inputs with `params:`',
  collections: 'remove it: modules have one name each',
  debugger: 'remove it',
  fact_path: 'remove it: facts are never gathered',
  gather_subset: 'remove it: facts are never gathered',
  gather_timeout: 'remove it: facts are never gathered',
  become_exe: 'remove it: `sudo` is found on the PATH',
  galaxy_info: 'remove it: it tells Galaxy about the role, and nothing to whoever runs it',
  extended: "use `index_var`, and the list's own `| length`",
  rolespec_validate: 'remove it: what a role says that it takes is always checked',
  include: 'use `include_tasks` or `import_tasks`',
  ...Object.fromEntries(
    'async poll'.split(' ').map(name => [name, `${later}: until then, give a long task a \`timeout\``]),
  ),
};

/** Modules of Ansible for which there is another one here. */
export const otherModules: Readonly<Record<string, string>> = {
  raw: 'use `command` or `shell`',
  systemd: 'use `systemd_service`',
  service: 'use `systemd_service`',
  setup: 'ask for what you need: `stat`, `systemd_check`, or `command: uname -r` with `register`',
  gather_facts: 'ask for what you need: `stat`, `systemd_check`, or `command: uname -r` with `register`',
  add_host: 'write the host into the inventory',
  group_by: 'write the groups into the inventory, or use `when`',
};
