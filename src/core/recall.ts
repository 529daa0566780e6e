import { type ErrorReport, executionKey, type Status, type Where } from './event.ts';
import type { Evidence } from './guard.ts';
import type { Change } from './module.ts';
import type { Json, Value } from './value.ts';

/** How an execution ended in an earlier process of the same run. */
export interface Recollection {
  readonly where: Where;
  readonly status: Status;
  readonly changes: readonly Change[];
  /** What was registered. Of a simulated past, parts of it are unknown. */
  readonly result: Value;
  /** Facts that it set on its host, besides what was registered. */
  readonly facts: { readonly [name: string]: Value };
  /** True where the result is not, or not whole, in the journal, because it is secret. */
  readonly withheld: boolean;
  /** It was only seen what it would change. */
  readonly notMade?: true;
  readonly error?: ErrorReport;
  readonly endedAtMs: number;
  /** Only of a simulated past: what it is taken to have proved. In a real one the result tells. */
  readonly proved?: readonly Evidence[];
}

/** A change that was announced, and whose end nobody saw. */
export interface UnderWay {
  readonly where: Where;
  readonly changes: readonly Change[];
  readonly begunAtMs: number;
  /** What was there before it, where its module can tell only by the difference whether it was made. */
  readonly state?: Json;
}

/**
 * What is remembered of a run by whoever goes on with it. Executions are known by task, host and rounds; where several bear
 * the same name (a list with the same item twice), the order tells them apart.
 */
export interface Recall {
  /** When the run began. */
  readonly begunAtMs: number;
  /** In the order in which they ended; those that failed too, so that the order stays. */
  readonly ended: readonly Recollection[];
  readonly underWay: readonly UnderWay[];
}

/** True for an end that is not tried again in a resume. */
export function isOver(status: Status): boolean {
  return status !== 'failed' && status !== 'unreachable' && status !== 'unknown';
}

/**
 * What of `old`, which is not recalled yet, counts once something is done live at `where`: what comes later on its host does not,
 * but for other items of the same loop, which do not follow on each other.
 */
export function stillCounting(old: readonly Recollection[], where: Where): Recollection[] {
  return old.filter(it => it.where.host !== where.host || isOfSameLoop(it.where, where));
}

function isOfSameLoop(a: Where, b: Where): boolean {
  const whole = ({ item: _item, ...rest }: Where) => executionKey(rest);
  return a.item !== undefined && whole(a) === whole(b);
}
