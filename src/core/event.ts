import type { HandStep } from './by-hand.ts';
import type { Code } from './codes.ts';
import type { CourseStep, MembershipView, Verdict } from './guard.ts';
import type { Progress } from './host.ts';
import type { Login } from './inventory.ts';
import type { Change } from './module.ts';
import type { Json } from './value.ts';

/** How a task ended on a host. `unknown` is check mode's: it was not run, or depends on what was not run. */
export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'ignored' | 'rescued' | 'unreachable' | 'unknown';

/** One execution of a task: which, on which host, in which rounds of the loops around it. */
export interface Where {
  readonly task: string;
  /** The rendered name, with the names of the includes and rounds it stands in left out. */
  readonly name: string;
  readonly module: string;
  readonly host: string;
  /** Where it is delegated to, if elsewhere. */
  readonly on: string;
  /** As whom, and how it is reached there, where not as the inventory says. */
  readonly as?: Login;
  /** Rounds of the includes around it, outermost first: `["node002"]`. */
  readonly within: readonly string[];
  /** The label of its own loop's item. A task with a loop ends once for each item, and then once without `item`. */
  readonly item?: string;
}

export interface ErrorReport {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  /** `playbooks/x.yml:12:7`. */
  readonly place?: string;
}

export interface HostTotals {
  readonly ok: number;
  readonly changed: number;
  readonly skipped: number;
  readonly failed: number;
  readonly ignored: number;
  readonly unreachable: number;
  readonly unknown: number;
}

/** A task that is still to be done, as commands. */
export interface HandTask {
  readonly where: Where;
  readonly steps: readonly HandStep[];
}

export type RunResult = 'done' | 'failed' | 'unreachable' | 'refused' | 'locked' | 'interrupted' | 'defect';

/**
 * All that happens in a run, in the order in which it happens; the one thing that views, the journal and `--json` see.
 * Every event is written to the journal before what it announces is done.
 */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly playbook: string;
      readonly check: boolean;
      readonly inputs: Readonly<Record<string, Json>>;
      readonly hosts: readonly string[];
    }
  /** Another process goes on with the run. What comes before this event, earlier ones told. */
  | {
      readonly type: 'resumed';
      readonly run: string;
      readonly playbook: string;
      readonly inputs: Readonly<Record<string, Json>>;
      readonly hosts: readonly string[];
      readonly begunAtMs: number;
      /** How many tasks were brought to their end, on all hosts together. */
      readonly done: number;
      /** What was being changed, its outcome not seen. */
      readonly underWay: readonly Where[];
      /** What failed, and is tried again. */
      readonly failed: readonly Where[];
    }
  /**
   * Before a run that changes a membership: it is gone through in check mode, to see its course. Nothing is changed. First
   * without `at`, then for each task with its name and rounds, so that people see what is being waited for.
   */
  | { readonly type: 'rehearsing'; readonly at?: string }
  /** `between`: as it was seen before a change, where it is not what it was when it was last told. */
  | { readonly type: 'membership'; readonly moment: 'before' | 'between' | 'after'; readonly view: MembershipView }
  | { readonly type: 'course'; readonly steps: readonly CourseStep[] }
  | { readonly type: 'consent'; readonly how: '--yes' | 'typed' | '--allow'; readonly to: readonly string[] }
  | { readonly type: 'play-started'; readonly play: string; readonly name: string; readonly hosts: readonly string[] }
  /** A task begins on hosts; the host-level events that follow carry the same `task`. */
  | {
      readonly type: 'task-started';
      readonly task: string;
      readonly name: string;
      readonly module: string;
      readonly within: readonly string[];
      readonly hosts: readonly string[];
      /** It is a handler that was notified. */
      readonly handler?: true;
    }
  | {
      readonly type: 'include-entered';
      readonly step: string;
      readonly name: string;
      readonly within: readonly string[];
      readonly hosts: readonly string[];
    }
  | { readonly type: 'progress'; readonly where: Where; readonly progress: Progress }
  | {
      readonly type: 'retry';
      readonly where: Where;
      /** The try that failed, from 1. */
      readonly attempt: number;
      readonly attempts: number;
      readonly waitMs: number;
      readonly because: string;
    }
  | { readonly type: 'judged'; readonly where: Where; readonly verdict: Verdict }
  /** The intent: written ahead of every change. */
  | {
      readonly type: 'changing';
      readonly where: Where;
      readonly changes: readonly Change[];
      /** What was there before, where the module can tell only by the difference whether the change was made. */
      readonly state?: Json;
    }
  /** The change was made (or its answer lost); now its effect is waited for. */
  | { readonly type: 'settling'; readonly where: Where; readonly limitMs: number }
  | {
      readonly type: 'ended';
      readonly where: Where;
      readonly status: Status;
      readonly durationMs: number;
      readonly changes: readonly Change[];
      /** What is registered; `{}` where no_log is on. */
      readonly result: Json;
      /** Facts that it set, besides what is registered. */
      readonly facts?: Readonly<Record<string, Json>>;
      /** True where the result or the facts are not whole here, because parts of them are secret. */
      readonly withheld?: true;
      /** For people, where a module wants to say something (`debug`). */
      readonly text?: string;
      readonly error?: ErrorReport;
      /** Check mode: the same as commands, where the module knows them. */
      readonly byHand?: readonly HandStep[];
      /** Its own `check_mode` kept it from being made: it was only seen what would be changed. */
      readonly notMade?: true;
      /** The handlers that it woke. */
      readonly notified?: readonly string[];
    }
  /** Brought to its end by an earlier process of the run, and not done again. */
  | {
      readonly type: 'recalled';
      readonly where: Where;
      readonly status: Status;
      readonly changes: readonly Change[];
      readonly endedAtMs: number;
      /** Its result is secret or too old, so it is looked at again: it ends a second time. */
      readonly again?: true;
    }
  /** What must happen once was under way when the run was interrupted; a person said whether it was done. */
  | {
      readonly type: 'decided';
      readonly where: Where;
      readonly decision: 'done' | 'again';
      readonly how: 'typed' | '--assume-done' | '--repeat';
    }
  | { readonly type: 'warning'; readonly message: string }
  | {
      readonly type: 'run-ended';
      readonly outcome: RunResult;
      readonly durationMs: number;
      readonly totals: Readonly<Record<string, HostTotals>>;
      /** Where it stopped before its goal: the cause, and what to type next. */
      readonly error?: ErrorReport;
      readonly next: readonly string[];
      /** Where it stopped after it had begun: what of its course is not done, as commands. */
      readonly remaining?: readonly HandTask[];
      /** Handlers that were notified and are not done; a resume does them. */
      readonly waiting?: readonly { readonly handler: string; readonly hosts: readonly string[] }[];
    };

/** An event as the one exit sends it out: numbered from 1, timed, its secrets masked. */
export type StampedEvent = RunEvent & { readonly sequence: number; readonly atMs: number };

/** Shows or remembers a run. A view that throws is left out from then on; the run goes on. */
export interface View {
  event(event: StampedEvent): void;
  /** After the last event. */
  close?(): Promise<void>;
}

/** What an execution is known by: a task, in its rounds, on a host. */
export function executionKey({ task, host, within, item }: Where): string {
  return JSON.stringify([task, host, within, item ?? null]);
}

/** For switches over a union: does not compile where a case is missing. */
export function unreachable(x: never): never {
  throw new Error(`not handled: ${JSON.stringify(x)}`);
}
