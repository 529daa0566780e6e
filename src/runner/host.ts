import type { Risk } from '../core/guard.ts';
import type { Clock, Host, LocalFiles, Probe, Progress, RunOptions } from '../core/host.ts';
import type { Login } from '../core/inventory.ts';
import type { Connections } from './connections.ts';
import type { Variables } from './environment.ts';
import { loginOfGuards, loginOfPeers } from './login.ts';

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
  /** As whom it works, and how it gets there; absent: as the inventory says. */
  readonly login?: Login;
  /** Added to the environment of all its commands. A guard, or a lock, looks without: a playbook must not lead it astray. */
  readonly environment?: Variables;
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
      await (await connections.to(name, reach.login)).execute({
        ...withVariables(command, reach),
        id: connections.nextJob(reach.task),
        signal,
      }),
    readFile: async path => await (await connections.to(name, reach.login)).readFile(path, signal),
    peer: peer => probeOf(peer, forPeers(reach)),
    group: group => connections.inventory.groups.get(group) ?? [],
    hostAt: nameOrAddress => connections.hostAt(nameOrAddress),
    progress: progress => reach.progress(progress),
    memo: async (key, compute) => await connections.memo(name, `${key}${nearKey(reach)}`, compute),
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
      await (await connections.to(name, reach.login)).execute({
        ...withVariables(options, reach),
        argv,
        id: connections.nextJob(reach.task, true),
        signal,
      }),
    writeFile: async (path, bytes, mode) =>
      await (await connections.to(name, reach.login)).writeFile(path, bytes, mode, signal),
    peer: peer => hostOf(peer, forPeers(reach)),
  };
}

/** The same as guards and locks look: without what a task's own environment adds, and not as a user who sees less. */
export function bare({ environment: _environment, login, ...reach }: Reach): Reach {
  return login ? { ...reach, login: loginOfGuards(login) } : reach;
}

function forPeers(reach: Reach): Reach {
  return reach.login ? { ...reach, login: loginOfPeers(reach.login) } : reach;
}

/** What a module gives a command itself is nearer than the task's. */
function withVariables<T extends RunOptions>(options: T, { environment }: Reach): T {
  return environment ? { ...options, environment: { ...environment, ...options.environment } } : options;
}

/** What was found out under other variables, or by somebody else, may be something else. */
function nearKey({ environment, login }: Reach): string {
  return environment || login ? `\0${JSON.stringify([environment ?? null, login ?? null])}` : '';
}
