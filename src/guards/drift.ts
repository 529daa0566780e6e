import type { KnownMembership, MembershipView } from '../core/guard.ts';
import type { ObservedMember } from '../etcd/cluster.ts';
import { driftOf, type Expected } from '../etcd/drift.ts';
import { ASSUMED_ID, membershipAfter } from '../etcd-client/assumed.ts';

/**
 * What somebody else has changed since a run last looked, as a sentence; undefined where nobody has. The outcome of the run's
 * own last changes need not be known: the members are as expected where they are what any first part of them would have made.
 */
export function foreignChange({ view, since }: KnownMembership, now: MembershipView): string | undefined {
  const drift = view.clusterId === now.clusterId ? driftSince(view, since, now) : [otherCluster(view, now)];
  if (drift.length === 0) return undefined;
  return `somebody else is changing this cluster: ${drift.join('; ')} since this run last looked`;
}

function driftSince(view: MembershipView, since: KnownMembership['since'], now: MembershipView): readonly string[] {
  const members = now.members.map(asObserved);
  let expected: readonly ObservedMember[] = view.members.map(asObserved);
  let drift = driftOf(expected.map(asExpected), members);
  for (const change of since) {
    if (drift.length === 0) return [];
    expected = membershipAfter(expected, change, { id: view.clusterId });
    drift = driftOf(expected.map(asExpected), members);
  }
  return drift;
}

const otherCluster = (was: MembershipView, now: MembershipView): string =>
  `it is the cluster ${now.clusterId} now, and was ${was.clusterId}`;

const asObserved = ({ id, name, role, health, peerUrl }: MembershipView['members'][number]): ObservedMember => ({
  id,
  name,
  role,
  health,
  peerUrls: peerUrl === '' ? [] : [peerUrl],
  clientUrls: [],
});

function asExpected({ id, ...member }: ObservedMember): Expected {
  return id.startsWith(ASSUMED_ID) ? member : { ...member, id };
}
