import { unreachable } from '../core/event.ts';
import type { Block, End, Step } from '../core/plan.ts';
import { Unknown } from '../core/value.ts';
import { countLost } from './batch.ts';
import { catchable, type Fault, type Faults, faultOf } from './fault.ts';
import { runHandlers } from './handlers.ts';
import { runInclude } from './include.ts';
import type { Around, Lane } from './lane.ts';
import { valuesLayer, varsLayer } from './scope.ts';
import type { Session } from './session.ts';
import { runTask } from './task.ts';
import { allHold } from './values.ts';

/**
 * Takes hosts through steps, all of them through a step before any begins the next (Ansible's linear strategy). A host
 * that fails goes no further. Gives the hosts that did not get through, and why.
 */
export async function walk(
  steps: readonly Step[],
  lanes: readonly Lane[],
  around: Around,
  session: Session,
): Promise<Faults> {
  const faults: Faults = new Map();
  for (const step of steps) {
    const going = lanes.filter(lane => !faults.has(lane.host) && !around.batch.isOver(lane.host));
    if (going.length === 0) break;
    const halted = session.halted(around.cleaning);
    if (halted) {
      for (const lane of going) faults.set(lane.host, halted);
      break;
    }
    for (const [host, fault] of await enter(step, going, around, session)) faults.set(host, fault);
    countLost(faults, around, session, step);
  }
  return faults;
}

async function enter(step: Step, lanes: readonly Lane[], around: Around, session: Session): Promise<Faults> {
  switch (step.kind) {
    case 'task':
      return await runTask(step, lanes, around, session);
    case 'block':
      return await runBlock(step, lanes, around, session);
    case 'include':
      return await runInclude(step, lanes, around, session, walk);
    case 'flush': {
      const hosts = lanes.map(lane => lane.host);
      return await runHandlers(hosts, around, session, runTask);
    }
    case 'end':
      return runEnd(step, lanes, around, session);
    default:
      return unreachable(step);
  }
}

/** Where its conditions hold; for a batch or a play they are asked on the first host, as in Ansible. What is not known ends nothing, and is told. */
function runEnd(step: End, lanes: readonly Lane[], { batch, conditions }: Around, session: Session): Faults {
  const faults: Faults = new Map();
  const ends = (lane: Lane): boolean => {
    try {
      const holds = allHold([...conditions, ...step.when], lane.names);
      if (holds instanceof Unknown) {
        const message = `whether the ${step.of} ends here depends on ${holds.dependsOn}; what follows is shown for ${lane.host} as if it did not`;
        session.emit({ type: 'warning', message });
      }
      return holds === true;
    } catch (error) {
      faults.set(lane.host, faultOf(error));
      return false;
    }
  };
  if (step.of === 'host') batch.ends(lanes.filter(ends).map(({ host }) => host));
  else if (lanes[0] && ends(lanes[0])) step.of === 'play' ? batch.endsPlay() : batch.endsAll();
  return faults;
}

async function runBlock(block: Block, lanes: readonly Lane[], around: Around, session: Session): Promise<Faults> {
  const inner = lanes.map(lane => ({ ...lane, names: lane.names.with(...varsLayer('block', block.vars)) }));
  const inside = { ...around, conditions: [...around.conditions, ...block.when] };
  const rescues = block.rescue.length > 0;

  const faults = await walk(block.body, inner, { ...inside, rescued: rescues || around.rescued }, session);
  if (rescues) {
    const caught = inner.flatMap(lane => {
      const fault = faults.get(lane.host);
      return fault && catchable(fault) ? [rescuing(lane, fault)] : [];
    });
    for (const lane of caught) faults.delete(lane.host);
    for (const [host, fault] of await walk(block.rescue, caught, inside, session)) faults.set(host, fault);
  }
  const cleaned = await walk(block.always, inner, { ...inside, cleaning: true }, session);
  for (const [host, fault] of cleaned) if (!faults.has(host)) faults.set(host, fault);
  return faults;
}

/** What a `rescue` section sees of the failure, by Ansible's names. */
function rescuing(lane: Lane, { failure, task = '' }: Fault): Lane {
  const result = { ...failure.result, failed: true, changed: false, skipped: false, message: failure.message };
  const ansible_failed_result = { ...result, msg: failure.message };
  const seen = valuesLayer('handed', { ansible_failed_result, ansible_failed_task: { name: task } });
  return { ...lane, names: lane.names.with(seen) };
}
