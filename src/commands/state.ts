import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import type { Io } from './io.ts';

/** Where runs are remembered: `QUORATE_STATE_DIR`, or below the XDG state directory. */
export function stateDirectory({ env }: Io): string {
  return env.QUORATE_STATE_DIR ?? join(env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state'), 'quorate');
}

/** A lock whose holder no longer renews it (a killed run) is taken over after this. */
const STALE_MS = 10_000;

/**
 * One run at a time of those that share a state directory. It says who holds it where it is taken. It does not reach
 * across machines with state directories of their own.
 */
export async function takeRunLock(
  state: string,
  run: string,
  io: Io,
): Promise<{ release(): Promise<void> } | { readonly holder: string }> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  const holder = join(state, 'holder');
  try {
    const release = await lock(state, { lockfilePath: join(state, 'lock'), stale: STALE_MS, retries: 0 });
    await writeFile(holder, `${run} (${io.user}, since ${new Date(io.clock.now()).toISOString()})\n`, { mode: 0o600 });
    return { release };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    return { holder: (await readFile(holder, 'utf8').catch(() => 'a run that has just begun')).trim() };
  }
}
