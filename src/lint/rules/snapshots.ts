import { changesOf, sameText, savesSnapshot, takesSnapshot } from '../deeds.ts';
import { writtenValue } from '../known.ts';
import { bothDone, type Site } from '../program.ts';
import type { Finding, Rule } from '../rule.ts';

/** A snapshot is what a change that goes wrong is undone by: so it is taken before it. */
export const lateSnapshot: Rule = {
  code: 'late-snapshot',
  severity: 'warning',
  *check({ courses: [{ sites, whole }] }) {
    if (!whole) return;
    const at = sites.findIndex(takesSnapshot);
    const site = sites[at];
    const changed = site && sites.slice(0, at).find(other => changesOf(other).length > 0 && bothDone(other, site));
    if (!site || !changed) return;
    yield {
      site,
      message: 'the first snapshot is taken after the membership was changed',
      hint: 'take it before the change: it is what one goes back to where the change goes wrong',
      related: { site: changed, message: 'changed here' },
    };
  },
};

/** A learner may be behind; etcd 3.4 hangs when it is asked, later versions refuse. */
export const learnerSnapshot: Rule = {
  code: 'learner-snapshot',
  severity: 'warning',
  *check({ courses }) {
    for (const { sites } of courses) yield* ofLearners(sites);
  },
};

function* ofLearners(sites: readonly Site[]): Generator<Finding> {
  let learners: readonly { readonly name: string; readonly site: Site }[] = [];
  for (const site of sites) {
    for (const { change, member } of changesOf(site)) {
      const { name } = member;
      learners = learners.filter(learner => name !== undefined && sameText(learner.name, name) === 'different');
      if (change === 'add-learner' && name !== undefined) learners = [...learners, { name, site }];
    }
    const from = takesSnapshot(site) ? takenFrom(site) : undefined;
    const learner = learners.find(({ name }) => sameText(name, from) === 'same');
    if (!learner) continue;
    yield {
      site,
      message: 'the snapshot is taken from a member that is a learner by then',
      hint: 'take it from a voter: `etcd_snapshot` without `member` finds a healthy one',
      related: { site: learner.site, message: 'added as a learner here' },
    };
  }
}

/** The member that is asked, where that is written. */
function takenFrom(site: Site) {
  if (!savesSnapshot(site)) return site.params.member;
  const { delegateTo } = site.task;
  return delegateTo && writtenValue(delegateTo, site.names);
}
