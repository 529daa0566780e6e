import type { Task } from '../core/plan.ts';
import { execute } from './execute.ts';
import { type Execution, reported } from './execution.ts';
import type { Fault, Faults } from './fault.ts';
import { notifiedBy } from './handlers.ts';
import { executeItems } from './items.ts';
import type { Around, Lane } from './lane.ts';
import { nameOf } from './name.ts';
import { inParallel } from './pool.ts';
import type { Ending } from './result.ts';
import { varsLayer } from './scope.ts';
import type { Session } from './session.ts';
import { knownNumber } from './values.ts';

/** Does a task on all lanes, `forks` at once. Gives the hosts on which it failed for good. */
export async function runTask(task: Task, lanes: readonly Lane[], around: Around, session: Session): Promise<Faults> {
  const faults: Faults = new Map();
  if (task.noLog) session.quiet.add(task.id);
  if (task.diff === false) session.undiffed.add(task.id);
  session.emit({
    type: 'task-started',
    task: task.id,
    name: nameOf(task, task.module.name, lanes[0]?.names.with(...varsLayer('task', task.vars))),
    module: task.module.name,
    within: around.within,
    hosts: lanes.map(lane => lane.host),
    ...(around.play.handlers.includes(task) ? { handler: true as const } : {}),
  });
  if (task.runOnce) return await runOnce(task, lanes, around, session);
  await inParallel(lanes, widthOf(task, lanes, around), async lane => {
    const halted = session.halted(around.cleaning);
    const fault = halted ?? faultIn(await runOnHost(task, lane, around, session));
    if (fault) faults.set(lane.host, fault);
  });
  return faults;
}

/** `forks`, or what the task allows where that is less. */
function widthOf({ throttle }: Task, [lane]: readonly Lane[], { forks }: Around): number {
  const most = throttle && lane ? knownNumber(throttle, lane.names, 'throttle') : undefined;
  return most ? Math.min(forks, most) : forks;
}

/**
 * On the first of the hosts whose conditions hold, and in the whole play once: where an earlier batch has done it, its result is
 * that of this one too. Where it fails, nobody has the result, so none goes further.
 */
async function runOnce(task: Task, lanes: readonly Lane[], around: Around, session: Session): Promise<Faults> {
  const key = JSON.stringify([task.id, around.within]);
  const known = session.once.get(key);
  const before = session.memory.hostOf(task.id, around.within);
  let ending = known && known.batch !== around.batch ? known.ending : undefined;
  for (const lane of [...lanes.filter(one => one.host === before), ...lanes.filter(one => one.host !== before)]) {
    if (ending) break;
    const halted = session.halted(around.cleaning);
    if (halted) return new Map(lanes.map(({ host }) => [host, halted]));
    const its = await runOnHost(task, lane, around, session);
    if (its.status !== 'skipped') ending = its;
  }
  if (!ending) return new Map();
  session.once.set(key, { ending, batch: around.batch });
  for (const { host } of lanes) keep(task, host, ending, session);
  const fault = faultIn(ending);
  return new Map(fault ? lanes.map(({ host }) => [host, fault]) : []);
}

async function runOnHost(task: Task, lane: Lane, around: Around, session: Session): Promise<Ending> {
  const { host } = lane;
  const names = lane.names.with(...varsLayer('task', task.vars));
  const name = nameOf(task, task.module.name, names);
  const where = { task: task.id, name, module: task.module.name, host, on: host, within: around.within };
  const execution: Execution = { task, names, where, around, session };
  const { loop } = task;
  const ending = await reported(execution, loop ? it => executeItems(it, loop) : execute);
  keep(task, host, ending, session);
  for (const handler of notifiedBy(task, ending, around)) {
    session.waiting.notify(
      handler,
      host,
      nameOf(handler, handler.module.name, lane.names),
      session.memory.isLive(host),
    );
  }
  return ending;
}

function keep({ register }: Task, host: string, ending: Ending, session: Session): void {
  if (register !== undefined) session.foundOn(host).set(register, ending.register);
}

function faultIn({ status, fault }: Ending): Fault | undefined {
  return status === 'ignored' ? undefined : fault;
}
