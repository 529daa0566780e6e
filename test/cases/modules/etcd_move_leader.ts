import type { ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import { answersOn, etcdctl, inTurn, NODE1, NODE2, NODE3 } from '../../support/etcd-answers.ts';

const three: FakeCluster = { members: [NODE1, NODE2, NODE3] };
const led: FakeCluster = { ...three, leader: 'node002' };
const withLearner: FakeCluster = { members: [NODE1, { ...NODE2, learner: true }] };
const secondDown: FakeCluster = { members: [NODE1, { ...NODE2, down: true }, NODE3] };
const alone: FakeCluster = { members: [NODE1] };

const hosts = (...phases: readonly (readonly [number, FakeCluster])[]) => ({
  headnode: {},
  node001: { answers: inTurn(...phases.map(([n, c]) => [n, answersOn('node001', c)] as const)) },
});
const groups = { etcd: ['node001'] };
const move = (id: string) => etcdctl(['node001'], `move-leader ${id}`, 10);
const moving = (id: string, answer: string | { readonly code: number; readonly stderr: string }) => {
  const { headnode, node001 } = hosts([2, three], [1, led]);
  return { headnode, node001: { answers: { ...node001.answers, [move(id)]: answer } } };
};

export const cases: readonly ModuleCase[] = [
  {
    name: 'nothing to do where another member leads',
    params: { away_from: 'node003' },
    groups,
    hosts: hosts([1, three]),
    expect: { changes: 'same', result: { leader: 'node001', leader_id: NODE1.id } },
  },
  {
    name: 'nothing to do where it leads already',
    params: { to: 'node002' },
    groups,
    hosts: hosts([1, led]),
    expect: { changes: 'same', result: { leader: 'node002', leader_id: NODE2.id } },
  },
  {
    name: 'sent to the leader itself',
    params: { to: 'node002' },
    groups,
    hosts: moving(NODE2.id, ''),
    expect: {
      changes: [{ what: 'leader', before: 'node001', after: 'node002' }],
      byHand: [
        {
          host: 'node001',
          command: `module load etcd/kube-default; ! etcdctl endpoint status | grep -q ', true, ' || etcdctl move-leader ${NODE2.id}`,
        },
      ],
      runs: [`node001: ${move(NODE2.id)}`],
      result: { leader: 'node002', leader_id: NODE2.id },
    },
  },
  {
    name: 'by hand, from another host than the one of the leader',
    params: { away_from: 'node001' },
    groups: { etcd: ['node003'] },
    hosts: {
      headnode: {},
      node003: {
        answers: {
          ...inTurn(
            [2, answersOn('node003', { members: [NODE1, NODE3] })],
            [1, answersOn('node003', { members: [NODE1, NODE3], leader: 'node003' })],
          ),
          [move(NODE3.id)]: '',
        },
      },
    },
    expect: {
      changes: [{ what: 'leader', before: 'node001', after: 'node003' }],
      byHand: [
        {
          host: 'node003',
          command: `module load etcd/kube-default; ! ETCDCTL_ENDPOINTS=https://10.141.0.1:2379 etcdctl endpoint status | grep -q ', true, ' || ETCDCTL_ENDPOINTS=https://10.141.0.1:2379 etcdctl move-leader ${NODE3.id}`,
        },
      ],
      runs: [`node003: ${move(NODE3.id)}`],
    },
  },
  {
    name: 'a voter that is down is passed over',
    params: { away_from: 'node001' },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...hosts([2, secondDown], [1, { ...secondDown, leader: 'node003' }]).node001.answers,
          [move(NODE3.id)]: '',
        },
      },
    },
    expect: {
      changes: [{ what: 'leader', before: 'node001', after: 'node003' }],
      runs: [`node001: ${move(NODE3.id)}`],
      result: { leader: 'node003' },
    },
  },
  {
    name: 'a learner cannot lead',
    params: { to: 'node002' },
    groups,
    hosts: hosts([1, withLearner]),
    expect: { failure: { code: 'task-failed', message: /cannot lead: it is a learner/ } },
  },
  {
    name: 'nobody else is there',
    params: { away_from: 'node001' },
    groups,
    hosts: hosts([1, alone]),
    expect: { failure: { code: 'task-failed', message: /no healthy voter but node001/ } },
  },
];
