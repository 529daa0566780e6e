import { expect, test } from 'vitest';
import { didYouMean } from '../../../src/playbook/expression/nearest.ts';

test.each([
  ['nod', ['node', 'nodes', 'spool'], 'did you mean `node`?'],
  ['Spool', ['spool'], 'did you mean `spool`?'],
  ['SPOOL', ['spool', 'SPOON'], 'did you mean `spool`?'],
  ['member_idd', ['member_id', 'name'], 'did you mean `member_id`?'],
  ['x', ['node', 'spool'], undefined],
  ['zzzzzz', ['node'], undefined],
  ['node', ['node'], undefined],
  ['node', [], undefined],
])('%s among %j', (word, known, wanted) => {
  expect(didYouMean(word, known)).toBe(wanted);
});
