import { fileURLToPath } from 'node:url';
import type { Io, Terminal } from '../../src/commands/io.ts';
import { program } from '../../src/commands/program.ts';

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** `quorate WORDS…` in a folder; in this process, because each program of its own would take half a second. */
export async function quorate(words: readonly string[], cwd: string) {
  const said = { out: '', err: '' };
  const terminal = (name: 'out' | 'err'): Terminal => ({
    isTTY: false,
    columns: 80,
    write: text => {
      said[name] += text;
    },
  });
  const io: Io = {
    out: terminal('out'),
    err: terminal('err'),
    input: process.stdin,
    env: {},
    cwd,
    packageRoot,
    clock: { now: () => 0, sleep: async () => {} },
    user: 'tester',
    random: bytes => 'ab'.repeat(bytes),
    catchInterrupts: () => ({ stop: new AbortController().signal, abort: new AbortController().signal }),
  };
  const exitCode = await program(words, io);
  return { exitCode, stdout: said.out, stderr: said.err };
}
