import type { MembershipView } from '../core/guard.ts';
import type { Cluster } from '../etcd/cluster.ts';
import { standingOf } from '../etcd/standing.ts';

/** A cluster as people and the journal see it. */
export function viewOf(cluster: Cluster): MembershipView {
  return {
    clusterId: cluster.id,
    members: cluster.members.map(m => ({
      id: m.id,
      name: m.name,
      role: m.role,
      health: m.health,
      leader: m.id === cluster.leaderId,
      peerUrl: m.peerUrls[0] ?? '',
    })),
    standing: standingOf(cluster.members),
  };
}
