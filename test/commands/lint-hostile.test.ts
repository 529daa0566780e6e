// What lies on a disk where a playbook is expected: each ends in a finding, and none keeps the linter waiting.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const sound = '- hosts: all\n  tasks:\n    - debug: { msg: hi }\n';
const including = (file: string): string => `- hosts: all\n  tasks:\n    - import_tasks: ${file}\n`;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-hostile-'));
  const at = (name: string) => join(folder, 'in', name);
  await mkdir(at('folder.yml'), { recursive: true });
  execFileSync('mkfifo', [at('pipe.yml')]);
  await symlink('loop2.yml', at('loop.yml'));
  await symlink('loop.yml', at('loop2.yml'));
  await symlink('nowhere.yml', at('dangling.yml'));
  await symlink('/dev/zero', at('zero.yml'));
  await writeFile(join(folder, 'outside.yml'), '- debug: { msg: hi }\n');
  await symlink('../outside.yml', at('link.yml'));
  await writeFile(at('enters.yml'), including('link.yml'));
  await writeFile(at('piped.yml'), including('pipe.yml'));
  await writeFile(at('utf16.yml'), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sound, 'utf16le')]));
  await writeFile(at('latin1.yml'), Buffer.from('- hosts: all\n  name: größer\n', 'latin1'));
  await writeFile(at('nul.yml'), `${sound}\0`);
  await writeFile(at('bom.yml'), `\uFEFF${sound}`);
  await writeFile(at('windows.yml'), sound.replaceAll('\n', '\r\n'));
  await writeFile(at('huge.yml'), `- hosts: all\n  name: "${'x'.repeat(16 * 2 ** 20)}"\n`);
  await writeFile(at('dense.yml'), '-\n'.repeat(51_000));
  await writeFile(at('empty.yml'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[string, number, RegExp]>([
  ['folder.yml/none.yml', 3, /there is no file or folder/],
  ['pipe.yml', 3, /pipe\.yml is no file, but a folder, a pipe or a device/],
  ['piped.yml', 3, /there is no file pipe\.yml that can be read/],
  ['zero.yml', 3, /zero\.yml is no file, but a folder, a pipe or a device/],
  ['loop.yml', 3, /there is no file/],
  ['dangling.yml', 3, /there is no file/],
  ['utf16.yml', 3, /the file is in UTF-16/],
  ['latin1.yml', 3, /latin1\.yml:2:11[\s\S]*not in UTF-8|not in UTF-8[\s\S]*latin1\.yml:2:11/],
  ['nul.yml', 3, /the character U\+0000/],
  ['huge.yml', 3, /the file has more than 2097152 characters/],
  ['dense.yml', 3, /the file has more than 100000 lines, items and keys/],
  ['empty.yml', 3, /empty-playbook/],
  ['link.yml', 0, /\[outside-link\]/],
  ['enters.yml', 0, /link\.yml is a link, or lies in one, that leads out of what is linted/],
  ['bom.yml', 0, /0 errors, 0 warnings/],
  ['windows.yml', 0, /0 errors, 0 warnings/],
])('%s', async (name, code, wanted) => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, 'lint', name], {
    cwd: join(folder, 'in'),
    reject: false,
    stdin: 'ignore',
    timeout: 50_000,
  });
  expect(`${stdout}\n${stderr}`).toMatch(wanted);
  expect(exitCode).toBe(code);
});
