import type { MembershipRisk } from '../../core/guard.ts';
import { changesOf, looksAtMembers, sameness } from '../deeds.ts';
import { bothDone, type Course, type Site } from '../program.ts';
import type { Finding, Rule } from '../rule.ts';

/** Each change takes for granted that the one before it has left a healthy cluster. */
export const unverifiedChange: Rule = {
  code: 'unverified-change',
  severity: 'warning',
  *check({ courses }) {
    for (const course of courses) yield* findings(course);
  },
};

interface Made {
  readonly site: Site;
  readonly change: MembershipRisk;
}

function* findings({ sites }: Course): Generator<Finding> {
  let unseen: readonly Made[] = [];
  for (const site of sites) {
    if (looksAtMembers(site)) unseen = [];
    for (const change of changesOf(site)) {
      const before = unseen.findLast(made => isAnother(made.change, change) && bothDone(made.site, site));
      if (before) yield findingOf(before.site, site);
      unseen = [...unseen, { site, change }];
    }
  }
}

/**
 * The same change of the same member, made once more, finds it made. What must come between a learner and its promotion is a
 * finding of its own (`unwatched-promotion`).
 */
function isAnother(one: MembershipRisk, other: MembershipRisk): boolean {
  const same = sameness(one.member, other.member);
  if (one.change === 'add-learner' && other.change === 'promote') return same === 'different';
  return one.change !== other.change || same !== 'same';
}

function findingOf(before: Site, site: Site): Finding {
  const hint = 'put `etcd_health` between them, after a learner was added `wait_for_learner`';
  if (before.task.id !== site.task.id) {
    const message =
      'this changes the membership again, and nothing has looked at the cluster since the change before it';
    return { site, message, hint, related: { site: before, message: 'the change before it' } };
  }
  return {
    site,
    message: 'with more than one item the membership is changed again, and nothing looks at the cluster in between',
    hint: 'loop over the `include_tasks` of a file that has the change and, after it, `etcd_health`',
  };
}
