import type { ModuleCase } from '../../../src/testing/module-case.ts';

const shows = (text: string): ModuleCase['expect'] => ({ effects: [{ kind: 'show', text }] });

export const cases: readonly ModuleCase[] = [
  { name: 'a text', params: { msg: 'three voters' }, expect: shows('three voters') },
  { name: 'a list of texts, a line each', params: { msg: ['a', 'b'] }, expect: shows('a\nb') },
  { name: 'a number', params: { msg: 3 }, expect: shows('3') },
  { name: 'a map as JSON', params: { var: { leader: 'node001' } }, expect: shows('{\n  "leader": "node001"\n}') },
  { name: 'a value that is null', params: { var: null }, expect: shows('null') },
  { name: 'nothing', params: {}, expect: shows('') },
  {
    name: 'both are one too many',
    params: { msg: 'x', var: 'y' },
    expect: {
      lint: [{ at: ['var'], severity: 'error' }],
      effects: [{ kind: 'check', that: false, message: 'debug shows either msg or var; leave one of them out' }],
    },
  },
];
