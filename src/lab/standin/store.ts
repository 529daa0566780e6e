// The state file: read whole, replaced whole, changed only under a lock, so that CMDaemon and any number of cmsh
// processes see one history.
import { type FSWatcher, watch } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import lockfile from 'proper-lockfile';
import type { State } from './state.ts';

/** How often a change is looked for where the file system doesn't tell. */
const POLL_MS = 1_000;

export interface Store {
  /** The state as it is now. Rejects if there is none or it isn't one of this format. */
  load(): Promise<State>;
  /**
   * Runs `change` on the newest state under the lock and saves what it left, unless it returns false.
   * Resolves to the state as saved, or as found.
   */
  update(change: (state: State) => boolean): Promise<State>;
  /** Calls `onChange` after the file was replaced, until `signal` aborts. It may be called once too often. */
  watch(onChange: () => void, signal: AbortSignal): void;
}

/** The state kept in the file `path`; nothing is read yet. */
export function openStore(path: string): Store {
  const load = async (): Promise<State> => {
    const state: State = JSON.parse(await readFile(path, 'utf8'));
    if (state.format !== 1) throw new Error(`${path}: not a state of format 1`);
    return state;
  };
  return {
    load,
    update: async change => {
      // A holder that was killed leaves its lock behind: after 3 s without a sign of life it counts as gone.
      const release = await lockfile.lock(path, {
        realpath: false,
        stale: 3_000,
        update: 1_000,
        retries: { retries: 500, factor: 1.5, minTimeout: 5, maxTimeout: 40 },
      });
      try {
        const state = await load();
        if (change(state)) await replace(path, `${JSON.stringify(state, null, 1)}\n`);
        return state;
      } finally {
        await release();
      }
    },
    watch: (onChange, signal) => watchFile(path, onChange, signal),
  };
}

/** Only the holder of the lock comes here, so one temporary name is enough. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function watchFile(path: string, onChange: () => void, signal: AbortSignal): void {
  let seen = '';
  let watcher: FSWatcher | undefined;
  const look = async (): Promise<void> => {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    const now = found === undefined ? '' : `${found.ino}/${found.mtimeNs}`;
    if (now === seen || signal.aborted) return;
    seen = now;
    onChange();
  };
  const timer = setInterval(() => void look(), POLL_MS);
  try {
    watcher = watch(dirname(path), (_event, name) => {
      if (name === basename(path)) void look();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No inotify here: the timer is enough.
  }
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    watcher?.close();
  });
}
