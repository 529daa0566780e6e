// What lookups reach of this machine, and that a secret from there is masked where its param says that it is one.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const SECRET = 'hunter2hunter2';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-machine-'));
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files/key.pub'), 'ssh-ed25519 AAAA\n');
  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local }\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(playbook: string) {
  await writeFile(join(folder, 'site.yml'), playbook);
  const { exitCode, all } = await execa(process.execPath, [cli, 'run', 'site.yml', '-i', 'hosts.yml'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state'), ETCD_TOKEN: SECRET },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
  });
  return { exitCode, all };
}

test('the environment and files; a secret is in neither output nor journal', { timeout: 60_000 }, async () => {
  const { exitCode, all } = await run(`
- hosts: all
  params:
    token: { type: string, secret: true, default: "{{ lookup('env', 'ETCD_TOKEN') }}" }
  tasks:
    - debug: { msg: "{{ lookup('file', 'key.pub') }} {{ token | length }} {{ token }}" }
    - command: echo {{ token }}
`);
  expect(exitCode, all).toBe(0);
  expect(all).toContain('ssh-ed25519 AAAA 14 ');
  expect(all).not.toContain(SECRET);
  const [id = ''] = await readdir(join(folder, 'state/runs'));
  expect(await readFile(join(folder, 'state/runs', id, 'journal.jsonl'), 'utf8')).not.toContain(SECRET);
});

test.each([
  ['too large', 'a'.repeat(2 ** 20 + 1), 'is larger than 1 MiB'],
  ['no text', Buffer.from([0xff, 0xfe, 0x00]), 'is no text in UTF-8'],
])('a file that is %s is refused', { timeout: 60_000 }, async (_, bytes, message) => {
  await writeFile(join(folder, 'files/key.pub'), bytes);
  const { exitCode, all } = await run(`
- hosts: all
  tasks:
    - debug: { msg: "{{ lookup('file', 'key.pub') }}" }
`);
  expect(exitCode).toBe(4);
  expect(all).toContain(message);
});
