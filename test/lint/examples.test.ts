// The examples of docs/lint.md, linted by the real command: the bad one has its code and no other, the good one none.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Example, lintCodes, readLintCases } from '../../scripts/lint-page.ts';
import type { Io } from '../../src/commands/io.ts';
import { program } from '../../src/commands/program.ts';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const cases = await readLintCases();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-lint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file whose text is `link to PATH` is one. What lint prints for the first file of an example, as `severity code` of each finding. */
async function findings(
  example: Example,
  name: string,
): Promise<{ codes: readonly string[]; exitCode: number | undefined; printed: string }> {
  const cwd = join(folder, name);
  for (const [path, text] of example) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    const [, target] = /^link to (\S+)\n$/.exec(text) ?? [];
    await (target === undefined ? writeFile(join(cwd, path), text) : symlink(target, join(cwd, path)));
  }
  const [first = ''] = example.keys();
  // Modules of the user's own import what only a process of quorate can give them.
  const isOwn = [...example.keys()].some(path => path.endsWith('.ts'));
  const { printed, exitCode } = await (isOwn ? inProcess : here)(['lint', first], cwd);
  const codes = [...printed.matchAll(/^(error|warning): .*\[([a-z-]+)\]$/gm)].map(
    ([, severity, code]) => `${severity} ${code}`,
  );
  return { codes: [...new Set(codes)], exitCode, printed };
}

async function inProcess(words: readonly string[], cwd: string) {
  const { all, exitCode } = await execa(process.execPath, [cli, ...words], { cwd, all: true, reject: false });
  return { printed: all, exitCode };
}

async function here(words: readonly string[], cwd: string) {
  let printed = '';
  const write = (text: string) => {
    printed += text;
  };
  const terminal = { isTTY: false, columns: 200, write };
  const io: Io = {
    out: terminal,
    err: terminal,
    input: process.stdin,
    env: { PATH: '' },
    cwd,
    packageRoot: process.cwd(),
    clock: { now: () => 0, sleep: async () => undefined },
    user: 'root',
    random: bytes => '0'.repeat(2 * bytes),
    catchInterrupts: () => ({ stop: new AbortController().signal, abort: new AbortController().signal }),
  };
  return { exitCode: await program(words, io), printed };
}

describe('the examples of docs/lint.md', () => {
  test('every code that lint can report has one, and nothing else has', () => {
    expect(cases.map(one => one.name).toSorted()).toEqual(lintCodes.toSorted());
  });

  test.each(cases)('$name: bad', async ({ name, severity, bad }) => {
    const { codes, exitCode, printed } = await findings(bad, `${name}/bad`);
    expect(codes, printed).toEqual([`${severity} ${name}`]);
    expect(exitCode).toBe(severity === 'error' ? 3 : 0);
  });

  test.each(cases)('$name: good', async ({ name, good }) => {
    const { codes, exitCode, printed } = await findings(good, `${name}/good`);
    expect(printed).toContain('0 errors, 0 warnings');
    expect(codes).toEqual([]);
    expect(exitCode).toBe(0);
  });
});
