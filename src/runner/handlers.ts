import type { Task } from '../core/plan.ts';
import { isMap, Unknown } from '../core/value.ts';
import { countLost } from './batch.ts';
import type { Faults } from './fault.ts';
import { type Around, type Lane, lanesOf } from './lane.ts';
import type { Ending } from './result.ts';
import type { Session } from './session.ts';
import type { runTask } from './task.ts';

/** The handlers that a task which ended so wakes. In check mode also those that it may wake: they belong to the course. */
export function notifiedBy({ notify }: Task, { register }: Ending, { play }: Around): readonly Task[] {
  if (notify.length === 0) return [];
  const changed = register instanceof Unknown || (isMap(register) && isTrueOrOpen(register.changed));
  return changed ? play.handlers.filter(handler => notify.includes(handler.id)) : [];
}

function isTrueOrOpen(value: unknown): boolean {
  return value === true || value instanceof Unknown;
}

/** A handler of a role sees what its role sees. */
function lanesIn({ roles = [] }: Task, hosts: readonly string[], { play }: Around, session: Session): readonly Lane[] {
  const lanes = lanesOf(play, hosts, session);
  return lanes.map(lane => ({ ...lane, names: roles.reduce((names, role) => names.inRole(role), lane.names) }));
}

/**
 * Does the handlers that are waiting on these hosts, in the order in which the play has them. They see the names of the play,
 * not those of where the flush stands. One that did not come to its end goes on waiting, for a resume.
 */
export async function runHandlers(
  hosts: readonly string[],
  around: Around,
  session: Session,
  run: typeof runTask,
): Promise<Faults> {
  const { play } = around;
  const faults: Faults = new Map();
  for (const handler of play.handlers) {
    const going = hosts.filter(host => !faults.has(host) && session.waiting.has(handler, host));
    if (going.length === 0) continue;
    const done = new Set(going.filter(host => session.waiting.isRecalled(handler, host)));
    const inside = { ...around, within: [], conditions: [], ...(play.forceHandlers ? { done } : {}) };
    for (const [host, fault] of await run(handler, lanesIn(handler, going, around, session), inside, session)) {
      faults.set(host, fault);
    }
    countLost(faults, around, session, handler);
    for (const host of going) if (!faults.has(host)) session.waiting.done(handler, host);
  }
  return faults;
}
