import type { Standing, Weight } from './standing.ts';
import { standingOf } from './standing.ts';
import type { Step } from './weigh.ts';

/** A step on the way to full health: a change of the membership, a start of etcd on members, or a new leader. */
export type CourseStep =
  | Extract<Step, { readonly kind: 'add-learner' | 'promote' | 'remove' }>
  | { readonly kind: 'start'; readonly ids: readonly string[] }
  | { readonly kind: 'move-leader'; readonly to: string };

/** As much of a cluster as its course depends on. */
export interface Situation {
  readonly members: readonly Weight[];
  readonly leaderId?: string;
}

/** How many voters there are at the end: an odd number, and not one where members are being added to a single voter. */
export function wantedVoters({ members }: Situation): number {
  const { voters } = standingOf(members);
  const joining = members.some(m => m.role === 'learner' && m.health !== 'unhealthy');
  if (voters === 1 && joining) return 3;
  return voters % 2 === 1 ? voters : voters + 1;
}

/**
 * The legal next change of a cluster that is to have `wanted` healthy voters and no learner; undefined where it has. A voter
 * that is down counts as lost: where it comes back, the course is another one. With quorum no step lowers the margin below
 * zero, and none is one that etcd itself refuses: adds and promotions come after the removal of what is down.
 */
export function nextStep({ members, leaderId }: Situation, wanted: number): CourseStep | undefined {
  const { voters, margin } = standingOf(members);
  const down = members.filter(m => m.role === 'voter' && m.health !== 'healthy');
  const learners = members.filter(m => m.role === 'learner');
  if (voters === 0) return undefined;
  // Nothing can be changed without quorum: only those that come back help.
  if (margin < 0) return { kind: 'start', ids: down.map(m => m.id) };
  const heir = members.find(m => m.role === 'voter' && m.health === 'healthy');
  if (heir && down.some(m => m.id === leaderId)) return { kind: 'move-leader', to: heir.id };
  // etcd takes one learner at a time: a dead one blocks every add.
  const lost = learners.find(m => m.health === 'unhealthy') ?? down[0];
  if (lost) return { kind: 'remove', id: lost.id };
  const learner = learners.find(m => m.health === 'healthy') ?? learners[0];
  if (!learner) return voters < wanted ? { kind: 'add-learner' } : undefined;
  if (voters >= wanted) return { kind: 'remove', id: learner.id };
  return learner.health === 'healthy' ? { kind: 'promote', id: learner.id } : { kind: 'start', ids: [learner.id] };
}

/** What is there once a step went well. A learner that was added has yet to start. */
export function afterStep({ members, leaderId }: Situation, step: CourseStep): Situation {
  const keep = leaderId === undefined ? {} : { leaderId };
  switch (step.kind) {
    case 'add-learner':
      return { ...keep, members: [...members, { id: newId(members), role: 'learner', health: 'unknown' }] };
    case 'promote':
      return { ...keep, members: members.map(m => (m.id === step.id ? { ...m, role: 'voter' } : m)) };
    case 'remove':
      return { ...(leaderId === step.id ? {} : keep), members: members.filter(m => m.id !== step.id) };
    case 'start':
      return { ...keep, members: members.map(m => (step.ids.includes(m.id) ? { ...m, health: 'healthy' } : m)) };
    case 'move-leader':
      return { members, leaderId: step.to };
  }
}

/** One step of a course, and how the cluster stands after it. */
export interface CourseLeg {
  readonly step: CourseStep;
  readonly after: Standing;
}

/** All steps to full health, in their order; empty where the cluster is there. */
export function courseToHealth(situation: Situation): readonly CourseLeg[] {
  const wanted = wantedVoters(situation);
  const legs: CourseLeg[] = [];
  let now = situation;
  for (;;) {
    const step = nextStep(now, wanted);
    if (!step) return legs;
    now = afterStep(now, step);
    legs.push({ step, after: standingOf(now.members) });
  }
}

/** The ID of a member that is not there yet. */
function newId(members: readonly Weight[]): string {
  let n = 1;
  while (members.some(m => m.id === `new-${n}`)) n += 1;
  return `new-${n}`;
}
