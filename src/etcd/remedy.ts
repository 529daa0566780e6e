import type { Cluster, Member } from './cluster.ts';
import { calls, isStarted, learnersOf, votersOf } from './cluster.ts';
import type { CourseLeg, CourseStep } from './course.ts';
import { courseToHealth } from './course.ts';
import { faultTolerance } from './standing.ts';

/** The node that a member runs or is to run on; undefined where that is not known. */
export type NodeOf = (member: Member) => string | undefined;

/** BCM names members as their nodes; one that never started has no name yet. */
export const byName: NodeOf = member => (isStarted(member) ? member.name : undefined);

/** The way back to full health: its steps, and the command that makes the first of them. */
export interface Remedy {
  /** One sentence a step, with what the cluster can stand after it. Empty where nothing is to be done. */
  readonly steps: readonly string[];
  /** The command to type next. Absent where nothing is to be done. */
  readonly command?: string;
}

/** What leads `cluster` back to full health: every voter healthy, their number odd, and no learner. */
export function remedyFor(cluster: Cluster, nodeOf: NodeOf = byName): Remedy {
  const legs = courseToHealth(cluster);
  const [first] = legs;
  if (!first) return { steps: [] };
  const inWords = wordsFor(cluster, nodeOf);
  return { steps: legs.map(inWords), command: commandFor(first.step, cluster, nodeOf) };
}

/** The command that goes on to an odd number of members. `nodes`: those that are to be among them. */
export function extendTo(nodes: readonly string[]): string {
  const odd = nodes.length % 2 === 1 ? nodes : [...nodes, '<node>'];
  const full = odd.length === 1 ? [...odd, '<node>', '<node>'] : odd;
  return `quorate run extend-to-three -e nodes=${full.join(',')}`;
}

export const cancelAdd = (learner: Member, nodeOf: NodeOf): string =>
  `quorate run cancel-add -e node=${nodeOf(learner) ?? '<its node>'}`;

/** Where a majority is lost for good. `nodes`: those that were members, and are to be again. */
export function restoreCluster(nodes: readonly string[]): string {
  const odd = [...[...nodes].sort(), ...(nodes.length % 2 === 1 ? [] : ['<node>'])];
  return `quorate run restore-cluster -e nodes=${odd.join(',')} -e snapshot=<the snapshot>`;
}

/** The command that replaces voters that are lost. etcd adds nothing while a voter is down, so of several all but one are removed first. */
export function replaceDown(cluster: Cluster, nodeOf: NodeOf): string {
  const [lost, ...others] = votersOf(cluster.members).filter(m => m.health !== 'healthy');
  const node = lost && (nodeOf(lost) ?? '<its node>');
  if (others.length > 0) return `quorate run remove-member -e node=${node}`;
  const [learner] = learnersOf(cluster.members);
  const instead = learner ? ` -e replacement=${nodeOf(learner) ?? '<its node>'}` : '';
  return `quorate run replace-failed-member -e node=${node}${instead}`;
}

function commandFor(step: CourseStep, cluster: Cluster, nodeOf: NodeOf): string {
  const nodes = (members: readonly Member[]) => members.map(m => nodeOf(m) ?? '<its node>');
  const voters = votersOf(cluster.members);
  switch (step.kind) {
    case 'add-learner':
      return extendTo(nodes(voters));
    case 'promote':
      return extendTo(nodes(cluster.members));
    case 'move-leader':
      return `quorate run move-leader -e to=${nodes(voters.filter(m => m.id === step.to))}`;
    case 'remove': {
      const learner = learnersOf(cluster.members).find(m => m.id === step.id);
      return learner ? cancelAdd(learner, nodeOf) : replaceDown(cluster, nodeOf);
    }
    case 'start': {
      const [down, ...others] = voters.filter(m => step.ids.includes(m.id));
      if (!down) return extendTo(nodes(cluster.members));
      const host = nodeOf(down) ?? '<its node>';
      return `ssh ${host} systemctl restart etcd${others.length > 0 ? `   (likewise: ${nodes(others).join(', ')})` : ''}`;
    }
  }
}

function wordsFor(cluster: Cluster, nodeOf: NodeOf): (leg: CourseLeg) => string {
  const nameOf = (id: string): string => {
    const member = cluster.members.find(m => m.id === id);
    return member ? (nodeOf(member) ?? calls(member)) : 'the new member';
  };
  const doing = (step: CourseStep): string => {
    switch (step.kind) {
      case 'add-learner':
        return 'add a member, as a learner';
      case 'promote':
        return `promote ${nameOf(step.id)} once it is in sync`;
      case 'remove':
        return `remove ${nameOf(step.id)}`;
      case 'start':
        return `start etcd on ${step.ids.map(nameOf).join(', ')}`;
      case 'move-leader':
        return `move the leadership to ${nameOf(step.to)}`;
    }
  };
  return ({ step, after }) =>
    `${doing(step)}: ${after.healthy} of ${after.voters} voters healthy, quorum ${after.quorum}, fault tolerance ${faultTolerance(after)}`;
}
