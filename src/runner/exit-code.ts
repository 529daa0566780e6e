import type { RunResult } from '../core/event.ts';
import type { SimulationFinding } from '../core/simulation.ts';

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

/** The exit status for a run that was killed anywhere: refused where a resume would be, failed where one ends otherwise. */
export function simulationExitCode(findings: readonly SimulationFinding[]): number {
  if (findings.length === 0) return codes.done;
  return findings.some(({ outcome }) => outcome === 'refused') ? codes.refused : codes.failed;
}
