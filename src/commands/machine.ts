import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Machine } from '../core/template.ts';
import type { Io } from './io.ts';

/** What a lookup reads becomes a value of the run, so it is small. */
const MOST_BYTES = 2 ** 20;

/** What lookups reach: the environment that quorate was started with, and files of at most 1 MiB of UTF-8. */
export function machineOf(io: Io): Machine {
  return {
    env: name => (Object.hasOwn(io.env, name) ? io.env[name] : undefined),
    text(paths) {
      for (const path of paths) {
        const bytes = read(resolve(io.cwd, path), path);
        if (bytes) return decoded(bytes, path);
      }
      return undefined;
    },
  };
}

function read(place: string, path: string): Uint8Array | undefined {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  if (found.size > MOST_BYTES)
    throw new Failure('invalid-value', `${path} is larger than 1 MiB, the most that is looked up`);
  try {
    return readFileSync(place);
  } catch (error) {
    throw new Failure('file-not-found', `${path} cannot be read on this machine`, { cause: error });
  }
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('invalid-value', `${path} is no text in UTF-8`, { hint: 'send a file as it is with `copy`' });
  }
}
