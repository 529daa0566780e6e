import type { ErrorReport, Status, Where } from '../core/event.ts';
import type { Evidence, Risk } from '../core/guard.ts';
import type { Change } from '../core/module.ts';
import type { Recollection } from '../core/recall.ts';
import type { Value } from '../core/value.ts';

/** A change that check mode did not make. */
export interface LeftOut {
  readonly where: Where;
  readonly changes: readonly Change[];
  readonly risks: readonly Risk[];
  /** True where it must happen once. */
  readonly once: boolean;
  /** True where a look tells whether it was made. */
  readonly seen: boolean;
  /** True where it may start a member that was added before. */
  readonly starts: boolean;
}

/** Is told of a pass in check mode what its events do not tell, by whoever simulates runs by it. */
export interface Witness {
  leftOut(change: LeftOut): void;
  /** From now on, what was added counts as started. */
  started(): void;
  proved(where: Where, evidence: Evidence): void;
  fact(where: Where, name: string, value: Value): void;
  /** `hidden`: nothing of its result would be in a journal. */
  ended(event: Ended, register: Value, hidden: boolean): void;
  recalled(record: Recollection, again: boolean): void;
}

export interface Ended {
  readonly where: Where;
  readonly status: Status;
  readonly changes?: readonly Change[];
  readonly facts?: Readonly<Record<string, Value>>;
  readonly text?: string;
  readonly error?: ErrorReport;
}

/** Risks with the learners that a simulated past has added taken as started. */
export function asStarted(risks: readonly Risk[]): readonly Risk[] {
  return risks.map(risk => {
    if (risk.kind !== 'membership' || risk.started !== false) return risk;
    const { started: _started, ...later } = risk;
    return later;
  });
}

/** Risks with the learners that they add as not started yet. */
export function notStarted(risks: readonly Risk[]): readonly Risk[] {
  return risks.map(risk =>
    risk.kind === 'membership' && risk.change === 'add-learner' ? { ...risk, started: false } : risk,
  );
}
