import type { ModuleCase } from '../../../src/testing/module-case.ts';

export const cases: readonly ModuleCase[] = [
  { name: 'one that is true shows nothing', params: { that: true }, expect: { effects: [] } },
  {
    name: 'all true, with a message',
    params: { that: [true, true], success_msg: 'three voters' },
    expect: { effects: [{ kind: 'show', text: 'three voters' }] },
  },
  {
    name: 'one that is false',
    params: { that: false },
    expect: { effects: [{ kind: 'check', that: false, message: 'the condition is not true' }] },
  },
  {
    name: 'the second of three, with a message',
    params: { that: [true, false, false], fail_msg: 'too few voters', success_msg: 'enough' },
    expect: {
      effects: [{ kind: 'check', that: false, message: 'too few voters (condition 2 of 3 is not true)' }],
    },
  },
];
