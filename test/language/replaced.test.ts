// Of each keyword and module of Ansible that is not here, lint names what to write instead, and that does it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { otherModules, replaced } from '../../src/playbook/keywords.ts';
import { played } from '../support/language.ts';

/** What is there in Ansible and not here, and the same in our words: tasks, or files by name; `shows` is what it shows then. */
interface Case {
  readonly theirs: string | Readonly<Record<string, string>>;
  readonly ours: string | Readonly<Record<string, string>>;
  readonly shows?: readonly string[];
}

const debug = (loop: string, msg = '{{ item }}') => `- debug: { msg: "${msg}" }\n  ${loop}`;
const play = (head: string, rest = 'tasks: [debug: { msg: done }]') => ({
  'playbook.yml': `- hosts: node001\n  ${head}\n  ${rest}\n`.replace('\n  \n', '\n'),
});
const done = ['done'];
const without = (theirs: Case['theirs']): Case => ({ theirs, ours: play(''), shows: done });
const loop = (key: string, over: string, ours: string, shows: readonly string[], msg?: string): Case => ({
  theirs: debug(`${key}: ${over}`, msg),
  ours: debug(ours, msg),
  shows,
});
const role = (meta: string) => ({
  'playbook.yml': '- hosts: node001\n  roles: [web]\n',
  'roles/web/tasks/main.yml': '- debug: { msg: done }\n',
  'roles/web/meta/main.yml': meta,
});

const keywords: Readonly<Record<string, Case>> = {
  action: { theirs: '- action: debug msg=done', ours: '- debug: { msg: done }', shows: done },
  local_action: {
    theirs: '- local_action: command hostname',
    ours: '- command: "true"\n  delegate_to: node002',
    shows: ['true'],
  },
  with_items: loop('with_items', '[a, b]', 'loop: [a, b]', ['a', 'b']),
  with_list: loop('with_list', '[a, b]', 'loop: [a, b]', ['a', 'b']),
  with_dict: loop('with_dict', '{ a: 1 }', `loop: "{{ {'a': 1} | dict2items }}"`, ['a'], '{{ item.key }}'),
  with_sequence: loop('with_sequence', 'start=1 end=2', 'loop: "{{ range(1, 3) }}"', ['1', '2']),
  with_together: loop('with_together', '[[a], [b]]', `loop: "{{ ['a'] | zip(['b']) }}"`, ['ab'], '{{ item | join }}'),
  with_flattened: loop('with_flattened', '[[a], b]', `loop: "{{ [['a'], 'b'] | flatten }}"`, ['a', 'b']),
  with_fileglob: loop('with_fileglob', '"*.txt"', 'loop: [a.txt]', ['a.txt']),
  with_nested: loop('with_nested', '[[a], [b]]', `loop: "{{ ['a'] | product(['b']) }}"`, ['ab'], '{{ item | join }}'),
  with_cartesian: loop(
    'with_cartesian',
    '[[a], [b]]',
    `loop: "{{ ['a'] | product(['b']) }}"`,
    ['ab'],
    '{{ item | join }}',
  ),
  with_indexed_items: {
    theirs: debug('with_indexed_items: [a, b]', '{{ item.0 }}'),
    ours: debug('loop: [a, b]\n  loop_control: { index_var: i }', '{{ i }} {{ item }}'),
    shows: ['0 a', '1 b'],
  },
  with_subelements: {
    theirs: debug('with_subelements: [x, y]', '{{ item.1 }}'),
    ours: debug(`loop: "{{ [{'y': [1, 2]}] | subelements('y') }}"`, '{{ item[1] }}'),
    shows: ['1', '2'],
  },
  with_inventory_hostnames: loop('with_inventory_hostnames', 'nodes', 'loop: "{{ groups.nodes }}"', [
    'node001',
    'node002',
    'node003',
  ]),
  with_file: {
    theirs: { ...play('', 'tasks: [{ debug: { msg: "{{ item }}" }, with_file: [a.txt] }]'), 'files/a.txt': 'text' },
    ours: {
      ...play('', `tasks: [{ debug: { msg: "{{ lookup('file', item) }}" }, loop: [a.txt] }]`),
      'files/a.txt': 'text',
    },
    shows: ['text'],
  },
  with_env: loop('with_env', '[NOTHING]', 'loop: [x]', ['-'], "{{ lookup('env', 'NOTHING') | default('-', true) }}"),
  with_vars: {
    theirs: debug('with_vars: [inventory_hostname]'),
    ours: `- debug: { msg: "{{ lookup('vars', 'inventory_hostname') }}" }`,
    shows: ['node001'],
  },
  with_lines: {
    theirs: debug('with_lines: printf "a\\nb"'),
    ours: `- command: printf 'a\\nb'\n  register: lines\n${debug('loop: "{{ lines.stdout_lines }}"')}`,
    shows: ['a', 'b'],
  },
  with_first_found: {
    theirs: debug('with_first_found: [a, b]'),
    ours: debug("loop: [a, b]\n  when: item == 'b'"),
    shows: ['b'],
  },
  with_random_choice: loop('with_random_choice', '[a, b]', 'loop: [a]', ['a']),
  vars_prompt: {
    theirs: play('vars_prompt: [{ name: unit }]'),
    ours: play('params: { unit: { type: string, default: etcd } }', 'tasks: [debug: { msg: "{{ unit }}" }]'),
    shows: ['etcd'],
  },
  collections: without(play('collections: [a.b]')),
  debugger: without('- debug: { msg: done }\n  debugger: never'),
  fact_path: without(play('fact_path: /etc/facts')),
  gather_subset: without(play('gather_subset: [min]')),
  gather_timeout: without(play('gather_timeout: 3')),
  become_exe: without('- debug: { msg: done }\n  become_exe: /usr/bin/sudo'),
  galaxy_info: { theirs: role('galaxy_info: { author: x }\n'), ours: role('dependencies: []\n'), shows: done },
  extended: {
    theirs: debug('loop: [a, b]\n  loop_control: { extended: true }'),
    ours: debug('loop: [a, b]\n  loop_control: { index_var: i }', '{{ i + 1 }} of {{ [1, 2] | length }}'),
    shows: ['1 of 2', '2 of 2'],
  },
  rolespec_validate: {
    theirs: {
      ...role(''),
      'playbook.yml': play('', 'tasks: [import_role: { name: web, rolespec_validate: false }]')['playbook.yml'],
    },
    ours: role(''),
    shows: done,
  },
  include: {
    theirs: { ...play('', 'tasks: [include: more.yml]'), 'more.yml': '- debug: { msg: done }\n' },
    ours: { ...play('', 'tasks: [include_tasks: more.yml]'), 'more.yml': '- debug: { msg: done }\n' },
    shows: done,
  },
  async: { theirs: '- command: "true"\n  async: 10', ours: '- command: "true"\n  timeout: 10', shows: ['true'] },
  poll: { theirs: '- command: "true"\n  poll: 0', ours: '- command: "true"\n  timeout: 10', shows: ['true'] },
};

const uname = {
  ours: '- command: uname -s\n  register: kernel\n- debug: { msg: "{{ kernel.stdout }}" }',
  shows: ['Linux'],
};
const inGroup = {
  'playbook.yml': '- hosts: added\n  tasks: [debug: { msg: done }]\n',
  'inventory.yml': 'added:\n  hosts:\n    node001: { connection: local }\n',
};
const others: Readonly<Record<string, Case>> = {
  raw: { theirs: '- raw: echo done', ours: '- shell: echo done', shows: ['/bin/sh -c echo done'] },
  systemd: { theirs: '- systemd: { name: a, state: started }', ours: '- debug: { msg: done }' },
  service: { theirs: '- service: { name: a, state: started }', ours: '- debug: { msg: done }' },
  setup: { theirs: '- setup:', ...uname },
  gather_facts: { theirs: '- gather_facts:', ...uname },
  add_host: { theirs: '- add_host: { name: node009 }', ours: inGroup, shows: done },
  group_by: { theirs: '- group_by: { key: added }', ours: inGroup, shows: done },
};

describe.each([
  ['keyword', replaced, keywords],
  ['module', otherModules, others],
] as const)('%s', (_kind, hints, cases) => {
  test('each has a case', () => expect(Object.keys(cases).toSorted()).toEqual(Object.keys(hints).toSorted()));

  test.each(Object.keys(cases))('%s', async name => {
    const { theirs, ours, shows = [] } = cases[name] ?? { theirs: '', ours: '' };
    const found = await playedFrom(theirs);
    expect(found).toMatch(new RegExp(`(there is no module|^(error|warning): )[^\\n]*\`${name}\``, 'm'));
    expect(found).toContain(`hint: ${hints[name]}`);
    const lines = (await playedFrom(ours)).trimEnd().split('\n');
    expect(lines.at(-1)).toBe('ends done');
    const texts = lines.flatMap(line => / \| [^|]+: \w+ \| (.*)$/.exec(line)?.[1] ?? []);
    for (const text of shows) expect(texts).toContain(text);
  });
});

async function playedFrom(given: Case['theirs']): Promise<string> {
  const files =
    typeof given === 'string'
      ? { 'playbook.yml': `- hosts: node001\n  tasks:\n${given.replaceAll(/^/gm, '  ')}\n` }
      : given;
  const folder = await mkdtemp(join(tmpdir(), 'quorate-replaced-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return await played(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
