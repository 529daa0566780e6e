import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { LocalFile } from '../core/host.ts';
import { type KindOf, pathsOf, whyNoFile } from '../playbook/local-files.ts';
import type { Io } from './io.ts';

/** All of it is held in memory and goes through a pipe. */
const MOST_BYTES = 64 * 2 ** 20;

export function kindOfLocal(io: Io): KindOf {
  return async path => {
    const found = await stat(resolve(io.cwd, path)).catch(() => undefined);
    if (!found) return undefined;
    return found.isFile() ? 'file' : 'other';
  };
}

/**
 * Reads a file of this machine that a parameter of a module names, from the first of the folders that has it. Throws Failure
 * `file-not-found` where none has, `invalid-value` where it is larger than 64 MiB.
 */
export async function readLocalFile(io: Io, name: string, folders: readonly string[]): Promise<LocalFile> {
  const why = await whyNoFile({ name, folders }, kindOfLocal(io));
  for (const path of why === undefined ? pathsOf(name, folders) : []) {
    const found = await stat(resolve(io.cwd, path)).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (found.size > MOST_BYTES) {
      throw new Failure('invalid-value', `${path} is larger than 64 MiB, the most that is sent`, {
        hint: 'put it where the host can read it, such as /cm/shared, and use remote_src or rsync_dir',
      });
    }
    const bytes = await readFile(resolve(io.cwd, path)).catch(() => undefined);
    if (bytes) return { path, bytes };
  }
  const { message = `${name} cannot be read on this machine`, ...hint } = why ?? {};
  throw new Failure('file-not-found', message, hint);
}
