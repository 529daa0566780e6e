import type { Standing, Weight } from './standing.ts';
import { standingOf } from './standing.ts';

/** A change, by the IDs of the members it touches. An ID that is not a member's touches nothing. */
export type Step =
  | { readonly kind: 'add-learner' }
  | { readonly kind: 'add-voter' }
  | { readonly kind: 'promote'; readonly id: string }
  | { readonly kind: 'remove'; readonly id: string }
  /**
   * etcd stops on members: for good, for a moment, or with its data. `together`: at the same moment. `restore`: their data is set
   * aside for that of a snapshot.
   */
  | {
      readonly kind: 'stop' | 'restart' | 'wipe' | 'restore';
      readonly ids: readonly string[];
      readonly together: boolean;
    };

/** Why a step weighs what it does. */
export type Grounds =
  | 'no-vote' // it touches no voter
  | 'no-loss' // the margin does not fall to zero
  | 'lost-already' // no quorum before and none after, and none the worse
  | 'falls-to-zero' // one more failure would cost the quorum
  | 'heals-by-itself' // no quorum for the time of a restart
  | 'no-snapshot' // the same, without a fresh snapshot
  | 'voters-down' // it needs every voter healthy, and one is not
  | 'learner-down' // the learner to be promoted is not alive
  | 'quorum-lost'
  | 'last-voter'
  | 'has-quorum' // takes back what a cluster with quorum acknowledged
  | 'only-copy'; // wipes the data of a voter while there is no quorum

export interface Weighing {
  readonly kind: 'safe' | 'fragile' | 'interrupts' | 'refused';
  readonly grounds: Grounds;
  readonly before: Standing;
  /** At the worst moment of the step: while members restart, not after it. */
  readonly after: Standing;
}

/** What `members` are at the worst moment of `step`. */
export function effectOf(members: readonly Weight[], step: Step): readonly Weight[] {
  switch (step.kind) {
    case 'add-learner':
      return [...members, { id: '', role: 'learner', health: 'unknown' }];
    case 'add-voter':
      return [...members, { id: '', role: 'voter', health: 'unknown' }];
    case 'promote':
      return members.map(m => (m.id === step.id ? { ...m, role: 'voter' } : m));
    case 'remove':
      return members.filter(m => m.id !== step.id);
    case 'stop':
    case 'restart':
    case 'wipe':
    case 'restore': {
      const ids = step.kind === 'restart' && !step.together ? worstOf(members, step.ids) : step.ids;
      return members.map(m => (ids.includes(m.id) ? { ...m, health: 'unhealthy' } : m));
    }
  }
}

/** What a step costs the quorum of `members`. `snapshotFresh`: a verified snapshot of this very membership is at hand. */
export function weigh(members: readonly Weight[], step: Step, o: { readonly snapshotFresh: boolean }): Weighing {
  const before = standingOf(members);
  const after = standingOf(effectOf(members, step));
  const verdict = (kind: Weighing['kind'], grounds: Grounds): Weighing => ({ kind, grounds, before, after });
  const refused = (grounds: Grounds) => verdict('refused', grounds);

  const touched = members.filter(m => touches(step, m.id));
  const touchedVoters = touched.filter(m => m.role === 'voter');
  const touchedHealthy = touchedVoters.filter(m => m.health === 'healthy');
  const allHealthy = before.healthy === before.voters;
  const losesQuorum = after.margin < 0 && after.margin < before.margin;
  // Who accepts that a voter is down accepts a restart meanwhile, which heals by itself, but no lasting loss.
  const lacksVoters = () => refused(losesQuorum && step.kind !== 'restart' ? 'quorum-lost' : 'voters-down');

  switch (step.kind) {
    case 'add-learner':
      return allHealthy ? verdict('safe', 'no-vote') : refused('voters-down');
    case 'add-voter':
      if (!allHealthy) return lacksVoters();
      break;
    case 'promote': {
      const [learner] = touched.filter(m => m.role === 'learner');
      if (!learner) return verdict('safe', 'no-vote');
      if (!allHealthy) return lacksVoters();
      if (learner.health !== 'healthy') return refused('learner-down');
      break;
    }
    case 'remove':
      if (touchedVoters.length === 0) return verdict('safe', 'no-vote');
      if (after.voters === 0) return refused('last-voter');
      if (touchedHealthy.length > 0 && !allHealthy) return lacksVoters();
      break;
    case 'stop':
    case 'restart':
    case 'wipe':
    case 'restore':
      if (touchedVoters.length === 0) return verdict('safe', 'no-vote');
      // A snapshot is older than what a quorum still holds, and a member can have its data from there.
      if (step.kind === 'restore' && before.margin >= 0) return refused('has-quorum');
      // The data of a dead voter may be the only way back to a quorum.
      if (step.kind === 'wipe' && before.margin < 0) return refused('only-copy');
      if (touchedHealthy.length > 0 && !allHealthy) return lacksVoters();
      if (step.kind === 'restart' && after.margin < 0 && touchedHealthy.length > 0)
        return o.snapshotFresh ? verdict('interrupts', 'heals-by-itself') : refused('no-snapshot');
      break;
  }
  if (losesQuorum) return refused('quorum-lost');
  if (after.margin < 0) return verdict('safe', 'lost-already');
  if (after.margin === 0 && before.margin > 0) return verdict('fragile', 'falls-to-zero');
  return verdict('safe', 'no-loss');
}

function touches(step: Step, id: string): boolean {
  switch (step.kind) {
    case 'add-learner':
    case 'add-voter':
      return false;
    case 'promote':
    case 'remove':
      return step.id === id;
    case 'stop':
    case 'restart':
    case 'wipe':
    case 'restore':
      return step.ids.includes(id);
  }
}

/** One after the other, only one is ever down: a healthy voter, if there is one among them. */
function worstOf(members: readonly Weight[], ids: readonly string[]): readonly string[] {
  const touched = members.filter(m => ids.includes(m.id));
  const worst = touched.find(m => m.role === 'voter' && m.health === 'healthy') ?? touched[0];
  return worst ? [worst.id] : [];
}
