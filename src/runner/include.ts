import type { Where } from '../core/event.ts';
import { type Include, tasksOf } from '../core/plan.ts';
import type { Value } from '../core/value.ts';
import { Unknown } from '../core/value.ts';
import { type Fault, type Faults, faultOf, reportOf } from './fault.ts';
import type { Around, Lane } from './lane.ts';
import { type Round, roundsOf } from './loop.ts';
import { nameOf } from './name.ts';
import { skippedResult, statusOf } from './result.ts';
import { type Names, valuesLayer, varsLayer } from './scope.ts';
import type { Session } from './session.ts';
import { allHold, knownNumber } from './values.ts';
import type { walk } from './walk.ts';

/** One host's entry into an include: its round, with the include's vars worked out. */
interface Entry {
  readonly lane: Lane;
  readonly round: Round;
}

/** Enters a tasks file: an import as a block would be, an include once for each round of its loop. */
export async function runInclude(
  include: Include,
  lanes: readonly Lane[],
  around: Around,
  session: Session,
  enter: typeof walk,
): Promise<Faults> {
  if (include.mode === 'import') {
    const keyOf = ({ host }: Lane) => JSON.stringify([around.play.id, include.once, host]);
    const fresh = include.once === undefined ? lanes : lanes.filter(lane => !session.rolesDone.has(keyOf(lane)));
    if (lanes.length > 0) expose(include, around, session);
    const within = ({ names }: Lane) => inRole(include, names.with(...varsLayer('block', include.vars)));
    const inner = fresh.map(lane => ({ ...lane, names: within(lane) }));
    const inside = { ...around, conditions: [...around.conditions, ...include.when] };
    const faults = await enter(include.body, inner, inside, session);
    for (const lane of include.once === undefined ? [] : inner)
      if (!faults.has(lane.host)) session.rolesDone.add(keyOf(lane));
    return faults;
  }

  const faults: Faults = new Map();
  const entries = new Map<string, readonly Round[]>();
  for (const lane of lanes) {
    try {
      const rounds = include.loop ? roundsOf(include.loop, lane.names) : [{ names: lane.names }];
      if (rounds instanceof Unknown) leaveOut(include, lane, around, session, rounds);
      else entries.set(lane.host, rounds);
    } catch (error) {
      faults.set(lane.host, failed(include, lane, around, session, error));
    }
  }

  const longest = Math.max(0, ...[...entries.values()].map(rounds => rounds.length));
  for (let index = 0; index < longest; index += 1) {
    if (index > 0) await pause(include, lanes[0], around, session);
    const going: Entry[] = [];
    for (const lane of lanes) {
      const round = faults.has(lane.host) ? undefined : entries.get(lane.host)?.[index];
      if (!round) continue;
      try {
        const inner = admitted(include, lane, round, around, session);
        if (inner) going.push({ lane: inner, round });
      } catch (error) {
        faults.set(lane.host, failed(include, lane, around, session, error));
      }
    }
    // Hosts whose rounds bear the same label go in together.
    for (const [label, group] of Map.groupBy(going, entry => entry.round.label)) {
      const halted = session.halted(around.cleaning);
      const inner = group.map(entry => entry.lane);
      if (halted) {
        for (const lane of inner) faults.set(lane.host, halted);
        continue;
      }
      expose(include, around, session);
      const within = label === undefined ? around.within : [...around.within, label];
      session.emit({
        type: 'include-entered',
        step: include.id,
        name: nameOf(include, include.file, inner[0]?.names),
        within,
        hosts: inner.map(lane => lane.host),
      });
      for (const [host, fault] of await enter(include.body, inner, { ...around, within }, session))
        faults.set(host, fault);
    }
  }
  return faults;
}

/** The lane inside the include, or `undefined` where its conditions leave it out. Conditions and vars are worked out once. */
function admitted(include: Include, lane: Lane, round: Round, around: Around, session: Session): Lane | undefined {
  const names = round.names.with(...varsLayer('handed', include.vars));
  const holds = allHold([...around.conditions, ...include.when], names);
  if (holds !== true) {
    leaveOut(include, { ...lane, names }, around, session, holds, round.label);
    return undefined;
  }
  const vars: Record<string, Value> = {};
  for (const name of include.vars.keys()) vars[name] = names.get(name) ?? null;
  return { ...lane, names: inRole(include, round.names.with(valuesLayer('handed', vars))) };
}

/** What comes later in the play sees what the role has. */
function expose({ exposes, role }: Include, { play }: Around, session: Session): void {
  if (exposes && role) session.exposedIn(play.id).take(role);
}

function inRole({ role }: Include, names: Names): Names {
  return role ? names.inRole(role) : names;
}

/** Waits between two rounds; a stop ends it, and is noticed before the next step. */
async function pause(include: Include, lane: Lane | undefined, around: Around, session: Session): Promise<void> {
  const pauseS = lane && knownNumber(include.loop?.pause, lane.names, 'pause');
  if (!pauseS || !session.memory.isLive(lane.host)) return;
  await session.deps.clock.sleep(pauseS * 1000, session.patience(around.cleaning)).catch(() => {});
}

/** Reports an include that is not entered. The registers in it become skipped, or unknown with what it depends on. */
function leaveOut(
  include: Include,
  lane: Lane,
  around: Around,
  session: Session,
  because: false | Unknown,
  label?: string,
): void {
  const found = session.foundOn(lane.host);
  for (const task of tasksOf(include.body)) {
    if (task.register !== undefined) found.set(task.register, because === false ? skippedResult() : because);
  }
  const where = whereOf(include, lane, around, label);
  const record = session.memory.take(where);
  if (record) {
    session.recalled(record, where, false);
    return;
  }
  session.ended({
    where,
    status: because === false ? 'skipped' : 'unknown',
    durationMs: 0,
    result: {},
    ...(because === false ? {} : { text: `depends on ${because.dependsOn}` }),
  });
}

function failed(include: Include, lane: Lane, around: Around, session: Session, error: unknown): Fault {
  const fault = faultOf(error);
  const where = whereOf(include, lane, around);
  session.halt(fault);
  session.memory.take(where);
  session.ended({
    where,
    status: statusOf(fault, { ignored: false, rescued: around.rescued }),
    durationMs: 0,
    result: {},
    error: reportOf(fault.failure, include.span),
  });
  return fault;
}

function whereOf(include: Include, lane: Lane, around: Around, label?: string): Where {
  return {
    task: include.id,
    name: nameOf(include, include.file, lane.names),
    module: include.role ? 'include_role' : 'include_tasks',
    host: lane.host,
    on: lane.host,
    within: label === undefined ? around.within : [...around.within, label],
  };
}
