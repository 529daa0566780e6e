// The schemas in the editor's own server: yaml-language-server, driven through its protocol, with files as `quorate new` writes them.
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, site } from '../support/cli.ts';
import { type Editor, editor } from '../support/language-server.ts';

let here: Site;
let open: Editor;
let line = '';

beforeAll(async () => {
  here = await site();
  expect(await here.quorate('new', 'playbook', 'mine')).toMatchObject({ exitCode: 0 });
  expect(await here.quorate('new', 'role', 'mine')).toMatchObject({ exitCode: 0 });
  line = await schemaLineOf('mine.yml');
  open = await editor(here.folder);
});
afterAll(async () => {
  await open.close();
  await here.remove();
});

const text = (file: string) => readFile(join(here.folder, file), 'utf8');
async function schemaLineOf(file: string): Promise<string> {
  return `${(await text(file)).split('\n')[0]}\n`;
}
const playbook = (...lines: string[]) => `${line}- hosts: all\n  tasks:\n    ${lines.join('\n    ')}\n`;

describe('in a playbook, the editor', () => {
  test('finds nothing in what quorate new writes', async () => {
    expect(line).toMatch(/^# yaml-language-server: \$schema=file:\/\/.*\/schemas\/playbook\.schema\.json\n$/);
    for (const file of [
      'mine.yml',
      'hosts.yml',
      'roles/mine/tasks/main.yml',
      'roles/mine/handlers/main.yml',
      'roles/mine/meta/argument_specs.yml',
    ]) {
      expect([file, await open.findings(file, await text(file))]).toEqual([file, []]);
    }
  });

  test('offers the parameters of a module', async () => {
    const offered = await open.completions('mine.yml', playbook('- etcdctl_member:', '    ¦'));
    expect(offered).toEqual(expect.arrayContaining(['name', 'peer_url', 'state', 'cacert']));
    expect(offered).not.toContain('hosts');
  });

  test('offers the values of an enumeration', async () => {
    const offered = await open.completions('mine.yml', playbook('- etcdctl_member:', '    state: ¦'));
    expect(offered).toEqual(['learner', 'voter', 'absent']);
  });

  test('offers modules, keywords and kinds of step where a task begins, and nothing that is not here', async () => {
    const offered = await open.completions('mine.yml', playbook('- ¦'));
    expect(offered).toEqual(expect.arrayContaining(['etcd_health', 'register', 'block', 'include_role', 'meta']));
    expect(offered.filter(label => /^with_|^ansible\.|^raw$|^local_action$/.test(label))).toEqual([]);
  });

  test('offers how a playbook begins', async () => {
    const offered = await open.completions('mine.yml', `${line}- ¦\n`);
    expect(offered).toEqual(expect.arrayContaining(['hosts', 'import_playbook']));
  });

  test.each([
    ['a module', ['- etcdctl_mem¦ber:', '    state: voter'], /Adds a member[\s\S]*```yaml\n- etcdctl_member:/],
    [
      'a parameter',
      ['- etcdctl_member:', '    sta¦te: voter'],
      /`learner`: added[\s\S]*Allowed Values:[\s\S]*`absent`/,
    ],
    ['a keyword', ['- command: x', '  reg¦ister: y'], /The name under which the result is kept/],
    ['a keyword with examples', ['- command: x', '  loo¦p: [1]'], /Once for each item[\s\S]*Example[\s\S]*node001/],
  ])('shows what %s is', async (_, lines, says) => {
    expect(await open.hover('mine.yml', playbook(...lines))).toMatch(says);
  });

  test.each([
    [
      'a value that is none of an enumeration',
      ['- etcdctl_member:', '    state: votr'],
      /^5: .*"learner", "voter", "absent"/,
    ],
    ['a parameter that there is not', ['- command:', '    cmd: x', '    chdr: y'], /^6: Property chdr is not allowed/],
    ['a keyword that there is not', ['- command: x', '  notfy: y'], /^5: Property notfy is not allowed/],
    ['a keyword of Ansible that is not here', ['- command: x', '  with_items: [y]'], /^5: not here: use `loop:`/],
    ['a module of Ansible that is not here', ['- raw: x'], /^4: not here: use `command` or `shell`/],
  ])('finds %s', async (_, lines, says) => {
    expect(await open.findings('mine.yml', playbook(...lines))).toEqual([expect.stringMatching(says)]);
  });

  test('accepts an expression where one of several words, a number or a boolean is wanted', async () => {
    const lines = [
      '- etcdctl_member: { name: a, state: "{{ wanted }}" }',
      '  retries: "{{ n }}"',
      '- ansible.builtin.command: { cmd: x, repeatable: "{{ again }}" }',
    ];
    expect(await open.findings('mine.yml', playbook(...lines))).toEqual([]);
  });
});

describe('in the other files', () => {
  test('tasks: it finds what is wrong with a task, and plays have no place there', async () => {
    const file = 'roles/mine/tasks/main.yml';
    const schema = await schemaLineOf(file);
    expect(await open.findings(file, `${schema}- stat: { pth: /etc }\n`)).toContainEqual(
      expect.stringMatching(/pth is not allowed/),
    );
    expect(await open.findings(file, `${schema}- hosts: all\n`)).toContainEqual(
      expect.stringMatching(/hosts is not allowed/),
    );
  });

  test('an inventory: it finds a key that hosts do not have', async () => {
    const schema = await schemaLineOf('hosts.yml');
    const wrong = `${schema}all:\n  hosts:\n    a: { adress: 10.0.0.1 }\n`;
    expect(await open.findings('hosts.yml', wrong)).toEqual([
      expect.stringMatching(/^4: Property adress is not allowed/),
    ]);
    const below = `${schema}all:\n  children:\n    racks:\n      children:\n        first: { hosts: { a: { adress: x } } }\n        second:\n`;
    expect(await open.findings('hosts.yml', below)).toEqual([
      expect.stringMatching(/^6: Property adress is not allowed/),
    ]);
  });

  test('an inventory: it offers what a group has, however deep', async () => {
    const schema = await schemaLineOf('hosts.yml');
    const offered = await open.completions(
      'hosts.yml',
      `${schema}all:\n  children:\n    racks:\n      children:\n        first:\n          ¦\n`,
    );
    expect(offered).toEqual(expect.arrayContaining(['hosts', 'children', 'vars']));
  });

  test('argument specs: it finds a type that there is not, and says of what Ansible alone reads that nothing comes of it', async () => {
    const file = 'roles/mine/meta/argument_specs.yml';
    const options = (lines: string) => `argument_specs:\n  main:\n    options:\n      node: { ${lines} }\n`;
    const schema = await schemaLineOf(file);
    expect(await open.findings(file, schema + options('type: text'))).toEqual([expect.stringMatching(/^5: .*"str"/)]);
    expect(await open.findings(file, schema + options('requird: true'))).toEqual([
      expect.stringMatching(/requird is not allowed/),
    ]);
    expect(await open.findings(file, schema + options('no_log: true'))).toEqual([
      expect.stringMatching(/nothing comes of it/),
    ]);
  });
});

test('a schema is found by a relative path, too', async () => {
  await mkdir(join(here.folder, 'node_modules'));
  await symlink(fileURLToPath(new URL('../..', import.meta.url)), join(here.folder, 'node_modules/quorate'));
  const relative = '# yaml-language-server: $schema=../node_modules/quorate/schemas/tasks.schema.json\n';
  expect(await open.findings('ops/a.yml', `${relative}- stat: { path: /etc }\n`)).toEqual([]);
  expect(await open.findings('ops/a.yml', `${relative}- comand: x\n`)).toEqual(['2: Property comand is not allowed.']);
});

test('the server has not reached for the network', () => {
  expect(open.reached()).toBe(0);
});
