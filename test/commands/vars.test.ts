// Vars from every place they can be given in, on the real command line.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Level, levels } from '../../src/core/precedence.ts';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-vars-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function quorate(...words: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

/** What the debug tasks of a run show, in order. */
async function shown(...words: string[]): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await quorate('run', ...words, '--json');
  expect([exitCode, stderr.match(/^error.*$/gm)]).toEqual([0, null]);
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
  return events.flatMap(event => (event.type === 'ended' && event.where.module === 'debug' ? [event.text] : []));
}

// Those of roles are placed by their level alone: test/core/precedence.test.ts.
const given = levels.map(({ level }) => level).filter(level => !level.startsWith('role-'));

describe('each level in turn wins over all below it', () => {
  /** A var for each level, which it and all below it give a value: its own name. */
  const varsOf = (level: Level) =>
    given.slice(given.indexOf(level)).map(seen => [`v_${seen.replaceAll('-', '_')}`, level] as const);
  const block = (level: Level, indent: string) =>
    varsOf(level)
      .map(([name, value]) => `${indent}${name}: ${value}\n`)
      .join('');
  const ini = (level: Level, separator: string) =>
    varsOf(level)
      .map(pair => pair.join('='))
      .join(separator);

  test('in one run that gives them all', async () => {
    await write({
      'inventory/hosts': [
        '[etcd]',
        `here ansible_connection=local ${ini('inventory-hosts', ' ')}`,
        '[etcd:vars]',
        ini('inventory-groups', '\n'),
        '[all:vars]',
        ini('inventory-all', '\n'),
      ].join('\n'),
      'inventory/group_vars/all.yml': block('all-beside-inventory', ''),
      'inventory/group_vars/etcd.yml': block('groups-beside-inventory', ''),
      'inventory/host_vars/here.yml': block('hosts-beside-inventory', ''),
      'site/group_vars/all.yml': block('all-beside-playbook', ''),
      'site/group_vars/etcd.yml': block('groups-beside-playbook', ''),
      'site/host_vars/here.yml': block('hosts-beside-playbook', ''),
      'site/vars/more.yml': block('vars-files', ''),
      'site/vars/included.yml': block('included-vars', ''),
      'site/site.yml': [
        '- hosts: etcd',
        '  params:',
        ...varsOf('params').map(([name, value]) => `    ${name}: { type: string, default: ${value} }`),
        '  vars:',
        block('play', '    '),
        '  vars_files: more.yml',
        '  tasks:',
        '    - include_vars: included.yml',
        '    - set_fact:',
        block('found', '        '),
        '    - include_tasks: t.yml',
        '      vars:',
        block('handed', '        '),
      ].join('\n'),
      'site/t.yml': [
        '- vars:',
        block('block', '    '),
        '  block:',
        ...varsOf('inventory-all').flatMap(([name]) => [
          '    - debug:',
          `        msg: "{{ ${name} }}"`,
          '      vars:',
          block('task', '        '),
        ]),
      ].join('\n'),
    });
    expect(await shown('site/site.yml', '-i', 'inventory/hosts')).toEqual(given);
    // What is given on the command line, there or in a file, has the level of the params, and is checked by their types.
    await write({ 'more.yml': 'v_params: a file\n' });
    const file = await shown('site/site.yml', '-i', 'inventory/hosts', '-e', '@more.yml');
    expect(file[given.indexOf('params')]).toBe('a file');
    const both = await shown('site/site.yml', '-i', 'inventory/hosts', '-e', '@more.yml', '-e', 'v_params=typed');
    expect(both[given.indexOf('params')]).toBe('typed');
    expect(both[given.indexOf('handed')]).toBe('handed');
  });
});

test('expressions in vars of hosts are worked out for the host that they are asked of', async () => {
  await write({
    hosts: [
      'a ansible_connection=local number=1',
      'b ansible_connection=local number=2',
      '[etcd]',
      'a',
      '[few]',
      'a',
      '[all:vars]',
      'url=https://{{ inventory_hostname }}:{{ port }}',
    ].join('\n'),
    'group_vars/all.yml': 'port: "{{ number + 2378 }}"\n',
    'site.yml': `
- hosts: a
  tasks:
    - debug: { msg: "{{ url }} {{ hostvars.b.url }} {{ hostvars.b.number }} {{ group_names | join(',') }}" }
    - set_fact: { number: 3 }
    - debug: { msg: "{{ url }} {{ hostvars['a'].port }} {{ hostvars.b.port }} {{ groups.ungrouped | join(',') }}" }
`,
  });
  expect(await shown('site.yml', '-i', 'hosts')).toEqual([
    'https://a:2379 https://b:2380 2 etcd,few',
    'https://a:2381 2381 2380 b',
  ]);
});

describe('a resume notices', () => {
  const files = {
    hosts: 'here ansible_connection=local\n',
    'site.yml': `
- hosts: all
  vars_files: [settings.yml]
  tasks:
    - debug: { msg: "{{ port }} {{ rack }}" }
    - fail: { msg: no }
`,
    'settings.yml': 'port: 1\n',
    'group_vars/all.yml': 'rack: a\n',
    limit: 'here\n',
  };
  beforeEach(async () => {
    await write(files);
    expect((await quorate('run', 'site.yml', '-i', 'hosts', '--limit', '@limit')).exitCode).toBe(4);
  });

  test.each([
    ['a file of vars_files', 'settings.yml', 'port: 2\n', /settings\.yml \[plan-changed\][\s\S]*-port: 1\n\+port: 2/],
    ['one that is found first now', 'vars/settings.yml', 'port: 1\n', /vars\/settings\.yml: it was not there/],
    ['vars beside the playbook', 'group_vars/all.yml', 'rack: b\n', /hosts \(hosts\) \[plan-changed\]/],
    ['the inventory', 'hosts', 'here ansible_connection=local x=1\n', /hosts \(hosts\) \[plan-changed\]/],
    ['a file of a limit', 'limit', 'all\n', /limit \[plan-changed\]/],
  ])('%s', async (_what, path, text, says) => {
    await write({ [path]: text });
    const { exitCode, stderr } = await quorate('resume');
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(6);
  });

  test('and nothing where all is as it was', async () => {
    const { exitCode, stderr } = await quorate('resume');
    expect(stderr).not.toMatch(/plan-changed/);
    expect(exitCode).toBe(4);
  });
});
