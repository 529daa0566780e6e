import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';

/** The environment of the program itself, as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Ending {
  /** Absent where a signal ended it, or where it could not be started. */
  readonly code: number | undefined;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
}

/** A process at this end of a channel: `ssh`, or `sh`. */
export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when the process has ended, though others may still hold its pipes. Never rejects. */
  readonly ended: Promise<Ending>;
  kill(): void;
}

const KEPT_STDERR = 8192;

/**
 * Starts a process in a session of its own, so that Ctrl-C in the terminal does not end it: what it does is ended in
 * order, by us. When this program dies, it sees the end of its stdin.
 */
export function startChild(program: string, args: readonly string[], environment: Environment): Child {
  const child = execa(program, args, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    encoding: 'buffer',
    detached: true,
    cleanup: false,
    reject: false,
    extendEnv: false,
    env: { ...environment },
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr = (stderr + bytes.toString()).slice(-KEPT_STDERR);
  });
  // A broken pipe is told by the end of the process.
  child.stdin.on('error', () => {});
  const exited = new Promise<number | undefined>(resolve => {
    child.nodeChildProcess.once('exit', code => resolve(code ?? undefined));
    void child.then(result => {
      if (result.exitCode === undefined && stderr === '') stderr = result.shortMessage ?? '';
      resolve(result.exitCode);
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended: exited.then(async code => {
      // The last words on stderr may come after the exit.
      await new Promise(resolve => setImmediate(resolve));
      return { code, stderr: stderr.trimEnd() };
    }),
    kill() {
      child.stdin.destroy();
      child.stdout.destroy();
      child.kill('SIGKILL');
    },
  };
}
