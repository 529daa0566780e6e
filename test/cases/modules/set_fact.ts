import type { ModuleCase } from '../../../src/testing/module-case.ts';

export const cases: readonly ModuleCase[] = [
  {
    name: 'values keep their types',
    params: { node: 'node002', voters: 3, rest: ['node001'], done: false },
    expect: {
      effects: [{ kind: 'set-facts', facts: { node: 'node002', voters: 3, rest: ['node001'], done: false } }],
    },
  },
  {
    name: 'a name that no expression could use',
    params: { 'two-words': 1, ok: 2 },
    expect: { lint: [{ at: ['two-words'], severity: 'error', message: '`two-words` cannot be the name of a fact' }] },
  },
];
