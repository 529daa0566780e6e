import type { Where } from '../core/event.ts';
import type { Task } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import { Unknown } from '../core/value.ts';
import { foreseeFacts } from './facts.ts';
import { catchable, faultOf, reportOf } from './fault.ts';
import { notifiedBy } from './handlers.ts';
import { mayInclude } from './included.ts';
import type { Around } from './lane.ts';
import { nameOf } from './name.ts';
import { hiddenFault } from './no-log.ts';
import { recalled } from './recalled.ts';
import { type Ending, failedResult, skippedResult, statusOf, withReach } from './result.ts';
import type { Names } from './scope.ts';
import type { Session } from './session.ts';
import { allHold, jsonOf } from './values.ts';

/** One execution of a task: on one host, of a loop one item or the loop as a whole. */
export interface Execution {
  readonly task: Task;
  readonly names: Names;
  readonly where: Where;
  readonly around: Around;
  readonly session: Session;
}

/** Its own conditions and those of the blocks and imports around it. */
export function conditionsOf({ task, around }: Execution): readonly Template[] {
  return [...around.conditions, ...task.when];
}

/**
 * Carries an execution out and sends out how it ended; or recalls its end, where an earlier process of the run saw it. A
 * loop as a whole ends with its items, so only they are recalled. `live` as in `Memory.take`.
 */
export async function reported(
  execution: Execution,
  work: (it: Execution) => Promise<Ending>,
  live = isLive(execution),
): Promise<Ending> {
  const { task, session, where } = execution;
  const { memory } = session;
  const isWhole = task.loop !== undefined && where.item === undefined;
  const known = isWhole ? undefined : recalled(execution, live);
  if (known) return known;
  const { clock } = session.deps;
  const startMs = clock.now();
  const ending = await work(execution);
  const { on = where.on, as, status, fault, changes, register, facts, text, notMade } = ending;
  const record = isWhole ? memory.take(where) : undefined;
  if (record) {
    session.recalled(record, where, false);
    return ending;
  }
  // Under way stays what nobody saw the end of.
  if (fault?.kind !== 'interrupted' && fault?.failure.code !== 'answer-lost') session.noLongerUnderWay(where);
  if (!fault) memory.settled(where);
  const told = {
    where: { ...where, on, ...(as ? { as } : {}) },
    status,
    durationMs: clock.now() - startMs,
    changes,
    result: register instanceof Unknown ? {} : jsonOf(register),
    ...(facts === undefined ? {} : { facts }),
    ...(text === undefined ? {} : { text: status === 'unknown' ? text + mayWake(execution, ending) : text }),
    ...(notMade ? { notMade } : {}),
    ...(fault === undefined ? {} : { error: reportOf(fault.failure, task.span) }),
    ...(status === 'changed' ? notifiedNames(execution, ending) : {}),
  };
  session.ended(told, register);
  return ending;
}

/** True where nothing that an earlier process of the run did counts for it any more. */
export function isLive({ session, where, around }: Execution): boolean {
  return around.done?.has(where.host) !== true && session.memory.isLive(where.host);
}

function notifiedNames({ task, names, around }: Execution, ending: Ending): { readonly notified?: readonly string[] } {
  const notified = notifiedBy(task, ending, around).map(handler => nameOf(handler, handler.module.name, names));
  return notified.length === 0 ? {} : { notified };
}

/** Of a task of which it is not known whether it changes something. */
function mayWake(execution: Execution, ending: Ending): string {
  const { notified = [] } = notifiedNames(execution, ending);
  return notified.length === 0 ? '' : `; it may wake ${notified.join(', ')}`;
}

/** The conditions leave it out. */
export function skipped({ task }: Execution): Ending {
  return { status: 'skipped', changes: [], register: withReach(task, skippedResult(), false) };
}

/** Check mode: its condition, its list or its host is not known. */
export function dependsOn(execution: Execution, unknown: Unknown): Ending {
  const { task, names, where, session } = execution;
  if (task.module.kind === 'control' && task.module.namesFacts) {
    foreseeFacts(execution, task.args.render(names), unknown);
  }
  mayInclude(task, where.host, unknown, session);
  return { status: 'unknown', changes: [], register: unknown, text: `depends on ${unknown.dependsOn}` };
}

/** It failed; whether that counts, `ignore_errors` and a `rescue` around it say, where they may. */
export function failed({ task, names, where, around, session }: Execution, error: unknown): Ending {
  const thrown = faultOf(error);
  const fault = { ...(task.noLog ? hiddenFault(thrown) : thrown), task: where.name };
  session.halt(fault);
  const ignoring =
    fault.kind === 'unreachable' ? task.ignoreUnreachable : catchable(fault) ? task.ignoreErrors : undefined;
  const ignored = ignoring !== undefined && surelyHolds(ignoring, names);
  const status = statusOf(fault, { ignored, rescued: around.rescued });
  return { status, fault, changes: [], register: withReach(task, failedResult(thrown), fault.kind === 'unreachable') };
}

function surelyHolds(condition: Template, names: Names): boolean {
  try {
    return allHold([condition], names) === true;
  } catch {
    return false;
  }
}
