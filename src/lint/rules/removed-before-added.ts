import type { MembershipRisk } from '../../core/guard.ts';
import { changesOf, named, sameness } from '../deeds.ts';
import type { Site } from '../program.ts';
import type { Finding, Rule } from '../rule.ts';

/** While all are healthy, to add first keeps the fault tolerance; a dead member must go first. */
export const removedBeforeAdded: Rule = {
  code: 'removed-before-added',
  severity: 'warning',
  *check({ courses: [{ sites }], plays }) {
    for (const play of plays) yield* findings(sites.filter(site => site.play === play));
  },
};

interface Made {
  readonly site: Site;
  readonly change: MembershipRisk;
}

function* findings(sites: readonly Site[]): Generator<Finding> {
  const made = sites.flatMap(site => changesOf(site).map((change): Made => ({ site, change })));
  const added = made.findIndex(({ change }) => change.change.startsWith('add-'));
  const replacement = made[added];
  if (!replacement) return;
  const removed = made.slice(0, added).find(({ change: { change, member } }) => {
    return change === 'remove' && sameness(member, replacement.change.member) !== 'same';
  });
  if (!removed) return;
  const healthy = sites.slice(0, sites.indexOf(removed.site)).some(site => provesHealth(site, removed.site));
  // What is done only to a member that failed asks for its health.
  if (!healthy || [...removed.site.conditions].some(condition => /health|fail|dead|down/i.test(condition))) return;
  yield {
    site: removed.site,
    message: `${named(removed.change.member)} is removed before ${named(replacement.change.member)} is added, though every voter is healthy by then`,
    hint: 'add the new member first, and remove the old one once the new one is a voter: so the cluster tolerates as many failures as before',
    related: { site: replacement.site, message: 'its replacement is added here' },
  };
}

/** True where it fails unless every voter is healthy, and is done wherever `later` is. */
function provesHealth({ task, conditions }: Site, later: Site): boolean {
  const { module } = task;
  if (module.kind !== 'observe' || module.members !== 'judged' || module.awaitsStart) return false;
  if (task.ignoreErrors || task.failedWhen) return false;
  return [...conditions].every(condition => later.conditions.has(condition));
}
