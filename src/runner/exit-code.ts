import type { RunResult } from '../core/event.ts';

const codes = {
  done: 0,
  defect: 1,
  failed: 4,
  unreachable: 5,
  refused: 6,
  locked: 7,
  interrupted: 130,
} as const satisfies Record<RunResult, number>;

/** The exit status of the program for a run that ended like this. */
export function exitCode(result: RunResult): number {
  return codes[result];
}
