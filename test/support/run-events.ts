import type { RunEvent, StampedEvent, Where } from '../../src/core/event.ts';
import type { MembershipView, Standing, Verdict } from '../../src/core/guard.ts';

/** Events as the runner's one exit would send them, for views: stamped, `stepMs` apart, from 10:42:15 UTC on. */
export function stamped(events: readonly RunEvent[], stepMs = 1_000): StampedEvent[] {
  const startMs = Date.UTC(2026, 10, 23, 10, 42, 15);
  return events.map((event, i) => ({ ...event, sequence: i + 1, atMs: startMs + i * stepMs }));
}

export function where(name: string, more: Partial<Where> = {}): Where {
  return { task: `t ${name}`, name, module: 'm', host: 'headnode', on: more.host ?? 'headnode', within: [], ...more };
}

export function standing(voters: number, healthy = voters, learners = 0): Standing {
  const quorum = Math.floor(voters / 2) + 1;
  return { voters, healthy, learners, quorum, margin: healthy - quorum };
}

const one: MembershipView['members'][number] = {
  id: '8e9e05c52164694d',
  name: 'node001',
  role: 'voter',
  health: 'healthy',
  leader: true,
  peerUrl: 'https://10.141.0.1:2380',
};

export const single: MembershipView = { clusterId: 'cdf818194e3a8c32', members: [one], standing: standing(1) };

export const three: MembershipView = {
  clusterId: 'cdf818194e3a8c32',
  members: [
    one,
    { ...one, id: 'a1', name: 'node002', leader: false, peerUrl: 'https://10.141.0.2:2380' },
    { ...one, id: 'b2', name: 'node003', leader: false, peerUrl: 'https://10.141.0.3:2380' },
  ],
  standing: standing(3),
};

export const halfWay: MembershipView = {
  clusterId: 'cdf818194e3a8c32',
  members: [
    one,
    { ...one, id: 'a1', name: 'node002', role: 'learner', leader: false, peerUrl: 'https://10.141.0.2:2380' },
    {
      ...one,
      id: 'c3',
      name: '',
      role: 'learner',
      health: 'unknown',
      leader: false,
      peerUrl: 'https://10.141.0.3:2380',
    },
  ],
  standing: standing(1, 1, 2),
};

const access = { module: 'etcd/kube-default' };

const addsLearner: Verdict = {
  kind: 'safe',
  risk: { kind: 'membership', change: 'add-learner', member: { name: 'node002' }, access },
  reason: 'a learner has no vote',
  before: standing(1),
  after: standing(1, 1, 1),
};

const restartsVoters: Verdict = {
  kind: 'interrupts',
  risk: { kind: 'service', effect: 'restart', hosts: ['node001'], together: true, access },
  reason: 'BCM restarts every voter at the same moment; writes stop for about as long as one start of etcd takes',
  before: standing(1, 1, 1),
  after: standing(1, 1, 1),
};

export const promotes: Verdict = {
  kind: 'fragile',
  risk: { kind: 'membership', change: 'promote', member: { name: 'node002' }, access },
  reason: 'two voters need both of them',
  before: standing(1, 1, 1),
  after: standing(2),
};

export const refuses: Verdict = {
  kind: 'refused',
  risk: { kind: 'membership', change: 'remove', member: { name: 'node002' }, access },
  reason: 'two of three voters are down; without this one there is no quorum',
  before: standing(3, 2),
  after: standing(2, 1),
  next: 'quorate status',
  allowName: 'quorum-lost',
};

const add = where('6.2 Add node002 as a learner', { within: ['node002'] });
const sync = where('6.4 node002 is in sync', { within: ['node002'] });
const none = { failed: 0, ignored: 0, unreachable: 0, unknown: 0 };

const begin: readonly RunEvent[] = [
  {
    type: 'run-started',
    run: '20261123-104215-extend-to-three-9f3c',
    playbook: 'playbooks/extend-to-three.yml',
    check: false,
    inputs: { nodes: ['node001', 'node002'] },
    hosts: ['headnode'],
  },
  { type: 'membership', moment: 'before', view: single },
  { type: 'rehearsing' },
  {
    type: 'course',
    steps: [
      { task: 't1', name: add.name, within: ['node002'], host: 'headnode', verdict: addsLearner },
      { task: 't2', name: '6.3 Start node002', within: ['node002'], host: 'headnode', verdict: restartsVoters },
      { task: 't3', name: '6.4 Promote', within: ['node002'], host: 'headnode', verdict: promotes },
    ],
  },
  { type: 'consent', how: '--yes', to: ['6.4 Promote node002 (fragile)'] },
  { type: 'play-started', play: 'p0', name: 'Extend an etcd cluster', hosts: ['headnode'] },
  { type: 'include-entered', step: 'i', name: '6. Add node002', within: ['node002'], hosts: ['headnode'] },
  { type: 'task-started', ...add, hosts: ['headnode'] },
  { type: 'judged', where: add, verdict: addsLearner },
  { type: 'changing', where: add, changes: [{ what: 'node002', before: 'absent', after: 'learner' }] },
];

const added: RunEvent = {
  type: 'ended',
  where: add,
  status: 'changed',
  durationMs: 310,
  changes: [{ what: 'node002', before: 'absent', after: 'learner' }],
  result: {},
};

/** A run that comes to its goal. */
export const goodRun: readonly RunEvent[] = [
  ...begin,
  { type: 'settling', where: add, limitMs: 5_000 },
  added,
  { type: 'task-started', ...sync, hosts: ['headnode'] },
  { type: 'progress', where: sync, progress: { text: 'node002 is 812 revisions behind', fraction: 0.93 } },
  { type: 'progress', where: sync, progress: { text: 'node002 is 12 revisions behind', fraction: 0.99 } },
  { type: 'ended', where: sync, status: 'ok', durationMs: 2_400, changes: [], result: {} },
  { type: 'membership', moment: 'after', view: three },
  {
    type: 'run-ended',
    outcome: 'done',
    durationMs: 102_300,
    totals: { headnode: { ok: 2, changed: 1, skipped: 0, ...none } },
    next: [],
  },
];

/** The same, stopped by the user after the learner was added and while something else was changing. */
export const stoppedRun: readonly RunEvent[] = [
  ...begin,
  added,
  { type: 'task-started', ...where('6.3 Start node002', { within: ['node002'] }), hosts: ['headnode'] },
  { type: 'changing', where: where('6.3 Start node002', { within: ['node002'] }), changes: [{ what: 'overlay' }] },
  { type: 'membership', moment: 'after', view: halfWay },
  {
    type: 'run-ended',
    outcome: 'interrupted',
    durationMs: 12_000,
    totals: { headnode: { ok: 1, changed: 1, skipped: 0, ...none } },
    error: { code: 'interrupted', message: 'stopped by Ctrl-C', hint: 'it can be gone on with' },
    next: ['quorate status', 'quorate run extend-to-three -e nodes=node001,node002'],
    waiting: [{ handler: 'restart the monitor', hosts: ['headnode'] }],
  },
];
