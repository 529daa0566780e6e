// The examples of docs/language.md: what happens when they are run stands beside them, and each keyword has one.
import { describe, expect, test } from 'vitest';
import { examplesFolder, readExamples } from '../../scripts/examples.ts';
import { keywordTables, shownBy } from '../../scripts/keyword-tables.ts';
import { played } from '../support/language.ts';
import { sudoMissing } from '../support/sudo.ts';

const examples = await readExamples();

describe('what happens', () => {
  test.each(examples.filter(({ name }) => !(sudoMissing && name === 'become')))('$name', async ({ name }) => {
    const folder = `${examplesFolder}/${name}`;
    const what = await played(folder);
    expect(what).not.toMatch(/^(error|warning): /m);
    await expect(what).toMatchFileSnapshot(`../../${folder}/expected.txt`);
  });
});

const rows = Object.entries(keywordTables).flatMap(([kind, table]) =>
  Object.keys(table).map(key => [kind, key] as const),
);

test.each(rows)('%s: there is an example of %s', (kind, key) => {
  expect(shownBy(examples, kind, key)).toBeDefined();
});
