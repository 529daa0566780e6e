// The real command line, run as a user runs it: what it prints, and its exit code.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-cli-'));
  await writeFile(join(folder, 'sound.yml'), '- hosts: all\n  tasks:\n    - debug: { msg: hi }\n');
  await writeFile(join(folder, 'broken.yml'), '- hosts: all\n  tasks:\n    - debgu: { msg: hi }\n');
  await writeFile(join(folder, 'rack.yml'), '- hosts: all\n  tasks:\n    - debug: { msg: "{{ rack }}" }\n');
  await writeFile(join(folder, 'rack.ini'), 'here ansible_connection=local rack="{{ inventory_hostname }}"\n');
  await writeFile(join(folder, 'vault'), '$ANSIBLE_VAULT;1.1;AES256\n');
  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local }\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** PATH is left empty so that no cmsh of the machine is found. */
function start(...words: string[]) {
  const env = { PATH: '', HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') };
  const options = { cwd: folder, env, extendEnv: false, reject: false, stdin: 'ignore' } as const;
  return execa(process.execPath, [cli, ...words], options);
}

async function quorate(...words: string[]) {
  const { exitCode, stdout, stderr } = await start(...words);
  return { exitCode, stdout, stderr, said: `${stdout}\n${stderr}` };
}

test.each<[string[], number, RegExp]>([
  [['--version'], 0, /^quorate \d+\.\d+\.\d+$/m],
  [['--help'], 0, /run \[options\] <playbook>/],
  [[], 2, /Usage: quorate/],
  [['rnu'], 2, /unknown command 'rnu'\n\(Did you mean run\?\)/],
  [['run'], 2, /missing required argument 'playbook'/],
  [['run', 'sound.yml', '--forks', 'many'], 2, /whole number/],
  [['run', 'sound.yml', '--ceck'], 2, /unknown option '--ceck'\n\(Did you mean --check\?\)/],
  [['run', 'sound.yml'], 3, /\[invalid-inventory\][\s\S]*-i FILE/],
  [['run', 'extend-to-tree', '-i', 'hosts.yml'], 3, /did you mean extend-to-three\?/],
  [['run', 'missing.yml', '-i', 'hosts.yml'], 3, /there is no file missing\.yml/],
  [['run', 'sound.yml', '-i', 'missing.yml'], 3, /there is no inventory missing\.yml/],
  [['run', 'sound.yml', '-i', 'hosts.yml', '-e', 'nothing'], 3, /-e nothing gives no value/],
  [['run', 'sound.yml', '-i', 'hosts.yml', '-e', '@missing.yml'], 3, /there is no file missing\.yml/],
  [
    ['run', 'sound.yml', '-i', 'hosts.yml', '-i', 'rack.ini'],
    2,
    /There is one inventory a run, and hosts\.yml is given already/,
  ],
  [['run', 'broken.yml', '-i', 'hosts.yml'], 3, /broken\.yml:3:7/],
  [['lint', 'sound.yml'], 0, /1 file checked: 0 errors, 0 warnings/],
  [['lint', 'broken.yml'], 3, /\[unknown-module\]/],
  [['lint', 'sound.yml', 'missing.yml'], 3, /there is no file or folder missing\.yml/],
  [['lint', '--format', 'json', 'broken.yml'], 3, /"line": 3,\n\s+"column": 7/],
  [['lint', 'rack.yml'], 3, /`rack` is not defined/],
  [['lint', '-i', 'rack.ini', 'rack.yml', 'rack.ini'], 0, /2 files checked: 0 errors, 0 warnings/],
  [['lint', '-i', 'missing.ini', 'sound.yml'], 3, /there is no inventory missing\.ini/],
  [['inventory', '-i', 'rack.ini', '--json'], 0, /"rack": "\{\{ inventory_hostname \}\}"\n/],
  [
    ['run', 'sound.yml', '-i', 'hosts.yml', '--limit', '@missing'],
    3,
    /--limit: there is no file missing that can be read/,
  ],
  [
    ['run', 'sound.yml', '-i', 'hosts.yml', '--limit', '@rack.yml,!here'],
    3,
    /nothing in the inventory \(hosts\.yml\) is called `-`/,
  ],
  [['run', 'sound.yml', '-i', '.'], 3, /there is no inventory \. that can be read[\s\S]*it is a folder/],
  [
    ['run', 'sound.yml', '-i', 'hosts.yml', '-e', '@vault'],
    3,
    /vault is encrypted with Ansible Vault; decrypt it first/,
  ],
  [['doc', 'etcd_health', '--format', 'markdown'], 0, /^## etcd_health$/m],
  [['doc', 'extend-to-three'], 0, /single-member etcd cluster/],
  [
    ['doc', 'extend-to-three', '--format', 'markdown'],
    0,
    /^\| `nodes` \| list of string \| \*\*required\*\* \| All nodes that are[\s\S]*^\| `learners_overlay` \| string \| `"?\{\{ overlay \}\}-learners"?` \|/m,
  ],
  [['inventory', '-i', 'hosts.yml'], 0, /here {2}this machine/],
  [['status'], 3, /\[invalid-inventory\]/],
  [['resume'], 2, /there is no run to go on with \[not-resumable\]/],
  [['resume', 'r1'], 3, /there is no journal of run r1 .*\[file-not-found\]/],
  [['runs'], 0, /no runs are remembered/],
  [['runs', 'prune', '--keep', 'all'], 2, /whole number/],
  [['lab', 'exec', '--name', 'NO', 'headnode', '--', 'true'], 2, /name/],
])('quorate %j ends with %i', async (words, code, says) => {
  const { exitCode, said } = await quorate(...words);
  expect(said).toMatch(says);
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(exitCode).toBe(code);
});

test('a run says what it did, and ends with 0', async () => {
  const { exitCode, stdout } = await quorate('run', 'sound.yml', '-i', 'hosts.yml');
  expect(stdout).toMatch(/ok +here: debug[\s\S]*hi[\s\S]*nothing was changed/);
  expect(exitCode).toBe(0);
});

test('a reader that goes away is no error, and hides none', async () => {
  for (const [file, code] of [
    ['sound.yml', 0],
    ['broken.yml', 3],
  ] as const) {
    const unread = start('lint', file);
    unread.stdout.destroy();
    expect(await unread).toMatchObject({ exitCode: code, stderr: expect.not.stringContaining('EPIPE') });
  }
});
