import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { check, lock } from 'proper-lockfile';
import { Failure } from '../core/failure.ts';
import type { Io } from './io.ts';
import { isDead, isOfEarlierBoot, lockOwner } from './lock-owner.ts';

/** Where runs are remembered: `QUORATE_STATE_DIR`, or below the XDG state directory. */
export function stateDirectory({ env }: Io): string {
  return env.QUORATE_STATE_DIR ?? join(env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state'), 'quorate');
}

/** Does what keeps a run in the state directory; where the file system allows none of it (it is full), says what to do about that. */
export async function keptIn<T>(state: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error)) throw error;
    throw new Failure('journal-failed', `the run cannot be kept in ${state}, so nothing was begun: ${error.message}`, {
      hint: 'make room on its file system, or set QUORATE_STATE_DIR to a directory on another one',
      cause: error,
    });
  }
}

/**
 * A lock whose holder no longer renews it is taken over after this. A holder that was killed on this host is recognised at
 * once; one on another host (shared storage) cannot be looked at, so there this time decides.
 */
const STALE_MS = 10_000;
const UNTIL_STALE = { retries: STALE_MS / 500 + 2, factor: 1, minTimeout: 500, maxTimeout: 500 };

export interface FileLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder: one run at a time of those that share a state directory, or one process at a time of a run.
 * Where it is taken, tells who holds it. It does not reach across machines with state directories of their own.
 */
export async function takeLock(folder: string, run: string, io: Io): Promise<FileLock | { readonly holder: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const holder = join(folder, 'holder');
  const owner = lockOwner(io, run);
  // Between looking whether the holder lives and taking its place nobody else may do the same.
  const leave = await lock(join(folder, 'lock.gate'), {
    ...asNamed(join(folder, 'lock.gate')),
    stale: STALE_MS,
    retries: { retries: 150, factor: 1, minTimeout: 100, maxTimeout: 100 },
  });
  try {
    const before = await holderOf(folder);
    if (before && isDead(before.process)) await rm(path, { recursive: true, force: true });
    // Nobody renews it any more, most likely; its time is short enough to be waited out.
    const retries = before && isOfEarlierBoot(before.process) ? UNTIL_STALE : 0;
    let lost = false;
    const onCompromised = (error: Error) => {
      lost = true;
      io.err.write(
        `quorate: the lock ${path} can no longer be renewed, so another run might take it: ${error.message}\n`,
      );
    };
    const unlock = await lock(path, { ...asNamed(path), stale: STALE_MS, retries, onCompromised });
    const { who, sinceMs, process } = owner;
    await writeFile(holder, `${JSON.stringify({ run, who, sinceMs, process })}\n`, { mode: 0o600 }).catch(
      async error => {
        await unlock();
        throw error;
      },
    );
    const isOurs = async () => (await holderOf(folder))?.process === process;
    const remove = async () => {
      if (!lost) await unlock();
      else if (await isOurs()) await rm(path, { recursive: true, force: true });
    };
    // Where it cannot be removed (a file system that takes no change any more), its holder is seen to be gone all the same.
    const release = () => remove().catch(() => undefined);
    return { release };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    const now = await holderOf(folder);
    if (!now) return { holder: 'a run that has just begun' };
    return { holder: `${now.run} (${now.who}, since ${new Date(now.sinceMs).toISOString().slice(0, 19)}Z)` };
  } finally {
    await leave();
  }
}

/** True while a living process holds the lock of a folder, as far as can be told from here. */
export async function isLocked(folder: string): Promise<boolean> {
  const path = join(folder, 'lock');
  const held = await check(path, { ...asNamed(path), stale: STALE_MS }).catch(() => false);
  if (!held) return false;
  const holder = await holderOf(folder);
  return !(holder && isDead(holder.process));
}

/** Of some runs, those that nobody is at any more; asks the state directory. */
export function runsOver(io: Io): (runs: readonly string[]) => Promise<readonly string[]> {
  const folder = (run: string) => join(stateDirectory(io), 'runs', run);
  return async runs => {
    const over = await Promise.all(runs.map(async run => await isOver(folder(run))));
    return runs.filter((_, index) => over[index]);
  };
}

/**
 * True where nobody is at a run any more, for certain: its lock is free or stale, and its holder, seen from here, is dead or of before
 * the last boot. Of a run that this state directory does not remember nothing is certain.
 */
async function isOver(folder: string): Promise<boolean> {
  const path = join(folder, 'lock');
  const holder = await holderOf(folder);
  if (!holder || !(isDead(holder.process) || isOfEarlierBoot(holder.process))) return false;
  return !(await check(path, { ...asNamed(path), stale: STALE_MS }).catch(() => true));
}

/** The lock is this very path, not one beside a file that exists. */
function asNamed(path: string) {
  return { lockfilePath: path, realpath: false };
}

interface Holder {
  readonly run: string;
  readonly who: string;
  readonly sinceMs: number;
  readonly process: string;
}

async function holderOf(folder: string): Promise<Holder | undefined> {
  try {
    const held: unknown = JSON.parse(await readFile(join(folder, 'holder'), 'utf8'));
    return isHolder(held) ? held : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'process' in value &&
    typeof value.process === 'string' &&
    'run' in value &&
    'who' in value &&
    'sinceMs' in value &&
    typeof value.sinceMs === 'number'
  );
}
