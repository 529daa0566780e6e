import type { MembershipRisk, Risk } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Cluster, Member, ObservedMember } from '../etcd/cluster.ts';
import { hasPeerUrl } from '../etcd/cluster.ts';

/** How the ID of a member begins that only check mode has added. */
export const ASSUMED_ID = 'assumed';

/**
 * The cluster as it would be after changes that were not made. In check mode, learners are then taken to have been started
 * and to be in sync, because the tasks that see to that were not run either. A restart is over.
 */
export function assume(cluster: Cluster, { assumed, check }: Pick<Probe, 'assumed' | 'check'>): Cluster {
  if (assumed.length === 0) return cluster;
  const leadership = assumed.findLast(risk => risk.kind === 'leadership');
  const started = (members: readonly ObservedMember[]) => (check ? members.map(startedLearner) : members);
  const members = assumed.reduce((seen, risk) => started(membersAfter(seen, risk, cluster)), started(cluster.members));
  return { ...cluster, members, ...(leadership && { leaderId: leadership.to }) };
}

/** A learner that was started and waited for. */
export const startedLearner = (m: ObservedMember): ObservedMember =>
  m.role === 'learner' ? { ...m, health: 'healthy' } : m;

function membersAfter(members: readonly ObservedMember[], risk: Risk, cluster: Cluster): readonly ObservedMember[] {
  switch (risk.kind) {
    case 'membership':
      return membershipAfter(members, risk, cluster);
    case 'service':
      if (risk.effect === 'restart') return members;
      return members.map(m => (risk.hosts.includes(m.name) ? { ...m, health: 'unhealthy' } : m));
    case 'configuration':
    case 'leadership':
    case 'opaque':
      return members;
  }
}

/** The members after one change of them. One that is added has an ID that begins with `ASSUMED_ID`. */
export function membershipAfter(
  members: readonly ObservedMember[],
  { change, member }: MembershipRisk,
  { id, leaderId }: Pick<Cluster, 'id' | 'leaderId'>,
): readonly ObservedMember[] {
  const target = findMember(members, member);
  switch (change) {
    case 'add-learner':
    case 'add-voter': {
      if (target) return members;
      const role = change === 'add-learner' ? 'learner' : 'voter';
      const alike = members.find(m => m.id === leaderId)?.status;
      const number = members.filter(m => m.id.startsWith(ASSUMED_ID)).length;
      const memberId = number === 0 ? ASSUMED_ID : `${ASSUMED_ID}-${number + 1}`;
      const added: ObservedMember = {
        id: memberId,
        name: member.name ?? ASSUMED_ID,
        role,
        peerUrls: member.peerUrl === undefined ? [] : [member.peerUrl],
        clientUrls: [],
        // It has not been started yet.
        health: role === 'learner' ? 'unknown' : 'unhealthy',
        ...(alike && role === 'learner' ? { status: { ...alike, memberId, role, clusterId: id } } : {}),
      };
      return [...members, added];
    }
    case 'promote':
      return members.map(m =>
        m === target ? { ...m, role: 'voter', name: m.name || (member.name ?? ASSUMED_ID) } : m,
      );
    case 'remove':
      return members.filter(m => m !== target);
  }
}

/** The member that is meant: by its ID, else its peer URL, else its name. */
export function findMember<M extends Member>(
  members: readonly M[],
  { id, peerUrl, name }: MembershipRisk['member'],
): M | undefined {
  if (id !== undefined) return members.find(m => m.id === id.toLowerCase().replace(/^0+(?=.)/, ''));
  const byUrl = peerUrl === undefined ? undefined : members.find(m => hasPeerUrl(m, peerUrl));
  return byUrl ?? (name === undefined || name === '' ? undefined : members.find(m => m.name === name));
}
