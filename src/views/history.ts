import {
  type ErrorReport,
  executionKey,
  type RunResult,
  type StampedEvent,
  type Status,
  type Where,
} from '../core/event.ts';
import type { MembershipView, Verdict } from '../core/guard.ts';
import type { Change } from '../core/module.ts';

/** One thing that a run did, on one host. */
export interface HistoryStep {
  readonly where: Where;
  /** `unseen`: it was begun, and its end is not in the journal. */
  readonly status: Status | 'unseen';
  readonly begunAtMs: number;
  readonly durationMs: number;
  /** With what was there before and after. */
  readonly changes: readonly Change[];
  readonly verdicts: readonly Verdict[];
  readonly error?: ErrorReport;
}

/** What a journal tells of a run. */
export interface History {
  /** When each of its processes began: more than one where it was resumed. */
  readonly processes: readonly number[];
  readonly steps: readonly HistoryStep[];
  /** What was agreed to, and how. */
  readonly consents: readonly { readonly atMs: number; readonly how: string; readonly to: readonly string[] }[];
  readonly before?: MembershipView;
  readonly after?: MembershipView;
  readonly warnings: readonly string[];
  /** Absent where its last process was killed, or goes on. */
  readonly outcome?: RunResult;
  readonly error?: ErrorReport;
}

/** The story of a run, from its events. What a resume recalled is told once, as it happened. */
export function historyOf(events: readonly StampedEvent[]): History {
  const steps: HistoryStep[] = [];
  const open = new Map<string, { readonly where: Where; readonly atMs: number; readonly changes: readonly Change[] }>();
  const verdicts = new Map<string, Verdict[]>();
  const consents: { atMs: number; how: string; to: readonly string[] }[] = [];
  const views: Partial<Record<'before' | 'after', MembershipView>> = {};
  let end: (StampedEvent & { type: 'run-ended' }) | undefined;

  for (const event of events) {
    switch (event.type) {
      case 'resumed':
        end = undefined;
        break;
      case 'judged': {
        const key = executionKey(event.where);
        verdicts.set(key, [...(verdicts.get(key) ?? []), event.verdict]);
        break;
      }
      case 'changing':
        open.set(executionKey(event.where), event);
        break;
      case 'ended': {
        const { where, status, durationMs, changes, error, atMs } = event;
        const key = executionKey(where);
        steps.push({
          where,
          status,
          begunAtMs: atMs - durationMs,
          durationMs,
          changes,
          verdicts: verdicts.get(key) ?? [],
          ...(error === undefined ? {} : { error }),
        });
        open.delete(key);
        verdicts.delete(key);
        break;
      }
      case 'consent':
        consents.push({ atMs: event.atMs, how: event.how, to: event.to });
        break;
      case 'membership':
        if (event.moment !== 'between') views[event.moment] ??= event.view;
        if (event.moment === 'after') views.after = event.view;
        break;
      case 'run-ended':
        end = event;
        break;
      default:
        break;
    }
  }
  const rounds = new Set(steps.filter(({ where }) => where.item !== undefined).map(({ where }) => wholeOf(where)));
  const unseen = [...open.values()].map(({ where, atMs, changes }): HistoryStep => {
    return { where, status: 'unseen', begunAtMs: atMs, durationMs: 0, changes, verdicts: [] };
  });
  return {
    processes: events.flatMap(({ type, atMs }) => (type === 'run-started' || type === 'resumed' ? [atMs] : [])),
    // A loop is told by its items; what it says at its end repeats them.
    steps: [...steps.filter(({ where }) => where.item !== undefined || !rounds.has(wholeOf(where))), ...unseen],
    consents,
    ...views,
    warnings: events.flatMap(event => (event.type === 'warning' ? [event.message] : [])),
    ...(end === undefined ? {} : { outcome: end.outcome }),
    ...(end?.error === undefined ? {} : { error: end.error }),
  };
}

function wholeOf({ item: _item, ...whole }: Where): string {
  return executionKey(whole);
}
