import type { Cluster, ObservedMember } from './cluster.ts';
import { calls, isStarted, votersOf } from './cluster.ts';
import { standingOf } from './standing.ts';

/** Something that must not be while a cluster is changed (rule: linearizable reads on each voter, one leader, one cluster, no alarm). */
export interface Problem {
  readonly kind: 'no-quorum' | 'voter-down' | 'wrong-cluster' | 'no-leader' | 'alarm';
  /** The member it is about. */
  readonly id?: string;
  readonly text: string;
}

/** What is wrong with a cluster, the worst first; nothing where all voters are healthy. */
export function problemsOf(cluster: Cluster): readonly Problem[] {
  const standing = standingOf(cluster.members);
  const problems: Problem[] = [];
  if (!cluster.linearizable || standing.margin < 0) {
    const { healthy, voters, quorum } = standing;
    const numbers = `${healthy} of ${voters} voters ${healthy === 1 ? 'answers' : 'answer'}, ${quorum} must`;
    problems.push({ kind: 'no-quorum', text: `the cluster has no quorum: ${numbers}` });
  }
  for (const member of cluster.members) {
    const foreign = strangerAt(cluster, member);
    if (foreign !== undefined) problems.push({ kind: 'wrong-cluster', id: member.id, text: foreign });
    else if (member.role === 'voter' && member.health !== 'healthy')
      problems.push({ kind: 'voter-down', id: member.id, text: whyDown(member) });
  }
  if (cluster.leaderId === undefined && standing.margin >= 0)
    problems.push({ kind: 'no-leader', text: 'the voters do not agree on a leader' });
  for (const { memberId, kind } of cluster.alarms) {
    const member = cluster.members.find(m => m.id === memberId);
    problems.push({
      kind: 'alarm',
      id: memberId,
      text: `${member ? calls(member) : memberId} has raised the alarm ${kind}`,
    });
  }
  return problems;
}

function whyDown(member: ObservedMember): string {
  if (!isStarted(member)) return `${calls(member)} is a voter and has never started`;
  return member.status ? `${calls(member)} runs and does not answer reads` : `${calls(member)} does not answer`;
}

/** Another identity that answers at the URLs of a member. */
function strangerAt(cluster: Cluster, { status, id, ...member }: ObservedMember): string | undefined {
  if (!status) return undefined;
  const name = calls({ id, ...member });
  if (status.clusterId !== cluster.id)
    return `at the URL of ${name} a member of another cluster (${status.clusterId}, not ${cluster.id}) answers`;
  if (status.memberId !== id) return `at the URL of ${name} another member (${status.memberId}, not ${id}) answers`;
  return undefined;
}

/** A problem by itself, without those that are listed beside it: of a lost quorum also whose answer is missing. */
export function alone({ kind, text }: Problem, cluster: Cluster): string {
  const silent = kind === 'no-quorum' ? downVoters(cluster) : [];
  return silent.length === 0 ? text : `${text}; without an answer: ${silent.join(', ')}`;
}

/** All voters that are not healthy, as people call them. */
export function downVoters(cluster: Cluster): readonly string[] {
  return votersOf(cluster.members)
    .filter(m => m.health !== 'healthy')
    .map(calls);
}
