import { changesOf, has, named } from '../deeds.ts';
import { hasHole, isHole } from '../known.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** An unstarted voter counts for the quorum at once: it halts a cluster of one, and costs others their fault tolerance. */
export const voterAdded: Rule = {
  code: 'voter-added',
  severity: 'error',
  *check(program) {
    for (const site of sitesOf(program)) {
      for (const { change, member } of changesOf(site)) {
        if (change !== 'add-voter' || site.commands.some(mayHoldLearner)) continue;
        yield {
          site,
          message: `${named(member)} is added as a voter: it counts for the quorum before it has started`,
          hint: 'add it as a learner: `etcdctl_member` with `state: learner`, then `wait_for_learner`, then `state: voter`',
        };
      }
    }
  },
};

/** True where what is known only in a run could be the flag: it stands in the place of one. */
function mayHoldLearner(words: readonly string[]): boolean {
  if (!has(words, 'member', 'add')) return false;
  const after = words.slice(words.indexOf('add') + 1);
  const places = after.filter(word => !word.startsWith('-'));
  return after.some(word => word.startsWith('-') && hasHole(word.split('=')[0] ?? '')) || places.slice(1).some(isHole);
}
