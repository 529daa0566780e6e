import type { ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import { answersOn, etcdctl, inTurn, NODE1, NODE2, NODE3 } from '../../support/etcd-answers.ts';

const three: FakeCluster = { members: [NODE1, NODE2, NODE3] };
const oneDown: FakeCluster = { members: [NODE1, NODE2, { ...NODE3, down: true }] };
const hosts = (...phases: readonly (readonly [number, FakeCluster])[]) => ({
  headnode: {},
  node001: { answers: inTurn(...phases.map(([n, c]) => [n, answersOn('node001', c)] as const)) },
});
const groups = { etcd: ['node001'] };

export const cases: readonly ModuleCase[] = [
  {
    name: 'healthy for six seconds',
    params: {},
    groups,
    hosts: hosts([1, three]),
    expect: {
      sleptMs: 6000,
      progress: [/^healthy for 0 of 6 s$/, /^healthy for 5 of 6 s$/],
      result: { voters: 3, learners: 0, quorum: 2, fault_tolerance: 1, leader: 'node001', revision: 42, hash: '' },
    },
  },
  {
    name: 'a break starts the six seconds anew',
    params: {},
    groups,
    hosts: hosts([3, three], [1, oneDown], [1, three]),
    expect: { sleptMs: 10_000, progress: [/^node003 does not answer$/], result: { voters: 3 } },
  },
  {
    name: 'a voter that stays down',
    params: { timeout: 20 },
    groups,
    hosts: hosts([1, oneDown]),
    expect: {
      sleptMs: 20_000,
      failure: { code: 'task-failed', message: /^node003 does not answer$/, hint: /quorate status/ },
    },
  },
  {
    name: 'a look without waiting',
    params: { timeout: 0, stable_for: 0 },
    groups,
    hosts: hosts([1, three]),
    expect: { sleptMs: 0, result: { voter_names: ['node001', 'node002', 'node003'] } },
  },
  {
    name: 'no quorum',
    params: { timeout: 0 },
    groups,
    hosts: hosts([1, { members: [NODE1, { ...NODE2, down: true }] }]),
    expect: { failure: { code: 'no-quorum', message: /1 of 2 voters answers?, 2 must; without an answer: node002$/ } },
  },
  {
    name: 'an alarm is final',
    params: {},
    groups,
    hosts: hosts([1, { ...three, alarms: [{ member: 'node002', kind: 2 }] }]),
    expect: { sleptMs: 0, failure: { code: 'task-failed', message: /node002 has raised the alarm CORRUPT/ } },
  },
  {
    name: 'a stranger at the URL of a member is final',
    params: {},
    groups,
    hosts: hosts([1, { members: [NODE1, NODE2, { ...NODE3, clusterId: 'abc' }] }]),
    expect: { failure: { code: 'wrong-cluster', message: /at the URL of node003 a member of another cluster \(abc/ } },
  },
  {
    name: 'an old version',
    params: { min_version: '3.5.0' },
    groups,
    hosts: hosts([1, { members: [{ ...NODE1, version: '3.4.23' }] }]),
    expect: { sleptMs: 0, failure: { code: 'version-refused', message: /etcd 3\.4\.23 runs, and 3\.5\.0/ } },
  },
  {
    name: 'known faults are named',
    params: { stable_for: 0 },
    groups,
    hosts: hosts([1, { members: [{ ...NODE1, version: '3.5.5' }] }]),
    expect: {
      result: {
        versions: ['3.5.5'],
        warnings: [
          'etcd 3.5.5: the data of members can differ (its changelog; mended in 3.5.6)',
          'etcd 3.5.5: a learner that never started can be promoted (etcd-io/etcd #15097; mended in 3.5.7)',
          'etcd 3.5.5: a promotion may not be kept when it goes to 3.6 (etcd-io/etcd #19557; mended in 3.5.20)',
          'etcd 3.5.5: a defragmentation while a snapshot is received corrupts data (its changelog; mended in 3.5.23)',
          'etcd 3.5.5: its members must not go to 3.6 yet (etcd-io/etcd #20793, #20967; mended in 3.5.26)',
          'etcd 3.5.5: a promotion through a follower fails where authentication is on (etcd-io/etcd #20757; mended in 3.5.28)',
          'etcd 3.5.5: an add is refused while one member is down (etcd-io/etcd #21669; mended in 3.5.30)',
          'etcd 3.5.5: `member update` of a learner hides that it is one (etcd-io/etcd #21694; mended in 3.5.31)',
        ],
      },
    },
  },
  {
    name: 'another number of voters than wanted',
    params: { voters: 3, timeout: 0 },
    groups,
    hosts: hosts([1, { members: [NODE1, NODE2] }]),
    expect: { failure: { code: 'task-failed', message: /there are 2 voters, not 3/ } },
  },
  {
    name: 'a learner that nobody wants any more',
    params: { learners: 0, timeout: 0 },
    groups,
    hosts: hosts([1, { members: [NODE1, NODE2, { ...NODE3, learner: true }] }]),
    expect: { failure: { code: 'task-failed', message: /^there are 1 learners, not 0: node003$/ } },
  },
  {
    name: 'equal hashes',
    params: { equal_hashes: true, stable_for: 0 },
    groups,
    hosts: hosts([1, three]),
    expect: { result: { hash: 'deadbeef', revision: 42 } },
  },
  {
    name: 'a lost write shows in the hashes',
    params: { equal_hashes: true, stable_for: 0 },
    groups,
    hosts: hosts([1, { members: [NODE1, NODE2, { ...NODE3, hash: 1 }] }]),
    expect: {
      failure: { code: 'task-failed', message: /differ at revision 42: node001 deadbeef, node002 deadbeef, node003 1/ },
    },
  },
  {
    name: 'in check mode, a learner that was assumed and promoted counts as a voter',
    params: { voters: 2, equal_hashes: true },
    groups,
    hosts: hosts([1, { members: [NODE1] }]),
    assumed: (['add-learner', 'promote'] as const).map(change => ({
      kind: 'membership',
      change,
      member: { name: 'node002', peerUrl: 'https://10.141.0.2:2380' },
      access: { module: 'etcd/kube-default' },
    })),
    expect: { sleptMs: 0, result: { voters: 2, voter_names: ['node001', 'node002'], unstarted: false } },
  },
  {
    name: 'in check mode, the data of a learner that would be promoted are not compared',
    params: { voters: 2, equal_hashes: true },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1, { ...NODE2, learner: true }] }),
          [etcdctl(['node002'], 'endpoint hashkv --rev=42 --write-out=json', 60)]: {
            code: 1,
            stdout: '[]',
            stderr: 'Error: etcdserver: rpc not supported for learner',
          },
        },
      },
    },
    assumed: [
      {
        kind: 'membership',
        change: 'promote',
        member: { id: NODE2.id },
        access: { module: 'etcd/kube-default' },
      },
    ],
    expect: { result: { voters: 2, hash: 'deadbeef' } },
  },
  {
    name: 'in check mode, nor are those of a voter that is down and would be started',
    params: { voters: 3, equal_hashes: true },
    groups,
    hosts: hosts([1, { members: [NODE1, NODE2, { ...NODE3, down: true }] }]),
    assumed: [{ kind: 'configuration', overlay: 'kube-default-etcd', starts: ['node003'] }],
    expect: { sleptMs: 0, result: { voters: 3, fault_tolerance: 1, hash: 'deadbeef' } },
  },
  {
    name: 'in check mode, where all voters of now would be gone, nobody can be compared',
    params: { equal_hashes: true, stable_for: 0 },
    groups,
    hosts: hosts([1, { members: [NODE1] }]),
    assumed: [
      ...(['add-learner', 'promote'] as const).map(change => ({
        kind: 'membership' as const,
        change,
        member: { name: 'node002', peerUrl: 'https://10.141.0.2:2380' },
        access: { module: 'etcd/kube-default' },
      })),
      { kind: 'membership', change: 'remove', member: { id: NODE1.id }, access: { module: 'etcd/kube-default' } },
    ],
    expect: { result: { voters: 1, voter_names: ['node002'], hash: '' } },
  },
  {
    name: 'in check mode, nor those of one that has not even started',
    params: { voters: 2, equal_hashes: true },
    groups,
    hosts: hosts([1, { members: [NODE1, { id: 'abc', name: '', learner: true }] }]),
    assumed: [
      {
        kind: 'membership',
        change: 'promote',
        member: { id: 'abc', name: 'node003' },
        access: { module: 'etcd/kube-default' },
      },
    ],
    expect: { result: { voters: 2, voter_names: ['node001', 'node003'], hash: 'deadbeef' } },
  },
  {
    name: 'a permission that is missing for the key is an answer all the same',
    params: { stable_for: 0 },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', three),
          [etcdctl(['node001'], 'get health --write-out=json', 5)]: {
            code: 1,
            stderr: 'Error: etcdserver: permission denied\n',
          },
        },
      },
    },
    expect: { result: { voters: 3 } },
  },
];
