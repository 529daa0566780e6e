import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export interface Site {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  /** The real command line in that folder, without a terminal, where no cmsh is found. */
  quorate(...words: string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string; said: string }>;
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
  const env = { PATH: '/usr/bin:/bin', HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') };
  const options = { cwd: folder, env, extendEnv: false, reject: false, stdin: 'ignore' } as const;
  return {
    folder,
    write,
    quorate: async (...words) => {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, ...words], options);
      return { exitCode, stdout, stderr, said: `${stdout}\n${stderr}` };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
