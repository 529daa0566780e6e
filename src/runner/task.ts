import type { Task } from '../core/plan.ts';
import { execute } from './execute.ts';
import { type Execution, reported } from './execution.ts';
import type { Fault, Faults } from './fault.ts';
import { notifiedBy } from './handlers.ts';
import { executeItems } from './items.ts';
import type { Around, Lane } from './lane.ts';
import { nameOf } from './name.ts';
import { inParallel } from './pool.ts';
import { varsLayer } from './scope.ts';
import type { Session } from './session.ts';

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
    ...(around.play.handlers.includes(task) ? { handler: true as const } : {}),
  });
  await inParallel(lanes, around.forks, async lane => {
    const fault = session.halted(around.cleaning) ?? (await runOnHost(task, lane, around, session));
    if (fault) faults.set(lane.host, fault);
  });
  return faults;
}

async function runOnHost(task: Task, lane: Lane, around: Around, session: Session): Promise<Fault | undefined> {
  const { host } = lane;
  const names = lane.names.near(...varsLayer(task.vars));
  const name = nameOf(task, task.module.name, names);
  const where = { task: task.id, name, module: task.module.name, host, on: host, within: around.within };
  const execution: Execution = { task, names, where, around, session };
  const { loop } = task;
  const ending = await reported(execution, loop ? it => executeItems(it, loop) : execute);
  if (task.register !== undefined) session.foundOn(host).set(task.register, ending.register);
  for (const handler of notifiedBy(task, ending, around)) {
    session.waiting.notify(handler, host, nameOf(handler, handler.module.name, lane.names));
  }
  return ending.status === 'ignored' ? undefined : ending.fault;
}
