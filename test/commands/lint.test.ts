// `quorate lint` as a user runs it: what it takes for files, what it is told by a configuration, what it writes.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packageRoot, quorate } from '../support/lint-command.ts';

const SOUND = '- hosts: all\n  tasks:\n    - debug: { msg: hi }\n';
const UNUSED = '- hosts: all\n  params:\n    size: { type: integer, default: 1 }\n  tasks:\n    - debug: { msg: hi }\n';
const BROKEN = '- hosts: all\n  tasks:\n    - debgu: { msg: hi }\n';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-lint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const lint = (words: readonly string[], { cwd = folder } = {}) => quorate(['lint', ...words], cwd);

/** With a text to read, as a program of its own. */
async function lintInput(words: readonly string[], input: string) {
  const argv = [join(packageRoot, 'src/cli.ts'), 'lint', ...words];
  return await execa(process.execPath, argv, { cwd: folder, input, reject: false });
}

/** The files that were checked. */
async function checked(...words: string[]): Promise<readonly string[]> {
  return JSON.parse((await lint(['--format', 'json', ...words])).stdout).summary.files;
}

describe('what is checked', () => {
  const files = {
    'a.yml': SOUND,
    'deep/er/b.yaml': SOUND,
    'deep/notes.txt': 'no',
    'node_modules/x/c.yml': BROKEN,
    '.github/workflows/ci.yml': BROKEN,
    'docker-compose.yml': 'services: { web: { image: x } }\n',
    'list.yml': '- one\n- two\n',
    'hosts.yml': 'all: { hosts: { here: { connection: local } } }\n',
    'group_vars/all.yml': 'size: 1\n',
  };

  test('in a folder, what is ours, and not what belongs to others', async () => {
    await write(files);
    await symlink('..', join(folder, 'deep/up'));
    expect(await checked('.')).toEqual(['a.yml', 'deep/er/b.yaml', 'group_vars/all.yml', 'hosts.yml']);
    const { stdout, exitCode } = await lint(['.']);
    expect(stdout).toBe('4 files checked: 0 errors, 0 warnings, 2 files passed over\n');
    expect(exitCode).toBe(0);
  });

  test('a file that is named is checked, whatever it is', async () => {
    await write(files);
    for (const paths of [['docker-compose.yml'], ['.', 'docker-compose.yml']]) {
      const { exitCode, stderr } = await lint(paths);
      expect(stderr).toContain('docker-compose.yml:1:1');
      expect(exitCode).toBe(3);
    }
  });

  test('by globs that no shell expands', async () => {
    await write(files);
    expect(await checked('**/*.{yml,yaml}')).toEqual(await checked('.'));
    expect(await checked('d*/**/[ab].y*ml', 'a.yml')).toEqual(['deep/er/b.yaml', 'a.yml']);
  });

  test.each([
    [['*.yaml'], 'no file matches *.yaml'],
    [['gone.yml'], 'there is no file or folder gone.yml'],
    [['empty'], 'there is no playbook in empty'],
    [['others'], 'there is no playbook in others [file-not-found]\n  hint: a YAML file there is none of ours'],
    [['sound.yml', 'no*.yml'], 'no file matches no*.yml'],
  ])('%j: nothing checked is an error', async (paths, says) => {
    await write({ 'empty/notes.txt': '', 'others/compose.yml': 'services: {}\n', 'sound.yml': SOUND });
    const { exitCode, stderr } = await lint(paths);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(3);
  });

  test('stdin, by the name that it is given', async () => {
    await write({ 'tasks.yml': SOUND });
    const { exitCode, stderr } = await lintInput(['-', '--stdin-filename', 'plays/site.yml'], BROKEN);
    expect(stderr).toContain('plays/site.yml:3:7');
    expect(exitCode).toBe(3);
    expect((await lintInput(['-'], SOUND)).stdout).toBe('1 file checked: 0 errors, 0 warnings');
    expect((await lintInput(['-'], '')).exitCode).toBe(3);
    expect((await lint(['-', '--fix'])).exitCode).toBe(2);
  });

  test('-i twice is refused', async () => {
    const { exitCode, stderr } = await lint(['-i', 'a.yml', '-i', 'b.yml', 'site.yml']);
    expect(stderr).toContain('There is one inventory a run, and a.yml is given already');
    expect(exitCode).toBe(2);
  });
});

describe('quorate.yml', () => {
  test('holds for the folders below it, and its paths are its own', async () => {
    await write({
      'quorate.yml':
        'rules:\n  unused-name: { severity: error, exclude: [plays/old/**] }\nexclude: [plays/vendor]\ninventory: hosts.yml\n',
      'hosts.yml': 'all: { hosts: { here: { vars: { rack: 7 } } } }\n',
      'plays/a.yml': UNUSED.replace('hi', '"{{ rack }}"'),
      'plays/old/b.yml': UNUSED,
      'plays/vendor/c.yml': BROKEN,
    });
    const { exitCode, stderr, stdout } = await lint(['.'], { cwd: join(folder, 'plays') });
    expect(stderr).toContain('error: the param `size` is never used [unused-name]\n  a.yml:3:5');
    expect(stdout).toBe('2 files checked: 1 error, 0 warnings\n');
    expect(exitCode).toBe(3);
  });

  test('is not looked for above the repository, and another one can be named', async () => {
    await write({
      'quorate.yml': 'rules: { unused-name: error }\n',
      'repo/.git/HEAD': '',
      'repo/a.yml': UNUSED,
      'repo/strict.yml': 'max_warnings: 0\n',
    });
    const cwd = join(folder, 'repo');
    expect((await lint(['a.yml'], { cwd })).exitCode).toBe(0);
    const { exitCode, stderr } = await lint(['a.yml', '--config', 'strict.yml'], { cwd });
    expect(stderr).toContain('quorate: there may be 0 warnings, and there are 1\n');
    expect(exitCode).toBe(3);
    expect((await lint(['a.yml', '--config', 'strict.yml', '--max-warnings', '1'], { cwd })).exitCode).toBe(0);
    expect((await lint(['a.yml', '--config', 'gone.yml'], { cwd })).stderr).toContain(
      'there is no configuration gone.yml',
    );
  });

  test('that is wrong is one error, in every format, and nothing is checked', async () => {
    await write({ 'quorate.yml': 'rules: { unknown-module: off }\n', 'a.yml': BROKEN });
    const { exitCode, stderr } = await lint(['a.yml']);
    expect(stderr).toMatch(
      /^error: `unknown-module` is what `run` refuses too[^\n]*\n {2}quorate\.yml:1:10\n[\s\S]*\n1 error\n$/,
    );
    expect(exitCode).toBe(3);
    expect((await lint(['a.yml', '--format', 'github'])).stdout).toMatch(/^::error file=quorate\.yml,line=1,col=10/);
  });
});

test('a baseline: begun, then only what is new counts, then what is mended is told', async () => {
  await write({ 'plays/a.yml': UNUSED, 'plays/b.yml': BROKEN, 'quorate.yml': 'baseline: true\nmax_warnings: 0\n' });
  expect((await lint(['plays'])).stderr).toContain('begin one with `quorate lint --write-baseline`');
  const begun = await lint(['plays', '--write-baseline']);
  expect(begun.stderr).toContain('1 finding is known from now on: quorate-baseline.json\n');
  expect(begun.stderr).toContain('[unknown-module]');
  expect(begun.exitCode).toBe(3);
  await write({ 'plays/b.yml': SOUND });
  const known = await lint(['plays']);
  expect(known).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: '2 files checked: 0 errors, 0 warnings, 1 in the baseline\n',
  });
  await write({ 'plays/b.yml': `# moved\n\n${UNUSED}` });
  expect((await lint(['a.yml', 'b.yml'], { cwd: join(folder, 'plays') })).stdout).toBe(
    '2 files checked: 0 errors, 1 warning, 1 in the baseline\n',
  );
  await lint(['plays/b.yml', '--write-baseline']);
  expect((await lint(['plays'])).stdout).toBe('2 files checked: 0 errors, 0 warnings, 2 in the baseline\n');
  await rm(join(folder, 'plays/a.yml'));
  const mended = await lint(['plays']);
  expect(mended.stderr).toContain(
    'plays/a.yml no longer has this: the param `size` is never used [obsolete-baseline]\n  quorate-baseline.json:',
  );
  expect(mended.exitCode).toBe(3);
});

describe('--fix', () => {
  const before = `# why it is so\n${BROKEN}      retires: 3   # as it was\n\n`;
  const after = before.replace('debgu', 'debug').replace('retires', 'retries');

  test('writes what it says, in one step, and keeps the mode; a link stays a link', async () => {
    await write({ 'real.yml': before });
    await chmod(join(folder, 'real.yml'), 0o640);
    await symlink('real.yml', join(folder, 'a.yml'));
    const { exitCode, stdout } = await lint(['--fix', 'a.yml']);
    expect(stdout).toBe(
      'fixed a.yml:4:7: debgu → debug [unknown-module]\nfixed a.yml:5:7: retires → retries [unknown-keyword]\n' +
        '1 file checked: 0 errors, 0 warnings\n',
    );
    expect(exitCode).toBe(0);
    expect(await readFile(join(folder, 'real.yml'), 'utf8')).toBe(after);
    expect((await stat(join(folder, 'real.yml'))).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).toSorted()).toEqual(['a.yml', 'real.yml']);
    expect((await lint(['--fix', 'a.yml'])).stdout).toBe('1 file checked: 0 errors, 0 warnings\n');
  });

  test('--diff changes nothing, and is a patch', async () => {
    await write({ 'a.yml': before });
    const { exitCode, stdout } = await lint(['--diff', 'a.yml']);
    expect(stdout).toContain('--- a/a.yml\n+++ b/a.yml\n@@');
    expect(stdout).toContain('-    - debgu: { msg: hi }\n-      retires: 3   # as it was\n+    - debug: { msg: hi }\n');
    expect(exitCode).toBe(0);
    expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe(before);
  });

  test('not what is ignored, not in files that are only included, not what is no UTF-8', async () => {
    const ignored = SOUND.replace(
      '{ msg: hi }',
      '{ msg: hi }\n      no_log: no # quorate-ignore boolean-string: shared',
    );
    await write({
      'a.yml': ignored,
      'b.yml': `${SOUND}    - import_tasks: tasks/c.yml\n`,
      'tasks/c.yml': '- debgu: {}\n',
    });
    await writeFile(join(folder, 'd.yml'), Buffer.concat([Buffer.from(BROKEN), Buffer.from([0x23, 0xff, 0x0a])]));
    const { stdout, exitCode } = await lint(['--fix', 'a.yml', 'b.yml', 'd.yml']);
    expect(stdout).toBe('3 files checked: 2 errors, 0 warnings, 1 ignored\n');
    expect(exitCode).toBe(3);
    expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe(ignored);
  });

  test('says why it cannot write, and leaves what lies there', async () => {
    await write({ 'a.yml': before, '.a.yml.abababab': 'of another' });
    const { exitCode, stderr } = await lint(['--fix', 'a.yml']);
    expect(stderr).toMatch(/^quorate: a\.yml cannot be written: EEXIST/);
    expect(exitCode).toBe(2);
    expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe(before);
    expect(await readFile(join(folder, '.a.yml.abababab'), 'utf8')).toBe('of another');
  });

  test('what goes to stdout in another format stays that format', async () => {
    await write({ 'a.yml': before });
    const { stdout, stderr } = await lint(['--fix', '--format', 'json', 'a.yml']);
    expect(JSON.parse(stdout).findings).toEqual([]);
    expect(stderr).toContain('fixed a.yml:4:7');
  });
});

test('--output takes the format, and the terminal stays for people', async () => {
  await write({ 'a.yml': BROKEN });
  const { stdout, stderr, exitCode } = await lint(['a.yml', '--format', 'sarif', '--output', 'lint.sarif']);
  expect(JSON.parse(await readFile(join(folder, 'lint.sarif'), 'utf8')).version).toBe('2.1.0');
  expect(stderr).toContain('a.yml:3:7');
  expect(stdout).toBe('1 file checked: 1 error, 0 warnings\n');
  expect(exitCode).toBe(3);
  expect(await lint(['a.yml', '--format', 'junit', '--output', 'no/such/file.xml'])).toMatchObject({ exitCode: 2 });
});
