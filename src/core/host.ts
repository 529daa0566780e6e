import type { Risk } from './guard.ts';
import type { ReadCommand } from './read-command.ts';

/** What a command gave. Output is UTF-8 text; `code` is its exit status, 128 + n where signal n ended it. */
export interface Out {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface RunOptions {
  /** Bytes for the command's input: on stdin, or where an argument is `INPUT_FILE`, in a 0600 file of that name. */
  readonly input?: string;
  /** Ends the command's whole process group; then `run` throws Failure `timed-out`. Default: none but the task's. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** Added to the environment, which is otherwise the session's, less `ETCDCTL_*`, with `LC_ALL=C`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Stands in an argv for the path of a temporary file (0600, gone with the job) that holds `input`. */
export const INPUT_FILE = '\u0001input-file';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or rejects with `Cancelled` as soon as the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What a module is waiting for, shown live: "node002 is 812 revisions behind", 0.93. */
export interface Progress {
  readonly text: string;
  /** 0 … 1 where it can be told. */
  readonly fraction?: number;
}

/** A file of the machine that quorate runs on. */
export interface LocalFile {
  /** Where it was found. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The local files that a task names, by the parameters that name them (`Module.localFiles`). */
export type LocalFiles = ReadonlyMap<string, LocalFile>;

/** What the looks of a run remember of each other. It is shared by all hosts, and lasts as long as the run. */
export interface Sightings {
  /** Hosts that ran members of an etcd cluster when it was last seen, by how it is reached. */
  readonly members: Map<string, readonly string[]>;
  /** What did not answer when it was last asked. It is asked again, and not waited for as long. */
  readonly silent: Set<string>;
}

/**
 * A host that can be looked at and not changed. All methods throw `Unreachable`, `AnswerLost`, `Cancelled` or
 * `Failure` `timed-out`; a command's own failure is `code`.
 */
export interface Probe {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** True in check mode and in the rehearsal of a run: nothing is changed, so nothing need be waited out. */
  readonly check: boolean;
  /** True with `--diff`: changes are to be told with their texts. */
  readonly diff?: true;
  /** True in a simulation: what is there stays as it was first seen, so nothing need be looked at twice. */
  readonly still?: true;
  /** In check mode: the risks of all changes that would have been made before this, in order. Empty in a real run. */
  readonly assumed: readonly Risk[];
  read(command: ReadCommand): Promise<Out>;
  /** `undefined` where there is no such file. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Another host of the inventory. Throws Failure `no-hosts` where it is not in the inventory. */
  peer(host: string): Probe;
  /** The hosts of a group of the inventory, in its order; empty where there is no such group. */
  group(name: string): readonly string[];
  /** The host of the inventory that has this name, or else this address. */
  hostAt(nameOrAddress: string): string | undefined;
  progress(progress: Progress): void;
  /** Computed at most once a host and run, for what cannot change in it (the environment of a module, a version). */
  memo<T>(key: string, compute: () => Promise<T>): Promise<T>;
  readonly sightings: Sightings;
  readonly files: LocalFiles;
}

/** A host that can be changed. Only `apply` gets one. */
export interface Host extends Probe {
  run(argv: readonly string[], options?: RunOptions): Promise<Out>;
  /** Atomic: a temporary file beside it, fsync, rename. `mode` as in 0o600. */
  writeFile(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  peer(host: string): Host;
}
