import type { MembershipRisk, Risk, ServiceRisk } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Cluster, Member, ObservedMember } from '../etcd/cluster.ts';
import { hasPeerUrl } from '../etcd/cluster.ts';

/** How the ID of a member begins that only check mode has added. */
export const ASSUMED_ID = 'assumed';

/**
 * The cluster as it would be after changes that were not made. In check mode, learners are then taken to have been started
 * and to be in sync, because the tasks that see to that were not run either; but for one that a simulated past has added and
 * nothing has started. A restart is over. A voter that BCM starts is up.
 */
export function assume(cluster: Cluster, { assumed, check }: Pick<Probe, 'assumed' | 'check'>): Cluster {
  if (assumed.length === 0) return cluster;
  const leadership = assumed.findLast(risk => risk.kind === 'leadership');
  const started = (members: readonly ObservedMember[]) => (check ? members.map(startedLearner) : members);
  const members = assumed.reduce(
    (seen, risk, index) => started(membersAfter(seen, risk, cluster, assumed.slice(0, index))),
    started(cluster.members),
  );
  return { ...cluster, members, ...(leadership && { leaderId: leadership.to }) };
}

/** A learner that was started and waited for. */
export const startedLearner = (m: ObservedMember): ObservedMember =>
  m.role === 'learner' && !isAddedUnstarted(m) ? { ...m, health: 'healthy' } : m;

/** One that a simulated past has added and nothing has started. */
const isAddedUnstarted = (m: ObservedMember): boolean => m.name === '' && m.id.startsWith(ASSUMED_ID);

function membersAfter(
  members: readonly ObservedMember[],
  risk: Risk,
  cluster: Cluster,
  before: readonly Risk[],
): readonly ObservedMember[] {
  switch (risk.kind) {
    case 'membership':
      return membershipAfter(members, risk, cluster);
    case 'service':
      if (risk.effect === 'restart') return members;
      return members.map(m => (risk.hosts.includes(m.name) ? { ...m, health: 'unhealthy' } : m));
    case 'configuration':
      return members.map(m =>
        risk.starts?.includes(m.name) && hasData(m.name, before) ? { ...m, health: 'healthy' } : m,
      );
    case 'leadership':
    case 'opaque':
      return members;
  }
}

/** False for a member whose data was taken away, and none of its own put in its place: it does not start on nothing. */
function hasData(host: string, before: readonly Risk[]): boolean {
  const last = before.findLast(
    (risk): risk is ServiceRisk =>
      risk.kind === 'service' && (risk.effect === 'wipe' || risk.effect === 'restore') && risk.hosts.includes(host),
  );
  return last === undefined || last.effect === 'restore' || last.replaced === true;
}

/** The members after one change of them. One that is added has an ID that begins with `ASSUMED_ID`. */
export function membershipAfter(
  members: readonly ObservedMember[],
  { change, member, started }: MembershipRisk,
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
        // It gets its name when it starts.
        name: started === false ? '' : (member.name ?? ASSUMED_ID),
        role,
        peerUrls: member.peerUrl === undefined ? [] : [member.peerUrl],
        clientUrls: [],
        // It has not been started yet.
        health: role === 'learner' ? 'unknown' : 'unhealthy',
        ...(alike && role === 'learner' && started !== false
          ? { status: { ...alike, memberId, role, clusterId: id } }
          : {}),
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
