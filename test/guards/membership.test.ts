import { describe, expect, test } from 'vitest';
import type { Evidence, KnownMembership, MembershipRisk, Risk, ServiceRisk } from '../../src/core/guard.ts';
import { membershipGuard } from '../../src/guards/membership.ts';
import type { ScriptedHost } from '../../src/testing/module-case.ts';
import { scriptedHost } from '../../src/testing/scripted-host.ts';
import type { FakeCluster } from '../support/etcd-answers.ts';
import { answersOn, inTurn, NODE1, NODE2, NODE3, peerUrlOf } from '../support/etcd-answers.ts';

const access = { module: 'etcd/kube-default' };
const add: MembershipRisk = {
  kind: 'membership',
  change: 'add-learner',
  member: { name: 'node003', peerUrl: peerUrlOf('node003') },
  access,
};
const promote: MembershipRisk = { ...add, change: 'promote' };
const service = (effect: ServiceRisk['effect'], ...hosts: readonly string[]): ServiceRisk => ({
  kind: 'service',
  effect,
  hosts,
  together: true,
  access,
});

const one: FakeCluster = { members: [NODE1] };
const three: FakeCluster = { members: [NODE1, NODE2, NODE3] };
const twoAndLearner: FakeCluster = { members: [NODE1, NODE2, { ...NODE3, learner: true }] };
const oneDown: FakeCluster = { members: [NODE1, NODE2, { ...NODE3, down: true }] };
/** Its etcd answers nothing. */
const silent: Readonly<Record<string, ScriptedHost>> = {
  node001: {
    answers: Object.fromEntries(
      Object.entries(answersOn('node001', one)).map(([words, answer]) =>
        /^(bash|timeout) /.test(words) ? [words, answer] : [words, { code: 1, stderr: 'Error: deadline exceeded' }],
      ),
    ),
  },
};
const NOW_MS = Date.UTC(2026, 0, 1);

interface Scene {
  readonly risk: Risk;
  readonly phases: readonly (readonly [number, FakeCluster])[];
  readonly others?: Readonly<Record<string, ScriptedHost>>;
  readonly evidence?: readonly Evidence[];
  readonly assumed?: readonly Risk[];
  readonly check?: boolean;
  readonly known?: KnownMembership;
}

async function judge({ risk, phases, others, evidence = [], assumed = [], check = false, known }: Scene) {
  const answers = inTurn(...phases.map(([n, c]) => [n, answersOn('node001', c)] as const));
  const { host, recording } = scriptedHost({
    name: '',
    params: {},
    hosts: { headnode: {}, node001: { answers }, node002: {}, node003: {}, ...others },
    groups: { etcd: ['node001'] },
    assumed,
    check,
    nowMs: NOW_MS,
    expect: {},
  });
  const { verdict, seen } = await membershipGuard().judge(risk, {
    probe: host,
    evidence,
    nowMs: NOW_MS,
    ...(known && { known }),
  });
  return { verdict, seen, sleptMs: recording.sleptMs };
}

const snapshot = (membership: string, ageMs = 0): Evidence => ({
  kind: 'snapshot',
  takenAtMs: NOW_MS - ageMs,
  path: '/cm/shared/backup/etcd/x',
  membership,
});
const OF_ONE = `${NODE1.id}:voter`;

describe('an add', () => {
  test('to one healthy voter is safe, and nothing is waited for', async () => {
    const { verdict, sleptMs } = await judge({ risk: add, phases: [[1, one]] });
    expect(verdict).toMatchObject({ kind: 'safe', before: { voters: 1 }, after: { learners: 1, margin: 0 } });
    expect(sleptMs).toBe(0);
  });

  test('to several waits until they were connected for 6 s', async () => {
    const { verdict, sleptMs } = await judge({ risk: add, phases: [[1, { members: [NODE1, NODE2] }]] });
    expect([verdict.kind, sleptMs]).toEqual(['safe', 6000]);
  });

  test('is refused where one of them goes away meanwhile', async () => {
    const down = { members: [NODE1, { ...NODE2, down: true }, { id: 'aa', name: 'node004' }] };
    const up = { members: [NODE1, NODE2, { id: 'aa', name: 'node004' }] };
    const { verdict } = await judge({
      risk: add,
      phases: [
        [3, up],
        [1, down],
      ],
    });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'voters-down' });
    expect(verdict.reason).toBe('every voter must be healthy before this, and node002 is not');
  });

  test('waits for nothing in check mode', async () => {
    const { verdict, sleptMs } = await judge({ risk: add, phases: [[1, { members: [NODE1, NODE2] }]], check: true });
    expect([verdict.kind, sleptMs]).toEqual(['safe', 0]);
  });

  test('is refused with a voter down, and says to remove it first', async () => {
    const risk = { ...add, member: { name: 'node004', peerUrl: 'https://10.141.0.4:2380' } };
    const { verdict } = await judge({ risk, phases: [[1, oneDown]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'voters-down' });
    expect(verdict.next).toBe('bring node003 back, or remove it before you add another: quorate status');
  });

  test('is refused during an alarm', async () => {
    const alarmed = { ...one, alarms: [{ member: 'node001', kind: 1 }] };
    const { verdict } = await judge({ risk: add, phases: [[1, alarmed]] });
    expect(verdict).toMatchObject({
      kind: 'refused',
      allowName: 'alarm',
      reason: 'node001 has raised the alarm NOSPACE',
    });
  });

  test('of a voter to one is refused', async () => {
    const { verdict } = await judge({ risk: { ...add, change: 'add-voter' }, phases: [[1, one]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'quorum-lost' });
    expect(verdict.reason).toBe('1 of 2 voters would be healthy, and 2 must');
  });
});

describe('a promotion', () => {
  test('of a learner that is in sync is safe', async () => {
    const { verdict } = await judge({ risk: promote, phases: [[1, twoAndLearner]] });
    expect(verdict).toMatchObject({ kind: 'safe', before: { margin: 0 }, after: { voters: 3, margin: 1 } });
    expect(verdict.reason).toBe('one voter may fail afterwards');
  });

  test('of one that is behind is refused', async () => {
    const behind = { ...twoAndLearner, progress: { node003: { match: 500 } } };
    const { verdict } = await judge({ risk: promote, phases: [[9, behind]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'not-in-sync' });
    expect(verdict.reason).toMatch(/node003 is 500 entries behind/);
  });

  test('of one that the leader has no connection with is refused', async () => {
    const cut = { ...twoAndLearner, progress: { node003: { match: 1000, peers: 0 } } };
    const { verdict } = await judge({ risk: promote, phases: [[9, cut]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'not-in-sync' });
    expect(verdict.reason).toMatch(/node003 has no connection with the leader/);
  });

  test('of one that is dead is refused, though the server would do it', async () => {
    const dead = { members: [NODE1, NODE2, { ...NODE3, learner: true, down: true }] };
    const { verdict } = await judge({ risk: promote, phases: [[1, dead]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'learner-down' });
  });

  test('of one that is dead is refused in a real run, whatever was weighed before it', async () => {
    const dead = { members: [NODE1, NODE2, { ...NODE3, learner: true, down: true }] };
    const { verdict } = await judge({
      risk: promote,
      phases: [[1, dead]],
      assumed: [service('restart', 'node003')],
      check: false,
    });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'learner-down' });
  });

  test('in check mode takes a learner that is still behind to have been waited for', async () => {
    const behind = { ...twoAndLearner, progress: { node003: { match: 500 } } };
    const { verdict } = await judge({ risk: promote, phases: [[9, behind]], check: true });
    expect(verdict.kind).toBe('safe');
  });

  test('of one that an earlier part of the same change would add is refused', async () => {
    const { verdict } = await judge({ risk: promote, phases: [[1, { members: [NODE1, NODE2] }]], assumed: [add] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'learner-down' });
  });

  test('in check mode takes a learner that was assumed to be in sync', async () => {
    const { verdict } = await judge({
      risk: promote,
      phases: [[1, { members: [NODE1, NODE2] }]],
      assumed: [add],
      check: true,
    });
    expect(verdict).toMatchObject({ kind: 'safe', after: { voters: 3, margin: 1 } });
  });
});

describe('a stop', () => {
  test('of all voters at once, with a fresh snapshot, interrupts', async () => {
    const { verdict } = await judge({
      risk: service('restart', 'node001'),
      phases: [[1, one]],
      evidence: [snapshot(OF_ONE)],
    });
    expect(verdict).toMatchObject({ kind: 'interrupts', before: { margin: 0 }, after: { margin: -1 } });
    expect(verdict.reason).toBe('node001 restarts: no quorum until then, a few seconds');
  });

  test('that would cost the quorum is refused, and it says who is down already', async () => {
    const { verdict } = await judge({ risk: service('stop', 'node001'), phases: [[1, oneDown]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'quorum-lost' });
    expect(verdict.reason).toBe('1 of 3 voters would be healthy, and 2 must; down already: node003');
    expect(verdict.next).toBe('bring node003 back first: quorate status');
  });

  test.each([
    ['none at all', []],
    ['one that is too old', [snapshot(OF_ONE, 601_000)]],
    ['one of other members', [snapshot(`${OF_ONE} abc:learner`)]],
  ])('without a fresh snapshot is refused: %s', async (_, evidence) => {
    const { verdict } = await judge({ risk: service('restart', 'node001'), phases: [[1, one]], evidence });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'no-snapshot' });
    expect(verdict.next).toMatch(/etcd_snapshot/);
  });

  test.each([
    ['since the assumed change', 1, 'interrupts'],
    ['before the assumed change', 0, 'refused'],
  ])('in check mode a snapshot that would be taken %s', async (_, assumedAfter, kind) => {
    const { verdict } = await judge({
      risk: service('restart', 'node001'),
      phases: [[1, one]],
      assumed: [add],
      evidence: [{ kind: 'snapshot', takenAtMs: NOW_MS, path: '', membership: '', assumedAfter }],
      check: true,
    });
    expect(verdict.kind).toBe(kind);
  });

  test('of one of three is fragile', async () => {
    const { verdict } = await judge({ risk: service('stop', 'node003'), phases: [[1, three]] });
    expect(verdict).toMatchObject({ kind: 'fragile', before: { margin: 1 }, after: { margin: 0 } });
  });

  test('of a learner is safe', async () => {
    const { verdict } = await judge({ risk: service('restart', 'node003'), phases: [[1, twoAndLearner]] });
    expect(verdict).toMatchObject({ kind: 'safe', reason: 'it touches no member with a vote' });
  });

  test('of a host that is no member is safe', async () => {
    const { verdict } = await judge({
      risk: service('restart', 'node003'),
      phases: [[1, { members: [NODE1, NODE2] }]],
    });
    expect(verdict).toMatchObject({ kind: 'safe', reason: 'it touches no member of the cluster' });
  });

  test('of a voter that is called otherwise than its host is found by its address', async () => {
    const named = { members: [NODE1, { id: 'aa', name: 'etcd-002' }] };
    const { verdict } = await judge({
      risk: service('stop', 'node002'),
      phases: [[1, named]],
      others: { node002: { answers: { 'hostname -I': '10.141.0.2 fe80::1 \n' } } },
    });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'quorum-lost' });
  });
});

describe('the leader', () => {
  test('is not stopped while another voter could lead', async () => {
    const { verdict } = await judge({ risk: service('stop', 'node001'), phases: [[1, three]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'leader' });
    expect(verdict.next).toMatch(/^move the lead first: etcd_move_leader with away_from: node001/);
  });

  test('is stopped after its lead was moved, in check mode too', async () => {
    const { verdict } = await judge({
      risk: service('stop', 'node001'),
      phases: [[1, three]],
      assumed: [{ kind: 'leadership', to: NODE2.id }],
      check: true,
    });
    expect(verdict.kind).toBe('fragile');
  });

  test('restarts with all others, where nobody is left to lead', async () => {
    const members = [NODE1, NODE2, NODE3].map(({ id }) => `${id}:voter`).sort();
    const { verdict } = await judge({
      risk: service('restart', 'node001', 'node002', 'node003'),
      phases: [[1, three]],
      evidence: [snapshot(members.join(' '))],
    });
    expect(verdict.kind).toBe('interrupts');
  });
});

describe('a change by somebody else', () => {
  const known = async (cluster: FakeCluster, ...since: readonly MembershipRisk[]): Promise<KnownMembership> => {
    const { seen } = await judge({ risk: service('restart', 'node009'), phases: [[1, cluster]] });
    if (!seen) throw new Error('nothing was seen');
    return { view: seen, since };
  };

  test('since the last look is refused, and told', async () => {
    const { verdict } = await judge({
      risk: service('stop', 'node002'),
      phases: [[1, twoAndLearner]],
      known: await known(three),
    });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'cluster-changed' });
    expect(verdict.reason).toBe(
      'somebody else is changing this cluster: node003 became a learner since this run last looked',
    );
  });

  test.each([
    ['was made', twoAndLearner],
    ['was not made', { members: [NODE1, NODE2] }],
    ['was made, and has not started', { members: [NODE1, NODE2, { ...NODE3, name: '', learner: true }] }],
  ])("is told from the run's own, whose outcome need not be known: it %s", async (_, now) => {
    const { verdict } = await judge({
      risk: service('stop', 'node002'),
      phases: [[1, now]],
      known: await known({ members: [NODE1, NODE2] }, add),
    });
    expect(verdict.allowName).not.toBe('cluster-changed');
  });

  test("is seen beside the run's own", async () => {
    const { verdict } = await judge({
      risk: service('stop', 'node002'),
      phases: [[1, { members: [NODE1, { ...NODE3, learner: true }] }]],
      known: await known({ members: [NODE1, NODE2] }, add),
    });
    expect(verdict.reason).toMatch(/: node002 was removed since/);
  });

  test('another cluster in its place is one', async () => {
    const { verdict } = await judge({
      risk: service('stop', 'node002'),
      phases: [[1, { ...three, id: 'abcd' }]],
      known: await known(three),
    });
    expect(verdict.reason).toMatch(/it is the cluster abcd now, and was eef6e88516650e5b/);
  });

  test('is not looked for in check mode', async () => {
    const { verdict, seen } = await judge({
      risk: service('stop', 'node002'),
      phases: [[1, twoAndLearner]],
      known: await known(three),
      check: true,
    });
    expect([verdict.allowName, seen]).toEqual(['quorum-lost', undefined]);
  });
});

describe('a restore from a snapshot', () => {
  test('of a member of a cluster with quorum is refused', async () => {
    const { verdict } = await judge({ risk: service('restore', 'node003'), phases: [[1, oneDown]] });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'has-quorum' });
    expect(verdict.reason).toMatch(/^the cluster has a quorum, and a snapshot is older than what node003 can have/);
  });

  test('is safe where nobody knows of a quorum: all of etcd is stopped then', async () => {
    const { verdict } = await judge({ risk: service('restore', 'node001'), phases: [], others: silent });
    expect(verdict).toMatchObject({ kind: 'safe', reason: expect.stringMatching(/^there is no quorum: no member/) });
  });

  test('is refused where nobody can be asked', async () => {
    const { verdict } = await judge({
      risk: service('restore', 'node001'),
      phases: [],
      others: { node001: { answers: { [Object.keys(answersOn('node001', one))[0] ?? '']: { code: 1 } } } },
    });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'unseen' });
  });
});

describe('blindness', () => {
  test('is a refusal', async () => {
    const { verdict } = await judge({
      risk: add,
      phases: [[1, { members: [NODE1, { ...NODE2, down: true }] }]],
      others: silent,
    });
    expect(verdict).toMatchObject({ kind: 'refused', allowName: 'unseen' });
    expect(verdict.reason).toMatch(/^the cluster cannot be seen: no member of etcd answers: node001: deadline/);
  });

  test('gives no view of the members', async () => {
    const { host } = scriptedHost({ name: '', params: {}, hosts: { headnode: {} }, expect: {} });
    const closed = { ...host, memo: () => Promise.reject(new Error('a defect')) };
    await expect(membershipGuard().membership(closed, access)).rejects.toThrow('a defect');
  });
});

test('the view of the members, for people', async () => {
  const { host } = scriptedHost({
    name: '',
    params: {},
    hosts: { headnode: {}, node001: { answers: answersOn('node001', twoAndLearner) } },
    groups: { etcd: ['node001'] },
    expect: {},
  });
  expect(await membershipGuard().membership(host, access)).toMatchObject({
    clusterId: 'eef6e88516650e5b',
    members: [
      { id: NODE1.id, name: 'node001', role: 'voter', health: 'healthy', leader: true, peerUrl: peerUrlOf('node001') },
      { name: 'node002', leader: false },
      { name: 'node003', role: 'learner', health: 'healthy' },
    ],
    standing: { voters: 2, healthy: 2, learners: 1, quorum: 2, margin: 0 },
  });
});

test('opaque commands and configurations by themselves cost nothing', async () => {
  const opaque = await judge({ risk: { kind: 'opaque', command: 'make' }, phases: [[1, one]] });
  expect(opaque.verdict.kind).toBe('safe');
});
