import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../src/commands/io.ts';
import { program } from '../../src/commands/program.ts';
import { realClock } from './real-clock.ts';

export interface Said {
  readonly exitCode: number;
  /** Without newlines at its end. */
  readonly stdout: string;
  readonly stderr: string;
  /** Both. */
  readonly said: string;
}

export interface Site {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  /** A command line in that folder, in this process, where there is no terminal, and no cmsh but one in its `bin/`. */
  quorate(...words: string[]): Promise<Said>;
  remove(): Promise<void>;
}

/** A folder of its own, with these files, to run quorate in. */
export async function site(files: Readonly<Record<string, string>> = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-site-'));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return {
    folder,
    write,
    quorate: async (...words) => {
      let stdout = '';
      let stderr = '';
      const terminal = (take: (text: string) => void) => ({ isTTY: false, columns: 80, write: take });
      const never = new AbortController().signal;
      const io: Io = {
        out: terminal(text => {
          stdout += text;
        }),
        err: terminal(text => {
          stderr += text;
        }),
        input: process.stdin,
        env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') },
        cwd: folder,
        packageRoot: fileURLToPath(new URL('../..', import.meta.url)),
        clock: realClock,
        user: 'tester',
        random: bytes => randomBytes(bytes).toString('hex'),
        catchInterrupts: () => ({ stop: never, abort: never }),
      };
      const exitCode = await program(words, io);
      return { exitCode, stdout: stdout.trimEnd(), stderr: stderr.trimEnd(), said: `${stdout}\n${stderr}` };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
