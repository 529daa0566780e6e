import type { Clock } from '../core/host.ts';

/** A stream that a command writes to. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Columns; 80 where it is no terminal. */
  readonly columns: number;
  write(text: string): void;
}

/** All that a command gets of the process it runs in. Only cli.ts makes one. */
export interface Io {
  readonly out: Terminal;
  readonly err: Terminal;
  readonly input: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Where playbooks/, schemas/ and docs/ of the package lie. */
  readonly packageRoot: string;
  readonly clock: Clock;
  readonly user: string;
  /** `bytes` random bytes as hex. */
  random(bytes: number): string;
  /** From now on Ctrl-C and SIGTERM don't end the process: the first fires `stop`, the second `abort`. */
  catchInterrupts(): { readonly stop: AbortSignal; readonly abort: AbortSignal };
}

/** The exit codes of every command. */
export const exit = {
  done: 0,
  defect: 1,
  usage: 2,
  invalid: 3,
  failed: 4,
  unreachable: 5,
  refused: 6,
  locked: 7,
  interrupted: 130,
} as const;

/** True where colour is wanted: at a terminal, unless NO_COLOR is set (no-color.org). */
export function wantsColour(terminal: Terminal, env: Io['env']): boolean {
  return terminal.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
}
