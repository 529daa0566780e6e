import type { RunResult, Where } from './event.ts';

/**
 * When a simulated run is killed. `begun`: nothing of it is done yet. `announced`: the change stands in the journal, and is not
 * made. `in part`: BCM holds the configuration, and what it does about it is still to come. `made`: the change is made, and its
 * end not in the journal. `ended`: its end is.
 */
export type Moment = 'begun' | 'announced' | 'in part' | 'made' | 'ended';

export interface KillPoint {
  readonly moment: Moment;
  /** The execution it was killed at; absent at the beginning. */
  readonly where?: Where;
}

/** How a run that was killed does not come to the end of an undisturbed one. */
export interface SimulationFinding {
  /** `twice`: a change is made again. `left out`: one is never made. `other end`: the cluster is another one at the end. */
  readonly kind: 'stops' | 'twice' | 'left out' | 'other end';
  /** Of `stops`: how it ends. */
  readonly outcome?: RunResult;
  /** One line: what would differ. */
  readonly message: string;
  readonly hint?: string;
  /** In how many runs. */
  readonly times: number;
  /** Where the first of them were killed: one list a run, with several points where the resume was killed again. */
  readonly killed: readonly (readonly KillPoint[])[];
}

/** What `quorate plan --simulate` found. */
export interface SimulationReport {
  /** Lines of the journal after which a run was killed. */
  readonly boundaries: number;
  /** How many of them leave something different behind. */
  readonly states: number;
  /** Random kills, the resumes among them; where they were asked for. */
  readonly chains?: {
    readonly seed: number;
    readonly kills: number;
    readonly runs: number;
    readonly states: number;
    readonly longest: number;
  };
  /** Points from which a resume asks whether what must happen once was done. */
  readonly asks: readonly KillPoint[];
  /** How many resumes do not come to the same end. */
  readonly failed: number;
  /** In which ways. */
  readonly findings: readonly SimulationFinding[];
  /** The same of running the playbook anew instead. */
  readonly anew: readonly SimulationFinding[];
  /** Resumes whose end can't be compared, because it depends on what only the hosts can tell. */
  readonly untold: number;
  /** The same of running the playbook anew. */
  readonly untoldAnew: number;
  /** How long the walk took, without looking at the hosts. */
  readonly durationMs: number;
}
