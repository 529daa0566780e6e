import type { ModuleCase } from '../../../src/testing/module-case.ts';

const argument_spec = {
  port: { type: 'int', required: true },
  mode: { choices: ['learner', 'voter'] },
  hosts: { type: 'list', elements: 'str', choices: ['a', 'b'] },
  peers: { type: 'list', elements: 'dict', options: { url: { required: true } } },
  tls: { type: 'dict', options: { on: { type: 'bool' } } },
  lag: { type: 'float' },
  any: { type: 'raw' },
};
const failing = (message: string) => ({ kind: 'check' as const, that: false, message });

export const cases: readonly ModuleCase[] = [
  {
    name: 'all is as it is to be',
    params: {
      argument_spec,
      provided_arguments: {
        port: 1,
        mode: 'voter',
        hosts: ['a'],
        peers: [{ url: 'x' }],
        tls: { on: true },
        lag: 0.5,
        any: [1],
      },
    },
    expect: { effects: [] },
  },
  {
    name: 'what is missing, of another type or not among the choices, at any depth',
    params: {
      argument_spec,
      provided_arguments: { mode: 'leader', hosts: ['a', 'c'], peers: [{}, 'x'], tls: { on: 'yes' }, lag: 'x' },
    },
    expect: {
      effects: [
        failing('the argument port is missing'),
        failing('the argument mode must be one of learner, voter, not leader'),
        failing('the argument hosts must be one of a, b, not c'),
        failing('the argument peers[0].url is missing'),
        failing('the argument peers[1] must be a map, not "x"'),
        failing('the argument tls.on must be true or false, not "yes"'),
        failing('the argument lag must be a number, not "x"'),
      ],
    },
  },
];
