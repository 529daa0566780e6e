import type { Out, RunOptions } from './host.ts';

/** A command on its way to a host. */
export interface Job extends RunOptions {
  readonly argv: readonly string[];
  /** Unique in the run and safe as a file name: the job's record is `/run/quorate/<run>/<host>/<id>.*` on the host. */
  readonly id: string;
  /** Ends the job's process group on the host, then throws `Cancelled`. */
  readonly signal: AbortSignal;
}

/**
 * One host's connection. Throws `Unreachable` where nothing was sent; where an answer was lost, finds the job's record again,
 * waits for its end or ends it, and returns its `Out`; only where that can't be done, throws `AnswerLost`.
 */
export interface Connection {
  execute(job: Job): Promise<Out>;
  readFile(path: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  writeFile(path: string, bytes: Uint8Array, mode: number, signal: AbortSignal): Promise<void>;
  /** Closes channels, removes the run's records from the host. Never throws. */
  close(): Promise<void>;
}
