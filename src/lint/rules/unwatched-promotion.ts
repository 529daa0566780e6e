import { changesOf, named, sameness, waitsFor } from '../deeds.ts';
import type { Course, Site } from '../program.ts';
import type { Finding, Rule } from '../rule.ts';

/** The server promotes a learner that is dead or far behind; as a voter it then counts for the quorum. */
export const unwatchedPromotion: Rule = {
  code: 'unwatched-promotion',
  severity: 'warning',
  *check({ courses }) {
    for (const course of courses) yield* findings(course);
  },
};

function* findings({ sites, whole }: Course): Generator<Finding> {
  for (const [at, site] of sites.entries()) {
    for (const { change, member } of changesOf(site)) {
      if (change !== 'promote') continue;
      const before = sites.slice(0, at).toReversed();
      const since = before.findIndex(other => addsMember(other, member));
      const between = since < 0 ? before : before.slice(0, since);
      // Who enters the file may have waited for it.
      if ((since < 0 && !whole) || between.some(other => waitsFor(other, member))) continue;
      const added = before[since];
      yield {
        site,
        message: `${named(member)} is promoted, and nothing has waited until it is in sync`,
        hint: 'put `wait_for_learner` before it: etcd promotes a learner that is dead or far behind, too',
        ...(added ? { related: { site: added, message: 'it is added here' } } : {}),
      };
    }
  }
}

function addsMember(site: Site, member: Parameters<typeof sameness>[0]): boolean {
  return changesOf(site).some(
    ({ change, member: other }) => change.startsWith('add-') && sameness(other, member) !== 'different',
  );
}
