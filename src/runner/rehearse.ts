import type { RunEvent } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import { type Plan, tasksOfPlay } from '../core/plan.ts';
import type { Fault } from './fault.ts';
import { runPlays } from './plays.ts';
import { Session } from './session.ts';

/** True where a task can change a membership or stop a member, so that its course is shown before it runs. */
export function isWeighed(plan: Plan): boolean {
  return plan.plays.some(play =>
    tasksOfPlay(play).some(({ module }) => (module.kind === 'converge' || module.kind === 'act') && module.weighed),
  );
}

/** What a rehearsal found. */
export interface Rehearsal {
  readonly session: Session;
  /**
   * Defined where it left nothing out: nothing was to be changed, so all that there was to do was looking, and it is done.
   * The rehearsal then was the run, and these are its events; going through it a second time would only take as long again.
   */
  readonly events?: readonly RunEvent[];
}

/**
 * Goes through the plan in check mode, by the same engine, to see its course. What fails here before anything would have
 * been changed is the run's own failure; what fails after that leaves the course open from there on, which `warning` says.
 * Throws Failure `unreachable` where a host that the plan needs cannot be reached.
 */
export async function rehearse(plan: Plan, real: Session, hosts: readonly string[]): Promise<Rehearsal> {
  const { deps, connections } = real;
  deps.emit({ type: 'rehearsing' });
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => {
    if (event.type === 'task-started') deps.emit({ type: 'rehearsing', at: [event.name, ...event.within].join(', ') });
    if (event.type !== 'progress') events.push(event);
  };
  const session = new Session(deps, { check: true, hosts, connections, emit });
  const known = real.known.of(deps.access);
  if (known) session.known.sees(deps.access, known.view, 'before');
  await runPlays(plan, session);
  if (leftNothingOut(session)) return { session, events };

  const faults = [...session.lost.values()];
  throwUnreachable(faults);
  const untold = faults.find(({ failure }) => failure.code === 'outcome-unknown');
  if (untold) throw untold.failure;
  const fault = faults[0];
  if (fault && fault.kind !== 'interrupted') {
    const message = `the course could be foreseen only in part; what comes later is weighed when it is reached: ${fault.task ?? ''}: ${fault.failure.message}`;
    deps.emit({ type: 'warning', message });
  }
  return { session };
}

/** A host that can't be reached now won't be by then: better to know before a change than between two. */
function throwUnreachable(faults: readonly Fault[]): void {
  const fault = faults.find(({ kind }) => kind === 'unreachable');
  if (!fault) return;
  const { message, hint } = fault.failure;
  throw new Failure('unreachable', `${message}; nothing was begun, because of “${fault.task ?? ''}”`, {
    hint: hint ?? 'start it, or leave it out, then run the playbook again',
  });
}

function leftNothingOut(session: Session): boolean {
  const { notMade, evidence, course, askedForMode } = session;
  return notMade === 0 && evidence.length === 0 && course.length === 0 && !askedForMode && !session.halted(false);
}
