import type { KnownMembership, MembershipView } from '../core/guard.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { driftOf, type Expected } from '../etcd/drift.ts';
import { ASSUMED_ID, membershipAfter } from '../etcd-client/assumed.ts';

/**
 * What somebody else has changed since a run last looked, a clause each. The outcome of the run's own last changes need not
 * be known: the members are as expected where they are what any first part of them would have made.
 */
export function foreignChanges({ view, since }: KnownMembership, cluster: Cluster): readonly string[] {
  if (view.clusterId !== cluster.id) return [`it is the cluster ${cluster.id} now, and was ${view.clusterId}`];
  let expected: readonly ObservedMember[] = view.members.map(asObserved);
  let drift = driftOf(expected.map(asExpected), cluster.members);
  for (const change of since) {
    if (drift.length === 0) return [];
    expected = membershipAfter(expected, change, { id: cluster.id });
    drift = driftOf(expected.map(asExpected), cluster.members);
  }
  return drift;
}

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
