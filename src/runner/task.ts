import type { Where } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import type { Task } from '../core/plan.ts';
import { Unknown } from '../core/value.ts';
import { attempts } from './attempt.ts';
import { foreseeFacts } from './facts.ts';
import { catchable, type Fault, type Faults, faultOf, reportOf } from './fault.ts';
import type { Around, Lane } from './lane.ts';
import { type Round, roundsOf } from './loop.ts';
import { nameOf } from './name.ts';
import { hiddenFault, hiddenLabel } from './no-log.ts';
import { inParallel } from './pool.ts';
import {
  type Ending,
  failedResult,
  loopResult,
  loopStatus,
  registered,
  skippedResult,
  statusOf,
  withItem,
} from './result.ts';
import { type Names, varsLayer } from './scope.ts';
import type { Session } from './session.ts';
import { allHold, jsonOf, numberOf, textOf } from './values.ts';

/** Does a task on all lanes, `forks` at once. Gives the hosts on which it failed for good. */
export async function runTask(task: Task, lanes: readonly Lane[], around: Around, session: Session): Promise<Faults> {
  const faults: Faults = new Map();
  if (task.noLog) session.quiet.add(task.id);
  session.emit({
    type: 'task-started',
    task: task.id,
    name: nameOf(task, task.module.name, lanes[0]?.names.near(...varsLayer(task.vars))),
    module: task.module.name,
    within: around.within,
    hosts: lanes.map(lane => lane.host),
  });
  await inParallel(lanes, around.forks, async lane => {
    const fault = await runOnHost(task, lane, around, session);
    if (fault) faults.set(lane.host, fault);
  });
  return faults;
}

async function runOnHost(task: Task, lane: Lane, around: Around, session: Session): Promise<Fault | undefined> {
  const names = lane.names.near(...varsLayer(task.vars));
  const where: Where = {
    task: task.id,
    name: nameOf(task, task.module.name, names),
    module: task.module.name,
    host: lane.host,
    on: lane.host,
    within: around.within,
  };
  const halted = session.halted(around.cleaning);
  if (halted) return halted;
  const ending = task.loop
    ? await reported(task, where, session, at => loop(task, { names }, at, around, session))
    : await reported(task, where, session, at => execute(task, { names }, at, around, session));
  if (task.register !== undefined) session.foundOn(lane.host).set(task.register, ending.register);
  return ending.status === 'ignored' ? undefined : ending.fault;
}

/** Carries an execution out and sends out how it ended. */
async function reported(
  task: Task,
  where: Where,
  session: Session,
  work: (where: { current: Where }) => Promise<Ending>,
): Promise<Ending> {
  const { clock } = session.deps;
  const startMs = clock.now();
  const at = { current: where };
  const ending = await work(at);
  const { status, fault, changes, register, text } = ending;
  // Under way stays what nobody saw the end of.
  if (fault?.kind !== 'interrupted' && fault?.failure.code !== 'answer-lost') session.underWay.delete(at.current);
  session.ended({
    where: at.current,
    status,
    durationMs: clock.now() - startMs,
    changes,
    result: register instanceof Unknown ? {} : jsonOf(register),
    ...(text === undefined ? {} : { text }),
    ...(fault === undefined ? {} : { error: reportOf(fault.failure, task.span) }),
  });
  return ending;
}

/** All items of a task's loop, one after the other; a failed one does not stop the others, as in Ansible. */
async function loop(
  task: Task,
  { names }: Round,
  at: { current: Where },
  around: Around,
  session: Session,
): Promise<Ending> {
  const { deps } = session;
  if (!task.loop) throw new Error('not a loop');
  const conditions = [...around.conditions, ...task.when];
  let rounds: readonly Round[];
  let pauseMs: number;
  try {
    const found = roundsOf(task.loop, names);
    if (found instanceof Unknown) return dependsOn(task, names, at.current, found, conditions, session);
    rounds = found;
    const pauseS = numberOf(task.loop.pause, names, 'pause');
    pauseMs = typeof pauseS === 'number' ? pauseS * 1000 : 0;
  } catch (error) {
    // A list that can't be had does not matter where the condition leaves the task out anyway.
    return isLeftOut(conditions, names) ? skipped() : failed(task, names, error, around, session, at.current);
  }

  const endings: { ending: Ending; round: Round }[] = [];
  let uncaught: Fault | undefined;
  for (const [index, round] of rounds.entries()) {
    const halted = session.halted(around.cleaning);
    if (halted) {
      uncaught ??= halted;
      break;
    }
    if (index > 0 && pauseMs > 0)
      await deps.clock.sleep(pauseMs, AbortSignal.any([deps.abort, deps.stop])).catch(() => {});
    const item = task.noLog ? hiddenLabel(index) : (round.label ?? '');
    const where = { ...at.current, name: nameOf(task, task.module.name, round.names), item };
    const ending = await reported(task, where, session, inner => execute(task, round, inner, around, session));
    endings.push({ ending, round });
    if (ending.fault && ending.status !== 'ignored') uncaught ??= ending.fault;
    if (ending.fault && !catchable(ending.fault)) {
      uncaught = ending.fault;
      break;
    }
  }
  const changes = endings.flatMap(({ ending }) => ending.changes);
  const register = loopResult(endings.map(({ ending, round }) => withItem(ending.register, round.item ?? null)));
  const status = uncaught && endings.length === 0 ? 'failed' : loopStatus(endings.map(({ ending }) => ending.status));
  return { status, changes, register, ...(uncaught === undefined ? {} : { fault: uncaught }) };
}

/** A task once: its conditions, its tries, and what becomes of its failure. */
async function execute(
  task: Task,
  { names }: Round,
  at: { current: Where },
  around: Around,
  session: Session,
): Promise<Ending> {
  try {
    const conditions = [...around.conditions, ...task.when];
    const holds = allHold(conditions, names);
    if (holds === false) return skipped();
    if (holds instanceof Unknown) return dependsOn(task, names, at.current, holds, [], session);
    at.current = { ...at.current, on: delegateOf(task, names) ?? at.current.host };
    const performed = await attempts(task, names, at.current, session, around.cleaning);
    if (performed.kind === 'unknown') {
      const { because, changes, text = 'not run in check mode' } = performed;
      return { status: 'unknown', changes, register: because, text };
    }
    const { changed, changes, result, text } = performed;
    return {
      status: changed ? 'changed' : 'ok',
      changes,
      register: registered({ changed }, result),
      ...(text === undefined ? {} : { text }),
    };
  } catch (error) {
    return failed(task, names, error, around, session, at.current);
  }
}

function skipped(): Ending {
  return { status: 'skipped', changes: [], register: skippedResult() };
}

function dependsOn(
  task: Task,
  names: Names,
  where: Where,
  unknown: Unknown,
  conditions: Task['when'],
  session: Session,
): Ending {
  if (isLeftOut(conditions, names)) return skipped();
  if (task.module.kind === 'control' && task.module.namesFacts) {
    foreseeFacts(task, task.args.render(names), where.host, session, unknown);
  }
  return { status: 'unknown', changes: [], register: unknown, text: `depends on ${unknown.dependsOn}` };
}

function isLeftOut(conditions: Task['when'], names: Names): boolean {
  try {
    return conditions.length > 0 && allHold(conditions, names) === false;
  } catch {
    return false;
  }
}

function failed(task: Task, names: Names, error: unknown, around: Around, session: Session, where: Where): Ending {
  const thrown = faultOf(error);
  const fault = { ...(task.noLog ? hiddenFault(thrown) : thrown), task: where.name };
  session.halt(fault);
  const ignored = task.ignoreErrors !== undefined && catchable(fault) && ignores(task.ignoreErrors, names);
  const status = statusOf(fault, { ignored, rescued: around.rescued });
  return { status, fault, changes: [], register: failedResult(thrown) };
}

function ignores(template: NonNullable<Task['ignoreErrors']>, names: Names): boolean {
  try {
    return allHold([template], names) === true;
  } catch {
    return false;
  }
}

function delegateOf(task: Task, names: Names): string | undefined {
  const value = task.delegateTo?.render(names);
  if (value === undefined || typeof value === 'string') return value;
  if (value instanceof Unknown) return undefined;
  throw new Failure('invalid-value', `delegate_to needs the name of a host, not ${textOf(value)}`, {
    ...(task.delegateTo ? { span: task.delegateTo.span } : {}),
  });
}
