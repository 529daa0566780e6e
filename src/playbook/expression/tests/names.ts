import type { Value } from '../../../core/value.ts';
import type { TestSpec } from '../signature.ts';
import { stringType } from '../types.ts';

/**
 * The tests that ask for other filters and tests. Which there are is handed in by `vocabulary.ts`, whose tables these are a
 * part of.
 */
export const nameTests: readonly TestSpec[] = [
  {
    name: 'filter',
    summary: 'True where there is a filter of that name.',
    examples: [
      { expression: "'upper' is filter", value: true },
      { expression: "'uper' is filter", value: false },
    ],
    input: stringType,
    parameters: [],
    holds: call => call.vocabulary.has('filter', textIn(call.input)),
  },
  {
    name: 'test',
    summary: 'True where there is a test of that name.',
    examples: [{ expression: "'defined' is test", value: true }],
    input: stringType,
    parameters: [],
    holds: call => call.vocabulary.has('test', textIn(call.input)),
  },
];

const textIn = (value: Value): string => (typeof value === 'string' ? value : '');
