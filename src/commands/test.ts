import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { exit, type Io } from './io.ts';

/** `quorate test`: the tests of modules of the user's own, by Node's own test runner, in which \`quorate\` is this one. */
export async function testCommand(io: Io, paths: readonly string[]): Promise<number> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await testsAt(io, path);
    if (found === undefined || found.length === 0) {
      const why = found ? `there is no test in ${path}` : `there is no file or folder ${path}`;
      io.err.write(`quorate: ${why}\n  → a test is a file NAME.test.ts; quorate new module NAME writes one\n`);
      return exit.usage;
    }
    files.push(...found);
  }
  const preload = join(io.packageRoot, 'dist/resolve-api.js');
  const { exitCode } = await execa(process.execPath, [`--import=${preload}`, '--test', ...files], {
    cwd: io.cwd,
    stdio: 'inherit',
    reject: false,
  });
  return exitCode === 0 ? exit.done : exit.failed;
}

async function testsAt(io: Io, path: string): Promise<readonly string[] | undefined> {
  const there = await stat(resolve(io.cwd, path)).catch(() => undefined);
  if (!there?.isDirectory()) return there && [path];
  const entries = await readdir(resolve(io.cwd, path));
  return entries
    .filter(entry => /\.test\.[mc]?[jt]s$/.test(entry))
    .map(entry => join(path, entry))
    .sort();
}
