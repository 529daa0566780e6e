import { describe, expect, it } from 'vitest';
import { type Overlay, type WantedOverlay, wantedOverlay } from '../../src/bcm/overlay.ts';
import { changeCommands, differences, type OverlayStep, overlayText } from '../../src/bcm/overlay-change.ts';

const ETCD: Overlay = {
  name: 'etcd',
  priority: 500,
  allHeadNodes: false,
  nodes: ['node001', 'node002'],
  categories: ['gpu'],
  roles: [{ name: 'Etcd::Host', options: ['--a=1'], etcdCluster: 'kube' }],
};

function step(wanted: Partial<WantedOverlay>, before: Overlay | undefined = ETCD): OverlayStep {
  const { name = 'etcd' } = before ?? {};
  return { name, before, after: wantedOverlay({ name, state: 'present', ...wanted }, before, undefined) };
}

it('is told line by line', () => {
  expect(overlayText(ETCD)).toBe(
    'priority: 500\nall head nodes: no\ncategory: gpu\nnode: node001\nnode: node002\nrole: Etcd::Host\n  option: --a=1\n',
  );
  expect(overlayText(undefined)).toBe('');
});

const commands = (...steps: readonly OverlayStep[]) => changeCommands(steps, new Map([['etcd', ETCD]]));

describe('an overlay that is there', () => {
  it.each<[string, Partial<WantedOverlay>, readonly string[], readonly string[]]>([
    ['nothing', {}, [], []],
    ['what it is already', { priority: 500, nodes: ['node002', 'node001'], categories: ['gpu'] }, [], []],
    ['another priority', { priority: -1 }, ['priority'], ['set priority -1']],
    ['head nodes', { all_head_nodes: true }, ['all head nodes'], ['set allheadnodes yes']],
    [
      'exactly these nodes',
      { nodes: ['node002', 'node003'] },
      ['nodes'],
      ['removefrom nodes node001', 'append nodes node003'],
    ],
    ['no nodes', { nodes: [] }, ['nodes'], ['removefrom nodes node001', 'removefrom nodes node002']],
    [
      'one node more and one less',
      { nodes_present: ['node001', 'node009'], nodes_absent: ['node002', 'node007'] },
      ['nodes'],
      ['removefrom nodes node002', 'append nodes node009'],
    ],
    ['no categories', { categories: [] }, ['categories'], ['removefrom categories gpu']],
    [
      'exactly these options',
      { roles: [{ name: 'etcd::host', options: ['--b=2 3'] }] },
      ['Etcd::Host options'],
      ['roles', 'use etcd::host', 'removefrom options "--a=1"', 'append options "--b=2 3"', '..', '..'],
    ],
    ['an option that is there', { roles: [{ name: 'etcd::host', options_present: ['--a=1'] }] }, [], []],
    [
      'a role that it does not have',
      { roles: [{ name: 'Storage', options_present: ['x'] }] },
      ['Storage', 'Storage options'],
      ['roles', 'assign storage', 'append options "x"', '..', '..'],
    ],
  ])('is asked for %s', (_name, wanted, whats, body) => {
    expect(differences(step(wanted)).map(({ what }) => what)).toEqual(whats.map(what => `etcd: ${what}`));
    expect(commands(step(wanted))).toEqual(
      body.length === 0 ? [] : ['configurationoverlay', 'use etcd', ...body, '..', 'commit'],
    );
  });

  it('is removed', () => {
    expect(differences(step({ state: 'absent' }))).toEqual([{ what: 'etcd', before: 'exists', after: 'removed' }]);
    expect(commands(step({ state: 'absent' }))).toEqual(['configurationoverlay', 'remove etcd', 'commit']);
  });
});

it('a clone keeps priority and roles, and applies to nothing that was not asked for', () => {
  const after = wantedOverlay({ name: 'new', state: 'present', clone_from: 'etcd' }, undefined, ETCD);
  expect(after).toEqual({ ...ETCD, name: 'new', nodes: [], categories: [] });
  expect(commands({ name: 'new', before: undefined, after, clonedFrom: 'etcd' })).toEqual([
    'configurationoverlay',
    'clone etcd new',
    'set priority 500',
    'set allheadnodes no',
    'set nodes',
    'set categories',
    '..',
    'commit',
  ]);
});

it('all changes are one commit', () => {
  const other = { ...ETCD, name: 'other' };
  const lines = commands(
    step({ nodes_absent: ['node001'] }),
    step({ nodes_present: ['node001'] }, { ...other, nodes: [] }),
  );
  expect(lines.filter(line => line === 'commit')).toHaveLength(1);
  expect(lines.at(-1)).toBe('commit');
});
