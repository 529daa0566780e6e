// cmsh_overlay against the practice cluster's cmsh, under every way in which the real one may answer.
import { describe, expect, it } from 'vitest';
import type { Risk } from '../../src/core/guard.ts';
import type { ConvergeModule } from '../../src/core/module.ts';
import type { Json } from '../../src/core/value.ts';
import { applySetting } from '../../src/lab/standin/settings.ts';
import type { State } from '../../src/lab/standin/state.ts';
import { modules } from '../../src/modules/index.ts';
import { cmshHost } from '../support/cmsh-host.ts';
import { memoryStore } from '../support/memory-store.ts';
import { clusterState } from '../support/standin.ts';

const found = modules.find(module => module.name === 'cmsh_overlay');
if (found?.kind !== 'converge') throw new Error('there is no cmsh_overlay');
const module: ConvergeModule = found;

const DEFAULTS = { etcd_role: 'Etcd::Host', cmsh: 'cmsh' };
const LEARNERS = 'kube-default-etcd-learners';
const access = { module: 'etcd/kube-default' };

const overlays = (...entries: readonly { [key: string]: Json }[]) => ({
  ...DEFAULTS,
  overlays: entries.map(entry => ({ state: 'present', ...entry })),
});
/** Section 6.3. */
const asLearner = (node: string) =>
  overlays({
    name: LEARNERS,
    clone_from: 'kube-default-etcd',
    priority: 510,
    all_head_nodes: false,
    categories: [],
    nodes: [node],
    roles: [{ name: 'etcd::host', options_present: ['--initial-cluster-state=existing'] }],
  });
/** Section 6.5. */
const moved = (node: string) =>
  overlays({ name: LEARNERS, nodes_absent: [node] }, { name: 'kube-default-etcd', nodes_present: [node] });

async function observed(
  store: ReturnType<typeof memoryStore>,
  params: { [key: string]: unknown },
  assumed: readonly Risk[] = [],
) {
  const { host } = cmshHost(store, assumed);
  return module.observe(host, params as never);
}

/** Observes, applies what differs, and observes again in a fresh process. */
async function converged(store: ReturnType<typeof memoryStore>, params: { [key: string]: unknown }) {
  const { host, scripts } = cmshHost(store);
  const first = await module.observe(host, params as never);
  if (first.kind !== 'differs') return { first, commit: undefined, again: first, risks: [] };
  const risks = module.risks(params as never, first.state);
  scripts.length = 0;
  await module.apply(host, params as never, first.state);
  const [commit] = scripts;
  return { first, commit, risks, again: await observed(store, params) };
}

const overlay = (state: State, name: string) => state.objects.configurationoverlay.find(one => one.name === name);

const settings = [
  'profile=strict',
  'profile=lax',
  'profile=silent',
  'fault.eventsInOutput=true',
  'fault.collapsedRanges=true',
  'fault.cellWidth=6',
  'fault.noHeaders=true',
];

describe.each(settings)('under %s', setting => {
  const store = memoryStore(clusterState(['node001', 'node002']));
  applySetting(store.state, setting);

  it('clones the overlay of 6.3 in one commit, as the article types it', async () => {
    const { first, commit, risks, again } = await converged(store, asLearner('node003'));
    expect(first).toMatchObject({
      kind: 'differs',
      changes: [
        { what: LEARNERS, before: 'absent', after: 'a clone of kube-default-etcd' },
        { what: `${LEARNERS}: priority`, after: '510' },
        { what: `${LEARNERS}: nodes`, before: 'none', after: 'node003' },
        { what: `${LEARNERS}: Etcd::Host options`, before: 'none', after: '--initial-cluster-state=existing' },
      ],
    });
    expect(commit?.trimEnd().split('\n')).toEqual([
      'configurationoverlay',
      `clone kube-default-etcd ${LEARNERS}`,
      'set priority 510',
      'set allheadnodes no',
      'set nodes',
      'set categories',
      'append nodes node003',
      'roles',
      'use etcd::host',
      'append options "--initial-cluster-state=existing"',
      '..',
      '..',
      '..',
      'commit',
    ]);
    expect(risks).toMatchObject([
      { kind: 'service', effect: 'restart', hosts: ['node001', 'node002'], together: true, access },
      { kind: 'configuration', overlay: LEARNERS, becomes: { priority: 510, nodes: ['node003'] }, starts: ['node003'] },
    ]);
    expect(again).toMatchObject({
      kind: 'same',
      result: { overlays: [{ name: LEARNERS, priority: 510, nodes: ['node003'] }] },
    });
  });

  it('finds nothing to do the second time', async () => {
    expect((await observed(store, asLearner('node003'))).kind).toBe('same');
  });

  it('moves the node between overlays in one commit (6.5), which restarts it alone', async () => {
    const { first, commit, risks, again } = await converged(store, moved('node003'));
    expect(first).toMatchObject({
      changes: [
        { what: `${LEARNERS}: nodes`, before: 'node003', after: 'none' },
        { what: 'kube-default-etcd: nodes', before: 'node001,node002', after: 'node001,node002,node003' },
      ],
    });
    expect(commit).toBe(
      `configurationoverlay\nuse ${LEARNERS}\nremovefrom nodes node003\n..\nuse kube-default-etcd\nappend nodes node003\n..\ncommit\n`,
    );
    expect(risks).toMatchObject([
      { kind: 'service', effect: 'restart', hosts: ['node003'], together: false },
      { kind: 'configuration', overlay: LEARNERS },
      { kind: 'configuration', overlay: 'kube-default-etcd' },
    ]);
    expect(risks.filter(risk => 'starts' in risk)).toEqual([]);
    expect(again.kind).toBe('same');
    expect(overlay(store.state, 'kube-default-etcd')?.values.nodes).toEqual(['node001', 'node002', 'node003']);
  });

  it('takes a node out (5.1), which stops it', async () => {
    const { risks, again } = await converged(store, overlays({ name: 'kube-default-etcd', nodes_absent: ['node002'] }));
    expect(risks[0]).toMatchObject({ effect: 'stop', hosts: ['node002'] });
    expect(again.kind).toBe('same');
  });

  it('only appends where the learners overlay was kept', async () => {
    const { commit } = await converged(store, asLearner('node004'));
    expect(commit).toBe(`configurationoverlay\nuse ${LEARNERS}\nappend nodes node004\n..\ncommit\n`);
  });

  it('only looks where nothing is asked for', async () => {
    const seen = await observed(store, overlays({ name: 'kube-default-etcd' }, { name: 'missing' }));
    expect(seen).toMatchObject({
      kind: 'same',
      result: {
        overlays: [
          {
            name: 'kube-default-etcd',
            exists: true,
            nodes: ['node001', 'node003'],
            roles: [{ etcd_cluster: 'kube-default' }],
          },
          { name: 'missing', exists: false, nodes: [] },
        ],
      },
    });
  });

  it('removes an overlay', async () => {
    const { risks, again } = await converged(store, overlays({ name: LEARNERS, state: 'absent' }));
    expect(risks).toMatchObject([
      { effect: 'stop', hosts: ['node004'] },
      { kind: 'configuration', overlay: LEARNERS },
    ]);
    // Some cmsh end well and have not removed anything.
    if (setting === 'profile=silent') expect(again.kind).toBe('differs');
    else expect(again).toMatchObject({ kind: 'same', result: { overlays: [{ exists: false }] } });
  });
});

describe('what it refuses', () => {
  const store = memoryStore(clusterState(['node001']));

  it('a node that BCM does not know', async () => {
    await expect(observed(store, asLearner('node099'))).rejects.toMatchObject({
      code: 'bcm-refused',
      message: `BCM knows no node node099, so it can't be put into the overlay ${LEARNERS}`,
    });
  });

  it('an overlay that does not exist, unless nothing is wanted in it', async () => {
    const elsewhere = overlays({ name: 'elsewhere', nodes_present: ['node003'] });
    await expect(observed(store, elsewhere)).rejects.toMatchObject({
      code: 'bcm-refused',
      message: 'BCM on headnode has no configuration overlay elsewhere',
    });
    expect((await observed(store, moved('node001'))).kind).toBe('same');
  });

  it('a role that comes from elsewhere all the same', async () => {
    const shadowing = memoryStore(clusterState(['node001']));
    const device = shadowing.state.objects.device.find(one => one.name === 'node003');
    const role = overlay(shadowing.state, 'kube-default-etcd')?.roles[0];
    if (device !== undefined && role !== undefined) device.roles.push(structuredClone(role));
    await expect(observed(shadowing, asLearner('node003'))).rejects.toMatchObject({
      code: 'bcm-refused',
      message: expect.stringMatching(/^node003 has Etcd::Host from node node003 \(750\), which wins over the overlay/),
    });
  });

  it('to guess where CMDaemon cannot be reached', async () => {
    const down = memoryStore(clusterState(['node001']));
    down.state.faults.notConnected = true;
    expect(await observed(down, asLearner('node003'))).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/can't reach CMDaemon/),
    });
  });

  it.each(['strict', 'lax'] as const)('a commit that does not validate, under %s', async profile => {
    const invalid = memoryStore(clusterState(['node001']));
    invalid.state.profile = profile;
    const bad = overlays({ name: 'kube-default-etcd', categories: ['nowhere'] });
    await expect(converged(invalid, bad)).rejects.toMatchObject({ code: 'bcm-refused' });
    expect(overlay(invalid.state, 'kube-default-etcd')?.values.categories).toEqual([]);
  });
});

it('does not take a commit that lost a change for done', async () => {
  const store = memoryStore(clusterState(['node001', 'node002']));
  store.state.faults.commitLosesChange = true;
  const { again } = await converged(store, overlays({ name: 'kube-default-etcd', nodes_absent: ['node002'] }));
  expect(again.kind).toBe('differs');
});

it('sees in check mode what earlier changes would have left', async () => {
  const store = memoryStore(clusterState(['node001']));
  const assumed: Risk[] = [];
  const foreseen = async (params: { [key: string]: unknown }) => {
    const found = await observed(store, params, assumed);
    if (found.kind !== 'differs') return { found, risks: [] };
    const risks = module.risks(params as never, found.state);
    assumed.push(...risks);
    return { found, risks };
  };
  const services = (risks: readonly Risk[]) =>
    risks.filter(risk => risk.kind === 'service').map(risk => [risk.effect, risk.hosts]);
  expect(services((await foreseen(asLearner('node002'))).risks)).toEqual([['restart', ['node001']]]);
  expect(services((await foreseen(moved('node002'))).risks)).toEqual([['restart', ['node002']]]);
  expect(services((await foreseen(asLearner('node003'))).risks)).toEqual([['restart', ['node001', 'node002']]]);
  expect(services((await foreseen(moved('node003'))).risks)).toEqual([['restart', ['node003']]]);
  const { found } = await foreseen(overlays({ name: 'kube-default-etcd' }, { name: LEARNERS }));
  expect(found).toMatchObject({
    kind: 'same',
    result: { overlays: [{ nodes: ['node001', 'node002', 'node003'] }, { exists: true, nodes: [] }] },
  });
});
