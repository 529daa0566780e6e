// A template as a user has it: rendered on this machine, checked with its playbook, and part of what a resume compares.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const SECRET = 'hunter2hunter2';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-template-'));
  await mkdir(join(folder, 'templates'));
  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local }\n');
  await writeFile(
    join(folder, 'site.yml'),
    `
- hosts: all
  params:
    nodes: { type: array, items: { type: string }, default: [node001, node002] }
    token: { type: string, secret: true }
    stop: { type: boolean, default: false }
  tasks:
    - name: measured
      command: echo 7
      register: measured
      when: nodes | length > 2
    - name: write
      template: { src: etcd.conf.j2, dest: ${folder}/etcd.conf, mode: '0640' }
    - name: go on
      assert: { that: not stop }
`,
  );
  await writeFile(
    join(folder, 'templates/etcd.conf.j2'),
    `# {{ ansible_managed }}
{% for node in nodes %}
{{ loop.index }}={{ node }}
{% endfor %}
token={{ token }}
{% if nodes | length > 2 %}
measured={{ measured.stdout }}
{% endif %}
`,
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function quorate(...words: string[]) {
  const { exitCode, all } = await execa(process.execPath, [cli, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
  });
  return { exitCode, stdout: all };
}

const run = (...words: string[]) => quorate('run', 'site.yml', '-i', 'hosts.yml', '-e', `token=${SECRET}`, ...words);
const written = async () => await readFile(join(folder, 'etcd.conf'), 'utf8');

test('it is written once, and the secret in it is in the file alone', { timeout: 60_000 }, async () => {
  const first = await run();
  expect(first.exitCode, first.stdout).toBe(0);
  expect(await written()).toBe(
    `# Managed by quorate: what is changed here by hand will be overwritten.\n1=node001\n2=node002\ntoken=${SECRET}\n`,
  );
  expect(((await stat(join(folder, 'etcd.conf'))).mode & 0o777).toString(8)).toBe('640');
  const second = await run();
  expect(second.stdout).toContain('nothing was changed');
  for (const id of await readdir(join(folder, 'state/runs'))) {
    const journal = await readFile(join(folder, 'state/runs', id, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('etcd.conf.j2');
    expect(journal).not.toContain(SECRET);
  }
});

test('check mode changes nothing, and says where it depends on what was not run', { timeout: 60_000 }, async () => {
  const known = await run('--check');
  expect(known.stdout).toMatch(/changed.*write/);
  await expect(written()).rejects.toThrow();
  const depends = await run('--check', '-e', '{"nodes": ["a", "b", "c"]}');
  expect(depends.stdout).toContain('depends on the result of measured');
});

test('a resume says that the template has changed', { timeout: 60_000 }, async () => {
  expect((await run('-e', 'stop=true')).exitCode).toBe(4);
  await writeFile(join(folder, 'templates/etcd.conf.j2'), 'other\n');
  const resumed = await quorate('resume', '-e', `token=${SECRET}`);
  expect(resumed.exitCode).toBe(6);
  expect(resumed.stdout).toContain('+other');
});

test('what fails in it is told with its place', { timeout: 60_000 }, async () => {
  await writeFile(join(folder, 'templates/etcd.conf.j2'), 'a\nb {{ nodes[7] }}\n');
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(4);
  expect(stdout).toContain('there is no item 7: a list of 2 items [evaluation-failed] at templates/etcd.conf.j2:2:12');
});
