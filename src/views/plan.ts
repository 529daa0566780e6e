import type { HandStep } from '../core/by-hand.ts';
import {
  type ErrorReport,
  executionKey,
  type HandTask,
  type RunResult,
  type StampedEvent,
  type Status,
  unreachable,
  type View,
  type Where,
} from '../core/event.ts';
import type { MembershipView, Verdict } from '../core/guard.ts';
import type { Change } from '../core/module.ts';
import type { SimulationReport } from '../core/simulation.ts';
import type { Json } from '../core/value.ts';
import { interruptionOf, noReturnOf } from './plan-costs.ts';

/** How a change was weighed, and what cannot be taken back of it. */
interface PlannedVerdict extends Verdict {
  /** Why there is no way back from here. */
  readonly noReturn?: string;
  /** How long writes are expected to stop. */
  readonly interruption?: string;
}

/** One task on one host, in the order of the run. */
export interface PlannedStep {
  readonly where: Where;
  /** `changed`: it would be. `unknown`: not foreseen in full; with changes, it would be done. */
  readonly status: Status;
  readonly changes: readonly Change[];
  readonly text?: string;
  readonly error?: ErrorReport;
  /** Each with the standing before and after the change. */
  readonly verdicts: readonly PlannedVerdict[];
  readonly byHand: readonly HandStep[];
}

/** What `quorate plan` found; `--json` prints it as it is. */
export interface PlanReport {
  readonly playbook: string;
  readonly inputs: Readonly<Record<string, Json>>;
  /** The first host of the plan: where one begins by hand. */
  readonly home: string;
  readonly outcome: RunResult;
  /** Absent where nothing can change a membership, or none could be seen. */
  readonly members?: MembershipView;
  readonly steps: readonly PlannedStep[];
  /** What `run` asks for: one yes to the course, and names for `--allow`. */
  readonly yes: { readonly course: boolean; readonly allow: readonly string[] };
  readonly warnings: readonly string[];
  readonly error?: ErrorReport;
  /** What comes of it where it is killed; with `--simulate`, where it would come to its goal. */
  readonly simulation?: SimulationReport;
}

/** Gathers the events of a pass in check mode. `report` is complete after the last of them. */
export function planView(): View & { report(): PlanReport } {
  const judged = new Map<string, PlannedVerdict[]>();
  const loops = new Set<string>();
  const steps: PlannedStep[] = [];
  const warnings: string[] = [];
  let start = { playbook: '', inputs: {} as Readonly<Record<string, Json>>, home: '' };
  let members: MembershipView | undefined;
  let end: { readonly outcome: RunResult; readonly error?: ErrorReport } = { outcome: 'defect' };

  const ended = (event: StampedEvent & { type: 'ended' }) => {
    const { where, status, changes, text, error, byHand = [] } = event;
    // A loop is told by its items; what it says at its end repeats them.
    if (where.item === undefined && loops.has(executionKey(where))) return;
    if (where.item !== undefined) {
      const { item: _item, ...whole } = where;
      loops.add(executionKey(whole));
    }
    steps.push({
      where,
      status,
      changes,
      ...(text === undefined ? {} : { text }),
      ...(error === undefined ? {} : { error }),
      verdicts: judged.get(executionKey(where)) ?? [],
      byHand,
    });
  };

  return {
    event(event) {
      switch (event.type) {
        case 'run-started':
          start = { playbook: event.playbook, inputs: event.inputs, home: event.hosts[0] ?? '' };
          break;
        case 'membership':
          members ??= event.view;
          break;
        case 'judged': {
          const key = executionKey(event.where);
          judged.set(key, [...(judged.get(key) ?? []), withCosts(event.verdict)]);
          break;
        }
        case 'ended':
          ended(event);
          break;
        case 'warning':
          warnings.push(event.message);
          break;
        case 'run-ended':
          end = event.error === undefined ? { outcome: event.outcome } : { outcome: event.outcome, error: event.error };
          break;
        case 'resumed':
        case 'recalled':
        case 'decided':
        case 'rehearsing':
        case 'course':
        case 'consent':
        case 'play-started':
        case 'task-started':
        case 'include-entered':
        case 'progress':
        case 'retry':
        case 'changing':
        case 'settling':
          break;
        default:
          unreachable(event);
      }
    },
    report() {
      const verdicts = steps.flatMap(step => step.verdicts);
      const allow = verdicts.flatMap(({ kind, allowName }) => (kind === 'refused' && allowName ? [allowName] : []));
      return {
        ...start,
        outcome: end.outcome,
        ...(members === undefined ? {} : { members }),
        steps,
        yes: { course: verdicts.length > 0, allow: [...new Set(allow)] },
        warnings,
        ...(end.error === undefined ? {} : { error: end.error }),
      };
    },
  };
}

function withCosts(verdict: Verdict): PlannedVerdict {
  const noReturn = noReturnOf(verdict);
  const interruption = interruptionOf(verdict);
  return {
    ...verdict,
    ...(noReturn === undefined ? {} : { noReturn }),
    ...(interruption === undefined ? {} : { interruption }),
  };
}

/** The steps that are still to be made or looked at, as commands; one whose commands nobody knows is among them. */
export function handTasksOf({ steps }: PlanReport): readonly HandTask[] {
  return steps
    .filter(({ status, changes, byHand }) => byHand.length > 0 || changes.length > 0 || status === 'unknown')
    .map(({ where, byHand }) => ({ where, steps: byHand }));
}
