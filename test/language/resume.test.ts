// What gives names their values, or says what is done next, is there again in a resume: each of these cases is killed after every execution that ended.
import { expect, test } from 'vitest';
import { resumedAnywhere } from '../support/language.ts';

const cases = ['apply', 'delegate_facts', 'include_vars', 'notify', 'role-precedence', 'role-visibility', 'vars'];

test.each(cases)('%s', async name => {
  const { whole, resumed } = await resumedAnywhere(`test/language/${name}`);
  expect(resumed.length).toBeGreaterThan(3);
  for (const ends of resumed) expect(ends).toEqual(whole);
});
