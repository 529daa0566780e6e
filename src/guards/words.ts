import type { Cluster } from '../etcd/cluster.ts';
import { calls } from '../etcd/cluster.ts';
import { downVoters } from '../etcd/problems.ts';
import type { Standing } from '../etcd/standing.ts';
import type { Step, Weighing } from '../etcd/weigh.ts';

/** What a verdict says to people: why, and where it is refused, what to do and by which name it could be allowed. */
export function sentenceFor(
  { grounds, before, after }: Weighing,
  step: Step,
  cluster: Cluster,
): { readonly reason: string; readonly next?: string; readonly allowName?: string } {
  const down = downVoters(cluster).join(', ');
  const names = namesIn(step, cluster);
  switch (grounds) {
    case 'no-vote':
      return { reason: step.kind === 'add-learner' ? 'a learner has no vote' : 'it touches no member with a vote' };
    case 'no-loss':
      return { reason: `${tolerance(after)} afterwards` };
    case 'lost-already':
      return { reason: `the quorum is lost already, and this costs no more of it` };
    case 'falls-to-zero':
      return {
        reason: `fault tolerance falls from ${before.margin} to ${after.margin}: one more failure would cost the quorum`,
      };
    case 'heals-by-itself':
      return { reason: `${restarts(names)}: no quorum until then, a few seconds` };
    case 'no-snapshot':
      return {
        reason: `${names} would be without quorum during the restart, and there is no snapshot of these members of the last ten minutes`,
        next: 'take one right before it, with the module etcd_snapshot',
        allowName: 'no-snapshot',
      };
    case 'voters-down':
      return {
        reason: `every voter must be healthy before this, and ${down} is not`,
        next:
          step.kind === 'add-learner' || step.kind === 'add-voter'
            ? `bring ${down} back, or remove it before you add another: quorate status`
            : `bring ${down} back first: quorate status`,
        allowName: 'voters-down',
      };
    case 'learner-down':
      return {
        reason: `${names} does not answer: as a voter it would count against the quorum at once`,
        next: `start etcd on it, then wait with wait_for_learner`,
        allowName: 'learner-down',
      };
    case 'quorum-lost':
      return {
        reason:
          `${after.healthy} of ${after.voters} voters would be healthy, and ${after.quorum} must` +
          (down === '' ? '' : `; down already: ${down}`),
        next:
          down === '' ? 'add or bring back a voter first: quorate status' : `bring ${down} back first: quorate status`,
        allowName: 'quorum-lost',
      };
    case 'last-voter':
      return {
        reason: `${names} is the last voter: without it there is no cluster`,
        next: 'add another member first',
        allowName: 'last-voter',
      };
    case 'has-quorum':
      return {
        reason: `the cluster has a quorum, and a snapshot is older than what ${names} can have from the others`,
        next: 'add the member anew from the others: quorate run replace-failed-member',
        allowName: 'has-quorum',
      };
    case 'only-copy':
      return {
        reason: `there is no quorum, and the data of ${names} may be the only way back to one`,
        next: 'move the data aside instead of erasing it, and bring the voters back: quorate status',
        allowName: 'only-copy',
      };
  }
}

function namesIn(step: Step, cluster: Cluster): string {
  const ids = 'ids' in step ? step.ids : 'id' in step ? [step.id] : [];
  return cluster.members
    .filter(m => ids.includes(m.id))
    .map(calls)
    .join(', ');
}

/** Several restart one after the other without a loss of quorum, so where it is lost they do so together. */
const restarts = (names: string): string =>
  names.includes(', ') ? `${names} restart at the same moment` : `${names} restarts`;

const tolerance = ({ margin }: Standing): string =>
  margin <= 1 ? `${margin === 1 ? 'one' : 'no'} voter may fail` : `${margin} voters may fail`;
