import type { Risk } from '../core/guard.ts';
import type { Clock, Host, LocalFiles, Probe, Progress, RunOptions } from '../core/host.ts';
import type { Connections } from './connections.ts';

/** What the probes and hosts of one try have in common. */
export interface Reach {
  readonly connections: Connections;
  /** The id of the task, for the names of its jobs. */
  readonly task: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** True in check mode and in a rehearsal. */
  readonly check: boolean;
  /** As in `Probe`. */
  readonly still?: true;
  readonly diff?: true;
  readonly assumed: readonly Risk[];
  /** Absent: none are named. */
  readonly files?: LocalFiles;
  progress(progress: Progress): void;
}

/** A host to look at. It has no method that changes anything, so what gets it can't, in a check mode or outside. */
export function probeOf(name: string, reach: Reach): Probe {
  const { connections, signal } = reach;
  connections.known(name);
  return {
    name,
    signal,
    clock: reach.clock,
    check: reach.check,
    ...(reach.still ? { still: true } : {}),
    ...(reach.diff ? { diff: true } : {}),
    assumed: reach.assumed,
    read: async command =>
      await (await connections.to(name)).execute({ ...command, id: connections.nextJob(reach.task), signal }),
    readFile: async path => await (await connections.to(name)).readFile(path, signal),
    peer: peer => probeOf(peer, reach),
    group: group => connections.inventory.groups.get(group) ?? [],
    hostAt: nameOrAddress => connections.hostAt(nameOrAddress),
    progress: progress => reach.progress(progress),
    memo: async (key, compute) => await connections.memo(name, key, compute),
    sightings: connections.sightings,
    files: reach.files ?? new Map(),
  };
}

/** A host to change; only an `apply` of a real run gets one. */
export function hostOf(name: string, reach: Reach): Host {
  const { connections, signal } = reach;
  return {
    ...probeOf(name, reach),
    run: async (argv: readonly string[], options: RunOptions = {}) =>
      await (await connections.to(name)).execute({
        ...options,
        argv,
        id: connections.nextJob(reach.task, true),
        signal,
      }),
    writeFile: async (path, bytes, mode) => await (await connections.to(name)).writeFile(path, bytes, mode, signal),
    peer: peer => hostOf(peer, reach),
  };
}
