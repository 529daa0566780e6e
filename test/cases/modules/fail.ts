import type { ModuleCase } from '../../../src/testing/module-case.ts';

export const cases: readonly ModuleCase[] = [
  {
    name: 'with its own message',
    params: {},
    expect: { effects: [{ kind: 'check', that: false, message: 'the playbook says so' }] },
  },
  {
    name: 'with a message and a hint',
    params: { msg: 'node001 is the only voter', hint: 'add another one first' },
    expect: {
      effects: [{ kind: 'check', that: false, message: 'node001 is the only voter', hint: 'add another one first' }],
    },
  },
];
