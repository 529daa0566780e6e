import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock } from '../core/host.ts';
import type { Trouble } from '../core/trouble.ts';

/** Where what is changed is kept: CMDaemon's state, what all nodes mount, the records of jobs (`transports/driver`). */
const PLACES = ['/var', '/cm/shared', '/run'];
/** A file system on a network that does not answer is none that can be told of. */
const PATIENCE_MS = 2000;

/** That a file system is full on which a run of this machine depends, where one is; `state` is its state directory. Never throws. */
export async function fullDisk(state: string, clock: Clock): Promise<Trouble | undefined> {
  const places = [state, ...PLACES];
  const full = await Promise.all(places.map(async place => await isFull(place, clock)));
  const found = places.filter((_, index) => full[index]);
  if (found.length === 0) return undefined;
  return {
    why: `the disk of ${hostname()} is full (${found.join(', ')})`,
    hint: `make room on ${hostname()} first: df -h ${found.join(' ')}; df -i ${found.join(' ')}`,
  };
}

async function isFull(place: string, clock: Clock): Promise<boolean> {
  const waited = new AbortController();
  const tooLong = clock.sleep(PATIENCE_MS, waited.signal).then(
    () => undefined,
    () => undefined,
  );
  const found = await Promise.race([statfs(place).catch(() => undefined), tooLong]);
  waited.abort();
  return found !== undefined && found.blocks > 0 && (found.bavail === 0 || (found.files > 0 && found.ffree === 0));
}
