// The folders of connections: one holds the socket of a master, and who opened it, so that what a killed process left is known.
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Environment } from './child.ts';

/** The process that opens connections. */
export interface Opener {
  /** Its name, which no other process ever has. */
  readonly process: string;
  /** True where the process with that name has surely ended. */
  hasEnded(process: string): boolean;
}

// Not $TMPDIR: the path of a socket may be 108 bytes long at most, and ssh appends 17 while it opens it.
const PARENT = '/tmp';
const PREFIX = 'quorate-ssh-';
const END_LIMIT_MS = 3_000;

/** A new folder for the socket of one master. Its owner removes it. */
export async function connectionFolder(opener: Opener | undefined): Promise<string> {
  const folder = await mkdtemp(join(PARENT, PREFIX));
  // Where this cannot be noted, the folder is not known to be abandoned later on, and that is all.
  if (opener) await writeFile(join(folder, 'opener'), opener.process, { mode: 0o600 }).catch(() => {});
  return folder;
}

export const socketIn = (folder: string): string => join(folder, 'master');

/** Ends the masters of processes of this user that were killed, and removes their folders. Never throws. */
export async function clearAbandoned(opener: Opener, environment: Environment): Promise<void> {
  const names = await readdir(PARENT).catch(() => []);
  const folders = names.filter(name => name.startsWith(PREFIX)).map(name => join(PARENT, name));
  await Promise.all(folders.map(folder => clearOne(folder, opener, environment).catch(() => {})));
}

async function clearOne(folder: string, opener: Opener, environment: Environment): Promise<void> {
  const found = await lstat(folder);
  // Anybody may write into /tmp: what another user made there is not to be trusted.
  if (!found.isDirectory() || found.uid !== userInfo().uid) return;
  if (!opener.hasEnded(await readFile(join(folder, 'opener'), 'utf8'))) return;
  await execa('ssh', ['-O', 'exit', '-o', `ControlPath=${socketIn(folder)}`, 'whoever'], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
    extendEnv: false,
    env: { ...environment },
    timeout: END_LIMIT_MS,
  });
  await rm(folder, { recursive: true, force: true });
}
