import type { ErrorReport, RunEvent, Status } from '../core/event.ts';
import type { Verdict } from '../core/guard.ts';
import type { Change } from '../core/module.ts';

/** One task on its hosts, as it is drawn. */
export interface TaskState {
  readonly title: string;
  readonly depth: number;
  /** True where the play has this one host, so that its name need not stand everywhere. */
  readonly alone: boolean;
  readonly rows: readonly RowState[];
}

/** A task on one host. The view writes it, the renderer reads it. */
export interface RowState {
  readonly host: string;
  on: string;
  startedMs: number;
  /** What is waited for, beside the text that listr2 holds as the task's output. */
  wait: Wait | undefined;
  /** Rounds of its own loop that have ended. */
  readonly rounds: Ended[];
  readonly verdicts: Verdict[];
  ended: Ended | undefined;
}

export interface Wait {
  readonly fraction?: number;
  /** Since when, where that is another moment than the task's beginning. */
  readonly sinceMs?: number;
  /** When the next try begins. */
  readonly untilMs?: number;
}

export interface Ended {
  readonly status: Status | 'stopped';
  /** In an earlier process of the run. */
  readonly earlier?: true;
  readonly item?: string;
  readonly durationMs: number;
  readonly changes: readonly Change[];
  readonly text?: string;
  readonly error?: ErrorReport;
}

export function newRow(host: string, startedMs: number): RowState {
  return { host, on: host, startedMs, wait: undefined, rounds: [], verdicts: [], ended: undefined };
}

export function recalledEnd({ status, changes, where }: RunEvent & { readonly type: 'recalled' }): Ended {
  return { status, earlier: true, durationMs: 0, changes, ...(where.item === undefined ? {} : { item: where.item }) };
}

export function endOf(event: RunEvent & { readonly type: 'ended' }): Ended {
  const { status, durationMs, changes, text, error, where } = event;
  return {
    status,
    durationMs,
    changes,
    ...(where.item === undefined ? {} : { item: where.item }),
    ...(text === undefined ? {} : { text }),
    ...(error === undefined ? {} : { error }),
  };
}
