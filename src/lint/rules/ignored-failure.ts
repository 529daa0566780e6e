import { changesOf } from '../deeds.ts';
import { nothingKnown, writtenValue } from '../known.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** What comes after it takes the change for made. */
export const ignoredFailure: Rule = {
  code: 'ignored-failure',
  severity: 'warning',
  *check(program) {
    for (const site of sitesOf(program)) {
      const { ignoreErrors, failedWhen = [] } = site.task;
      const never = failedWhen.find(condition => writtenValue(condition, nothingKnown) === false);
      const ignored = ignoreErrors && writtenValue(ignoreErrors, nothingKnown) === true ? ignoreErrors : never;
      if (!ignored || changesOf(site).length === 0) continue;
      yield {
        site,
        span: ignored.span,
        message: `a change of the membership that fails is passed over: what follows takes it for made`,
        hint: 'remove it; a task that finds the change made already does not fail',
      };
    }
  },
};
