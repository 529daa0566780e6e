import { Failure } from '../core/failure.ts';
import type { MembershipView, Risk } from '../core/guard.ts';
import { probeOf } from './host.ts';
import type { Session } from './session.ts';

/** Where BCM runs etcd, by the inventory. */
export const ETCD_GROUP = 'etcd';

/**
 * The members now, as the first host of group `etcd` that sees them tells; undefined where none does. With risks that are
 * `assumed`, as they would be after those.
 */
export async function membershipNow(session: Session, assumed?: readonly Risk[]): Promise<MembershipView | undefined> {
  const { deps, connections } = session;
  for (const host of deps.inventory.groups.get(ETCD_GROUP) ?? []) {
    const reach = {
      connections,
      ...(connections.lookAs ? { login: connections.lookAs } : {}),
      task: 'membership',
      signal: deps.abort,
      clock: deps.clock,
      check: assumed !== undefined,
      ...(connections.still ? { still: true as const } : {}),
      assumed: assumed ?? [],
      progress: () => {},
    };
    try {
      const view = await deps.guard.membership(probeOf(host, reach), deps.access);
      if (view) return view;
    } catch (error) {
      // For a summary, a host that can't be asked is no failure: the next one is.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return undefined;
}
