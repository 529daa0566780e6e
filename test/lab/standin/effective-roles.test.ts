import { expect, it } from 'vitest';
import { effectiveRoles } from '../../../src/lab/standin/effective-roles.ts';
import { type CmObject, etcdHostRole, type Value } from '../../../src/lab/standin/state.ts';
import { clusterState } from '../../support/standin.ts';

type Overlay = Record<string, Value>;

/** Where the role Etcd::Host of `device` comes from, as `from:name:priority`. */
function effective(device: string, overlays: Record<string, Overlay>, direct: { node?: true; category?: true } = {}) {
  const state = clusterState([]);
  state.objects.configurationoverlay = Object.entries(overlays).map(([name, values]) => ({
    name,
    values: { priority: 500, nodes: [], categories: [], allheadnodes: false, ...values },
    roles: [etcdHostRole()],
  }));
  const give = (objects: CmObject[], name: string) => objects.find(o => o.name === name)?.roles.push(etcdHostRole());
  if (direct.node) give(state.objects.device, device);
  if (direct.category) give(state.objects.category, 'default');
  const found = state.objects.device.find(candidate => candidate.name === device);
  if (found === undefined) throw new Error(device);
  return effectiveRoles(state, found).map(({ from, name, priority }) => `${from}:${name}:${priority}`);
}

const nodes = ['node001'];

it.each([
  ['the only overlay', 'node001', { a: { nodes } }, {}, ['overlay:a:500']],
  ['no overlay of other nodes', 'node002', { a: { nodes } }, {}, []],
  ['the highest priority', 'node001', { a: { nodes }, b: { nodes, priority: 510 } }, {}, ['overlay:b:510']],
  ['the first of equals', 'node001', { b: { nodes }, a: { nodes } }, {}, ['overlay:a:500']],
  ['none that is switched off', 'node001', { a: { nodes, priority: -1 } }, {}, []],
  ['an overlay of the category', 'node003', { a: { categories: ['default'] } }, {}, ['overlay:a:500']],
  ['no category of the head node', 'headnode', { a: { categories: ['default'] } }, {}, []],
  ['an overlay of all head nodes', 'headnode', { a: { allheadnodes: true } }, {}, ['overlay:a:500']],
  ['the node over overlays', 'node001', { a: { nodes, priority: 510 } }, { node: true }, ['node:node001:750']],
  ['an overlay over the node', 'node001', { a: { nodes, priority: 800 } }, { node: true }, ['overlay:a:800']],
  ['overlays over the category', 'node001', { a: { nodes } }, { category: true }, ['overlay:a:500']],
  ['the category', 'node001', {}, { category: true }, ['category:default:250']],
] as const)('takes %s', (_, device, overlays, direct, expected) => {
  expect(effective(device, overlays, direct)).toEqual(expected);
});
