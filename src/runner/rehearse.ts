import { type Plan, tasksOf } from '../core/plan.ts';
import type { Connections } from './connections.ts';
import type { RunDeps } from './deps.ts';
import { runPlays } from './plays.ts';
import { Session } from './session.ts';

/** True where a task can change a membership or stop a member, so that its course is shown before it runs. */
export function isWeighed(plan: Plan): boolean {
  return plan.plays.some(play =>
    tasksOf(play.tasks).some(({ module }) => (module.kind === 'converge' || module.kind === 'act') && module.weighed),
  );
}

/**
 * Goes through the plan in check mode, by the same engine and in silence, to see its course. What fails here before
 * anything would have been changed fails in the real run at the same place, and is shown there; what fails after that
 * leaves the course open from there on, which `warning` says.
 */
export async function rehearse(
  plan: Plan,
  deps: RunDeps,
  connections: Connections,
  hosts: readonly string[],
): Promise<Session> {
  deps.emit({ type: 'rehearsing' });
  const session = new Session(deps, { check: true, hosts, connections, emit: () => {} });
  await runPlays(plan, session);
  const fault = [...session.lost.values()][0];
  if (fault && session.notMade > 0 && fault.kind !== 'interrupted') {
    const message = `the course could be foreseen only in part; what comes later is weighed when it is reached: ${fault.failure.message}`;
    deps.emit({ type: 'warning', message });
  }
  return session;
}
