import type { Input } from './input.ts';

const play = (task: string): string => `- hosts: all\n  tasks:\n    - ${task}\n`;
const expression = (text: string): string => play(`debug: { msg: ${JSON.stringify(`{{ ${text} }}`)} }`);
/** Names of files of vars are worked out before the run. */
const named = (text: string): string =>
  `- hosts: all\n  vars_files: [${JSON.stringify(`{{ ${text} }}`)}]\n  tasks: [{ debug: { msg: "{{ nothing }}" } }]\n  tusks: []\n`;
const only = (text: string, path = 'a.yml'): Input => ({ files: { [path]: text }, paths: [path] });
const ten = (name: string, part: (name: string) => string): string => Array(10).fill(part(name)).join(', ');
/** `a9` stands for 10⁹ of `a0`. */
const tower = (begin: string, level: (before: string) => string): string =>
  Array.from({ length: 9 }, (_, i) => `    a${i + 1}: &a${i + 1} ${level(`a${i}`)}\n`).reduce(
    (all, line) => all + line,
    begin,
  );
const DEEP = 10_000;
const HUGE = 12 * 2 ** 20;
const nested = (open: string, close: string, inside = ''): string => open.repeat(DEEP) + inside + close.repeat(DEEP);

/** What would take a careless reader down, by name. Each ends in an error within a second. */
export const hostile: Readonly<Record<string, Input>> = {
  'aliases that multiply': only(
    `- hosts: all\n  vars:\n${tower('    a0: &a0 [x]\n', name => `[${ten(name, one => `*${one}`)}]`)}`,
  ),
  'merge keys that multiply': only(
    `- hosts: all\n  vars:\n${tower('    a0: &a0 { k: v }\n', name => `{ <<: [${ten(name, one => `*${one}`)}] }`)}`,
  ),
  'merges that each add a key': only(
    `- hosts: all\n  vars:\n    a0: &a0 { k: v }\n${Array.from({ length: 1000 }, (_, i) => `    a${i + 1}: &a${i + 1} { <<: *a${i}, k${i}: v }\n`).join('')}`,
  ),
  'an alias that holds itself': only('- hosts: all\n  vars:\n    a: &a [*a]\n'),
  'a merge of itself': only('- hosts: all\n  vars: &a\n    <<: *a\n'),
  'deep lists': only(nested('[', ']')),
  'deep lists that are not closed': only('['.repeat(10 * DEEP)),
  'deep maps': only(nested('{a: ', '}', '1')),
  'deep blocks on one line': only(`${'- '.repeat(DEEP)}x\n`),
  'deep blocks that are indented': only(Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')),
  'deep blocks of tasks': only(`- hosts: all\n  tasks: [${nested('{block: [', ']}', '{debug: {msg: hi}}')}]\n`),
  'deep vars': only(`- hosts: all\n  vars: { a: ${nested('[', ']')} }\n  tasks: [{ debug: { msg: "{{ a }}" } }]\n`),
  'deep question marks': only(`${'? '.repeat(DEEP)}x\n`),
  'deep parentheses': only(expression(nested('(', ')', '1'))),
  'deep brackets in an expression': only(expression(nested('[', ']'))),
  'deep braces in an expression': only(expression(nested("{'a': ", '}', '1'))),
  'a long chain of not': only(expression(`${'not '.repeat(DEEP)}true`)),
  'a long chain of signs': only(expression(`${'-'.repeat(DEEP)}1`)),
  'a long sum': only(expression(`${'1 + '.repeat(5 * DEEP)}nothing`)),
  'a long chain of or': only(expression(`${'true or '.repeat(5 * DEEP)}nothing`)),
  'a long chain of conditions': only(expression(`${'1 if true else '.repeat(DEEP)}2`)),
  'a long chain of attributes': only(expression(`nothing${'.a'.repeat(5 * DEEP)}`)),
  'a long chain of filters': only(expression(`nothing${' | string'.repeat(5 * DEEP)}`)),
  'a long chain of comparisons': only(expression(`${'1 < '.repeat(5 * DEEP)}nothing`)),
  'a long chain of powers': only(expression(`${'1 ** '.repeat(5 * DEEP)}nothing`)),
  'a long chain of tests': only(expression(`nothing${' is defined'.repeat(DEEP)}`)),
  'many expressions in one text': only(play(`debug: { msg: "${'{{ nothing }} '.repeat(DEEP)}" }`)),
  'many braces': only(play(`debug: { msg: "${'{{'.repeat(5 * DEEP)}" }`)),
  'deep statements': only(
    play(`debug: { msg: "${'{% if true %}'.repeat(DEEP)}{{ nothing }}${'{% endif %}'.repeat(DEEP)}" }`),
  ),
  'a number of a million digits': only(expression(`nothing + ${'9'.repeat(1e6)}`)),
  'a power of powers': only(expression('nothing + 9 ** 9 ** 9 ** 9')),
  'a text times a billion': only(expression("nothing ~ 'x' * 1000000000")),
  'a huge range in an expression': only(expression('range(999999999) | list | length + nothing')),
  'a huge value that names a file': only(named("'x' * 1000000000")),
  'a huge list that names a file': only(named('range(999999999) | list | join')),
  'a loop that names a file': only(named("range(9999999) | map('string') | select('match', 'x') | join")),
  'a product that names a file': only(
    named("('x' * 100000 | list | product('x' * 100000 | list) | list | length) ~ ''"),
  ),
  'a pattern that names a file': only(named(`'${'a'.repeat(60)}!' | regex_replace('(a*)*(a*)*$', '')`)),
  'a slow pattern that names a file': only(named(`'${'a'.repeat(1000)}!' | regex_replace('a*a*a*a*b', '')`)),
  'a huge flow': only(`[${'a,'.repeat(HUGE / 20)}]`),
  'a huge list': only('- a\n'.repeat(49_000)),
  'a huge map': only(Array.from({ length: 49_000 }, (_, i) => `a${i}: 1\n`).join('')),
  'a hundred thousand comments': only(`${'#\n'.repeat(99_000)}- a\n`),
  'a huge plain text': only(`- hosts: all\n  name: ${'x'.repeat(HUGE)}\n`),
  'a huge quoted text': only(`- hosts: all\n  name: "${'x '.repeat(HUGE / 2)}"\n`),
  'a huge block text': only(`- hosts: all\n  name: |\n${'    some text\n'.repeat(HUGE / 14)}`),
  'a huge comment': only(`# ${'x'.repeat(HUGE)}\n- hosts: all\n`),
  'a huge key': only(`- ${'x'.repeat(HUGE)}: all\n`),
  'thousands of tasks': only(`- hosts: all\n  tasks:\n${'    - debug: { msg: "{{ nothing }}" }\n'.repeat(3000)}`),
  'thousands of keys': only(`- hosts: all\n${Array.from({ length: 10_000 }, (_, i) => `  k${i}: 1\n`).join('')}`),
  'thousands of keys twice': only(
    `- hosts: all\n  vars:\n${Array.from({ length: 20_000 }, (_, i) => `    k${i % 10_000}: 1\n`).join('')}`,
  ),
  'thousands of plays': only('- hosts: all\n  tusks: []\n'.repeat(5000)),
  'thousands of registers': only(
    `- hosts: all\n  tasks:\n${Array.from({ length: 4000 }, (_, i) => `    - command: "true"\n      register: r${i}\n`).join('')}    - debug: { msg: "{{ r }}" }\n`,
  ),
  'thousands of handlers': only(
    `- hosts: all\n  handlers:\n${Array.from({ length: 2000 }, (_, i) => `    - name: h${i}\n      debug: { msg: hi }\n`).join('')}  tasks:\n${Array.from({ length: 1000 }, (_, i) => `    - command: "true"\n      notify: H${i}\n`).join('')}`,
  ),
  'thousands of syntax errors': only('a: "\n'.repeat(5000)),
  'thousands of tags that are not known': only('- !x y\n'.repeat(DEEP)),
  'a playbook that imports itself': only('- import_playbook: a.yml\n'),
  'playbooks that import each other': {
    files: { 'a.yml': '- import_playbook: b.yml\n', 'b.yml': '- import_playbook: ./a.yml\n' },
    paths: ['a.yml', 'b.yml'],
  },
  'tasks that include themselves': {
    files: { 'a.yml': play('import_tasks: b.yml'), 'b.yml': '- import_tasks: ./b.yml\n' },
    paths: ['a.yml'],
  },
  'a role that enters itself': {
    files: {
      'a.yml': '- hosts: all\n  roles: [x]\n',
      'roles/x/tasks/main.yml': '- import_role: { name: x }\n',
    },
    paths: ['a.yml'],
  },
  'roles that depend on each other': {
    files: {
      'a.yml': '- hosts: all\n  roles: [x]\n',
      'roles/x/meta/main.yml': 'dependencies: [y]\n',
      'roles/y/meta/main.yml': 'dependencies: [x]\n',
      'roles/x/tasks/main.yml': '- debug: { msg: hi }\n',
    },
    paths: ['a.yml'],
  },
  'includes that multiply': {
    files: {
      'a.yml': play('import_tasks: t0.yml'),
      ...Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`t${i}.yml`, `- import_tasks: t${i + 1}.yml\n`.repeat(2)]),
      ),
      't20.yml': '- debug: { msg: "{{ nothing }}" }\n',
    },
    paths: ['a.yml'],
  },
  'a template that includes itself': {
    files: { 'a.yml': play('template: { src: a.j2, dest: /tmp/a }'), 'a.j2': "{% include 'a.j2' %}" },
    paths: ['a.yml'],
  },
  'no text in UTF-8': only('- hosts: all\n  name: \uFFFD\uFFFD\n'),
  'a NUL in the text': only('- hosts: all\n  name: a\0b\n'),
  'control characters': only('- hosts: all\n  name: a\u0007\u001b[31mb\n'),
  'UTF-16 read as UTF-8': only(`\uFFFD\uFFFD${[...'- hosts: all\n'].map(one => `${one}\0`).join('')}`),
  'only NULs': only('\0'.repeat(1000)),
  '__proto__ as a key': only('- hosts: all\n  __proto__: { x: 1 }\n  constructor: 1\n  toString: 1\n'),
  '__proto__ in vars': only(
    '- hosts: all\n  vars: { __proto__: { polluted: true } }\n  tasks: [{ debug: { msg: "{{ polluted }}" } }]\n',
  ),
  '__proto__ as a parameter': only(play('command: { argv: [a], __proto__: { creates: x }, constructor: 1 }')),
  'attributes of functions': only(expression("''.constructor.constructor('return 1')()")),
  'duplicate keys': only('- hosts: all\n  hosts: all\n'),
  'a tag for JavaScript': only('- hosts: all\n  name: !!js/function "function () {}"\n'),
  'a tag for Python': only('- hosts: all\n  name: !!python/object/apply:os.system [ls]\n'),
  'a vault': only('- hosts: all\n  vars:\n    a: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      6162\n'),
  'a tag unsafe': only('- hosts: all\n  vars: { a: !unsafe "{{ x }}" }\n'),
  binary: only('- hosts: all\n  vars: { a: !!binary "////" }\n'),
  'a set and an ordered map': only('- hosts: all\n  vars: { a: !!set { x, y }, b: !!omap [ x: 1 ] }\n'),
  'several documents': only('- hosts: all\n---\n- hosts: all\n'),
  'a directive': only('%YAML 9.9\n%TAG ! tag:x,2000:\n---\n- hosts: all\n  name: !x y\n'),
  'a pattern that backtracks': only(play(`{ msg: "{{ '${'a'.repeat(40)}!' | regex_search('(a+)+$') ~ nothing }}" }`)),
  'patterns of hosts that backtrack': only(`- hosts: "~(a+)+$:~(a|a)*b:~(x*)*y"\n  tusks: []\n`),
  'a huge range of hosts': only('- hosts: "node[1:999999999]"\n  tusks: []\n'),
  'a huge range in an inventory': only('all:\n  hosts:\n    node[1:999999999]: {}\n', 'hosts.yml'),
  'ranges that multiply': only('all:\n  hosts:\n    n[1:9999][1:9999][1:9999]: {}\n', 'hosts.yml'),
  'ranges that multiply, INI': only('[etcd]\nn[1:9999][1:9999][1:9999]\n', 'hosts.ini'),
  'many brackets of hosts': only(`[etcd]\n${'n[1:2]'.repeat(5000)}\n`, 'hosts.ini'),
  'dots of hosts': only(`[etcd]\n${'1..'.repeat(20_000)}\n`, 'hosts.ini'),
  'groups within each other': only('[a:children]\nb\n[b:children]\na\n', 'hosts.ini'),
  'groups in a ring, YAML': only('a:\n  children: { b: { children: { a: {} } } }\n', 'hosts.yml'),
  'groups that multiply': only(
    `${Array.from({ length: 40 }, (_, i) => `[g${i}:children]\ng${i + 1}\nh${i + 1}\n[h${i}:children]\ng${i + 1}\nh${i + 1}\n`).join('')}[g40]\nx=\n`,
    'hosts.ini',
  ),
  'a deep value in an inventory': only(`[etcd]\nx a=${nested('[', ']')}\n[\n`, 'hosts.ini'),
  'a deep value that is not closed': only(`[etcd]\nx a=${'['.repeat(DEEP)}\n[\n`, 'hosts.ini'),
  'quotes that are not closed': only(`[etcd]\n${'x a="\n'.repeat(5000)}`, 'hosts.ini'),
  'a very long line of an inventory': only(`[etcd]\nx ${'a=1 '.repeat(50_000)}"\n`, 'hosts.ini'),
  'a deep schema of a param': only(
    `- hosts: all\n  params:\n    a: ${nested('{type: array, items: ', '}', '{type: string}')}\n`,
  ),
  'a pattern of a param that backtracks': only(
    `- hosts: all\n  params:\n    a: { type: string, pattern: "^(a+)+$", default: "${'a'.repeat(60)}!" }\n`,
  ),
};
