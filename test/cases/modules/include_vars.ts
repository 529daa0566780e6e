import type { ModuleCase } from '../../../src/testing/module-case.ts';

export const cases: readonly ModuleCase[] = [
  {
    name: 'the file as it was read with the playbook',
    params: { file: 'north.yml', name: 'site' },
    expect: { effects: [{ kind: 'include-vars', file: 'north.yml' }] },
  },
];
