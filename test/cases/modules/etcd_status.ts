import type { ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import { answersOn, CLUSTER_ID, NODE1, NODE2, NODE3 } from '../../support/etcd-answers.ts';

const hosts = (cluster: FakeCluster) => ({ headnode: {}, node001: { answers: answersOn('node001', cluster) } });
const groups = { etcd: ['node001'] };

export const cases: readonly ModuleCase[] = [
  {
    name: 'three voters, one of them down',
    params: {},
    groups,
    hosts: hosts({ members: [NODE1, NODE2, { ...NODE3, down: true }], leader: 'node002' }),
    expect: {
      result: {
        cluster_id: CLUSTER_ID,
        leader: 'node002',
        member_names: ['node001', 'node002', 'node003'],
        unstarted: false,
        versions: ['3.5.31'],
        warnings: [],
        etcdctl_version: '3.5.16',
        etcdctl_warnings: [
          'etcdctl 3.5.16: `member promote -w json` crashes after the promotion was made (measured with 3.4.23 and 3.5.16; mended in 3.5.30)',
          'etcdctl 3.5.16: `member list -w json --hex` leaves out who is a learner (measured)',
          'etcdctl 3.5.16: `snapshot status` takes a truncated file for a good one, or crashes (measured)',
        ],
        standing: { voters: 3, healthy: 2, learners: 0, quorum: 2, margin: 0, fault_tolerance: 0 },
      },
    },
  },
  {
    name: 'IDs keep all their digits',
    params: {},
    groups,
    hosts: hosts({ members: [NODE1] }),
    expect: {
      result: { members: [{ id: '949b2374dd5ed658', leader: true, health: 'healthy', revision: 42 }] } as never,
    },
  },
  {
    name: 'without quorum, the picture all the same (etcd 3.4 lists without it)',
    params: {},
    groups,
    hosts: hosts({ members: [NODE1, { ...NODE2, down: true }] }),
    expect: { result: { standing: { voters: 2, healthy: 1, learners: 0, quorum: 2, margin: -1, fault_tolerance: 0 } } },
  },
  {
    name: 'an alarm, an unstarted learner and known faults',
    params: {},
    groups,
    hosts: hosts({
      members: [
        { ...NODE1, version: '3.4.23' },
        { ...NODE3, name: '', learner: true },
      ],
      alarms: [{ member: 'node001', kind: 1 }],
    }),
    expect: {
      result: {
        alarms: [{ member_id: NODE1.id, alarm: 'NOSPACE' }],
        unstarted: true,
        voters: 1,
        learners: 1,
        learner_names: [],
        peer_urls: ['https://10.141.0.1:2380', 'https://10.141.0.3:2380'],
        versions: ['3.4.23'],
      },
    },
  },
  {
    name: 'hosts that belong to two clusters',
    params: { via: ['node001', 'node002'] },
    hosts: {
      headnode: {},
      node001: { answers: answersOn('node001', { members: [NODE1] }) },
      node002: { answers: answersOn('node002', { members: [NODE2], id: 'abcdef' }) },
    },
    expect: {
      failure: { code: 'wrong-cluster', message: /node001 belongs to the cluster eef6e88516650e5b and node002/ },
    },
  },
];
