import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import {
  answersOn,
  CLUSTER_ID,
  clientUrlOf,
  etcdctl,
  inTurn,
  NODE1,
  NODE2,
  NODE3,
  peerUrlOf,
} from '../../support/etcd-answers.ts';

const module = { module: 'etcd/kube-default' };
const two: FakeCluster = { members: [NODE1, NODE2] };
const unstarted = { ...NODE3, name: '', learner: true };
const withUnstarted: FakeCluster = { members: [...two.members, unstarted] };
const withLearner: FakeCluster = { members: [...two.members, { ...NODE3, learner: true }] };
const three: FakeCluster = { members: [NODE1, NODE2, NODE3] };

const hosts = (...phases: readonly (readonly [number, FakeCluster])[]) => ({
  headnode: {},
  node001: { answers: inTurn(...phases.map(([n, c]) => [n, answersOn('node001', c)] as const)) },
});
const changing = (
  words: string,
  answer: Answer | readonly Answer[],
  ...phases: readonly (readonly [number, FakeCluster])[]
) => {
  const { headnode, node001 } = hosts(...phases);
  return {
    headnode,
    node001: {
      answers: {
        ...node001.answers,
        ...inTurn(...[answer].flat().map(a => [1, { [words]: a }] as const)),
        [put]: 'OK',
        [del]: '1',
      },
    },
  };
};
const groups = { etcd: ['node001'] };

const node003 = { name: 'node003', peer_url: peerUrlOf('node003') };
const named = { name: 'node003', peerUrl: peerUrlOf('node003') };
const add = etcdctl(['node001'], `member add node003 --learner --peer-urls=${peerUrlOf('node003')}`, 10);
const promote = etcdctl(['node001'], `member promote ${NODE3.id}`, 10);
/** After a promotion: a write through the new voter. */
const put = etcdctl(['node003'], 'put quorate/written-through node003', 10);
const del = etcdctl(['node003'], 'del quorate/written-through', 10);
const PROMOTED = [promote, put, del].map(words => `node001: ${words}`);
const addRisk = [
  {
    kind: 'membership',
    change: 'add-learner',
    member: { name: 'node003', peerUrl: peerUrlOf('node003') },
    access: module,
  },
] as const;
const toLearner = [{ what: `node003 at ${peerUrlOf('node003')}`, before: 'absent', after: 'learner' }];

export const cases: readonly ModuleCase[] = [
  {
    name: 'adds a learner',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: changing(add, { stdout: 'Member added' }, [2, two], [1, withUnstarted]),
    expect: {
      changes: toLearner,
      risks: addRisk,
      runs: [`node001: ${add}`],
      result: { member_id: NODE3.id, name: 'node003', role: 'learner', started: false, cluster_id: CLUSTER_ID },
    },
  },
  {
    name: 'with --diff the members, before and after',
    params: { ...node003, state: 'learner' },
    groups,
    diff: true,
    hosts: changing(add, { stdout: 'Member added' }, [2, two], [1, withUnstarted]),
    expect: {
      changes: [
        {
          ...toLearner[0],
          what: `node003 at ${peerUrlOf('node003')}`,
          texts: {
            before: `${peerUrlOf('node001')} node001 voter\n${peerUrlOf('node002')} node002 voter\n`,
            after: `${peerUrlOf('node001')} node001 voter\n${peerUrlOf('node002')} node002 voter\n${peerUrlOf('node003')} (not started) learner\n`,
          },
        },
      ],
      runs: [`node001: ${add}`],
    },
  },
  {
    name: 'leaves a learner of that name and URL as it is',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: hosts([1, withLearner]),
    expect: { changes: 'same', result: { member_id: NODE3.id, role: 'learner', started: true } },
  },
  {
    name: 'leaves its own learner that never started as it is',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: hosts([1, withUnstarted]),
    expect: { changes: 'same', result: { member_id: NODE3.id, name: 'node003', role: 'learner', started: false } },
  },
  {
    name: 'a voter is a member already',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: hosts([1, three]),
    expect: { changes: 'same', result: { role: 'voter', started: true } },
  },
  {
    name: 'an add that timed out and was made is not made again',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: changing(add, { code: 1, stderr: 'Error: etcdserver: request timed out' }, [2, two], [1, withUnstarted]),
    expect: { changes: toLearner, runs: [`node001: ${add}`], result: { role: 'learner' }, sleptMs: 0 },
  },
  {
    name: 'an add that another run was quicker with is a success',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: changing(
      add,
      { code: 1, stderr: 'Error: etcdserver: Peer URLs already exists' },
      [2, two],
      [1, withUnstarted],
    ),
    expect: { changes: toLearner, runs: [`node001: ${add}`], result: { role: 'learner' }, sleptMs: 0 },
  },
  {
    name: 'an add that timed out and was not made is made again',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: changing(
      add,
      [{ code: 1, stderr: 'Error: etcdserver: request timed out' }, { code: 0 }],
      [4, two],
      [1, withUnstarted],
    ),
    expect: { changes: toLearner, runs: [`node001: ${add}`, `node001: ${add}`], sleptMs: 2000 },
  },
  {
    name: 'waits while the server calls the cluster unhealthy',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: changing(
      add,
      [{ code: 1, stderr: 'Error: etcdserver: unhealthy cluster' }, { code: 0 }],
      [4, two],
      [1, withUnstarted],
    ),
    expect: { changes: toLearner, runs: [`node001: ${add}`, `node001: ${add}`], sleptMs: 2000 },
  },
  {
    name: 'says why the server refused an add',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: changing(add, { code: 1, stderr: 'Error: etcdserver: too many learner members in cluster' }, [9, two]),
    expect: {
      changes: toLearner,
      runs: [`node001: ${add}`],
      failure: { code: 'task-failed', message: /too many learner members/, hint: /finish or remove the learner/ },
    },
  },
  {
    name: 'another learner stands in the way',
    params: { name: 'node004', peer_url: 'https://10.141.0.4:2380', state: 'learner' },
    groups,
    hosts: hosts([1, withLearner]),
    expect: {
      failure: { code: 'task-failed', message: /node003 is a learner already/, hint: /member remove bd786940e5446229/ },
    },
  },
  {
    name: 'another name at the peer URL',
    params: { name: 'node009', peer_url: peerUrlOf('node003'), state: 'learner' },
    groups,
    hosts: hosts([1, three]),
    expect: { failure: { code: 'wrong-cluster', message: /belongs to the member node003/, hint: /quorate status/ } },
  },
  {
    name: 'the name at another peer URL',
    params: { name: 'node003', peer_url: 'https://10.141.0.33:2380', state: 'learner' },
    groups,
    hosts: hosts([1, three]),
    expect: { failure: { code: 'wrong-cluster', message: /node003 \(bd786940e5446229\) is at/ } },
  },
  {
    name: 'an old etcd is not added to',
    params: { ...node003, state: 'learner' },
    groups,
    hosts: hosts([1, { members: [{ ...NODE1, version: '3.4.3' }] }]),
    expect: { failure: { code: 'version-refused', message: /etcd 3\.4\.3 runs here/ } },
  },
  {
    name: 'to add one takes its name and its URL',
    params: { name: 'node003', state: 'learner' },
    groups,
    hosts: hosts([1, two]),
    expect: { failure: { code: 'task-failed', message: /takes both/ } },
  },
  {
    name: 'promotes a learner that is in sync, through the leader',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: changing(promote, { stdout: 'Member promoted' }, [2, withLearner], [2, three]),
    expect: {
      changes: [{ what: 'node003', before: 'learner', after: 'voter' }],
      risks: [
        {
          kind: 'membership',
          change: 'promote',
          member: { id: NODE3.id, name: 'node003', peerUrl: peerUrlOf('node003') },
          access: module,
        },
      ],
      runs: PROMOTED,
      result: { role: 'voter', member_id: NODE3.id },
    },
  },
  {
    name: 'waits until every voter lists it as a voter',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: (() => {
      const { headnode, node001 } = changing(promote, { stdout: 'Member promoted' }, [2, withLearner], [2, three]);
      const list = etcdctl(['node002'], 'member list --write-out=json', 5);
      const only = (c: FakeCluster) => ({ [list]: answersOn('node001', c)[list] ?? '' });
      return {
        headnode,
        node001: { answers: { ...node001.answers, ...inTurn([2, only(withLearner)], [1, only(three)]) } },
      };
    })(),
    expect: {
      changes: [{ what: 'node003', before: 'learner', after: 'voter' }],
      runs: PROMOTED,
      sleptMs: 2000,
    },
  },
  {
    name: 'a promotion after which etcdctl crashed was made',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: changing(promote, { code: 2, stderr: 'panic: SIGSEGV' }, [2, withLearner], [3, three]),
    expect: {
      changes: [{ what: 'node003', before: 'learner', after: 'voter' }],
      runs: PROMOTED,
      result: { role: 'voter' },
    },
  },
  {
    name: 'does not promote a learner that is behind',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: hosts([9, { ...withLearner, progress: { node003: { match: 850 } } }]),
    expect: {
      changes: [{ what: 'node003', before: 'learner', after: 'voter' }],
      failure: { code: 'task-failed', message: /150 entries behind/, hint: /wait_for_learner/ },
    },
  },
  {
    name: 'does not promote a learner that is dead, though the leader takes it to be in sync',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: hosts([9, { members: [...two.members, { ...NODE3, learner: true, down: true }] }]),
    expect: {
      changes: [{ what: 'node003', before: 'learner', after: 'voter' }],
      failure: { code: 'task-failed', message: /does not answer/ },
    },
  },
  {
    name: 'what is no member cannot be promoted',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: hosts([1, two]),
    expect: { failure: { code: 'task-failed', message: /node003 is no member/, hint: /add it as a learner first/ } },
  },
  {
    name: 'says by the name that it will have what is promoted',
    params: { ...node003, state: 'voter' },
    groups,
    hosts: hosts([9, withUnstarted]),
    expect: {
      changes: [{ what: peerUrlOf('node003'), before: 'learner', after: 'voter' }],
      risks: [{ kind: 'membership', change: 'promote', member: { id: NODE3.id, ...named }, access: module }],
      failure: { code: 'task-failed', message: /is not in sync, so it is not promoted/ },
    },
  },
  {
    name: 'in check mode, promotes a learner that was only assumed',
    params: { ...node003, state: 'voter' },
    groups,
    assumed: [...addRisk, { ...addRisk[0], change: 'promote' }],
    hosts: hosts([1, two]),
    expect: { changes: 'same', result: { role: 'voter', member_id: 'assumed', name: 'node003' } },
  },
  {
    name: 'removes the leader: moves leadership first, then goes through another member',
    params: { name: 'node001', state: 'absent' },
    groups: { etcd: ['node002'] },
    hosts: (() => {
      const moveLeader = etcdctl(['node001'], `move-leader ${NODE2.id}`, 10);
      const remove = etcdctl(['node002', 'node003'], `member remove ${NODE1.id}`, 10);
      const answers = inTurn([2, answersOn('node002', three)], [1, answersOn('node002', { members: [NODE2, NODE3] })]);
      return {
        headnode: {},
        node002: { answers: { ...answers, [moveLeader]: 'moved', [remove]: 'Member removed' } },
      };
    })(),
    expect: {
      changes: [{ what: 'node001', before: 'voter', after: 'absent' }],
      runs: [
        `node002: ${etcdctl(['node001'], `move-leader ${NODE2.id}`, 10)}`,
        `node002: ${etcdctl(['node002', 'node003'], `member remove ${NODE1.id}`, 10)}`,
      ],
      result: { role: 'absent', member_id: '' },
      sleptMs: 2000,
    },
  },
  {
    name: 'removes by its URL what never started',
    params: { peer_url: peerUrlOf('node003'), state: 'absent' },
    groups,
    hosts: changing(
      etcdctl(['node001', 'node002'], `member remove ${NODE3.id}`, 10),
      { stdout: 'Member removed' },
      [2, withUnstarted],
      [1, two],
    ),
    expect: {
      changes: [{ what: peerUrlOf('node003'), before: 'learner', after: 'absent' }],
      runs: [`node001: ${etcdctl(['node001', 'node002'], `member remove ${NODE3.id}`, 10)}`],
      result: { role: 'absent', started: false },
    },
  },
  {
    name: 'what is not there is absent',
    params: { name: 'node003', state: 'absent' },
    groups,
    hosts: hosts([1, two]),
    expect: { changes: 'same', result: { role: 'absent', member_id: '' } },
  },
  {
    name: 'without quorum it says so',
    params: { name: 'node003', state: 'absent' },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1, { ...NODE2, down: true }] }),
          [etcdctl(['node001'], 'member list --write-out=json', 5)]: {
            code: 1,
            stderr: 'Error: context deadline exceeded',
          },
        },
      },
    },
    expect: { failure: { code: 'no-quorum', message: /node001: context deadline exceeded/ } },
  },
  {
    name: 'without quorum nothing is tried, where the members are known all the same',
    params: { name: 'node002', state: 'absent' },
    groups,
    hosts: hosts([1, { members: [NODE1, { ...NODE2, down: true }] }]),
    expect: {
      failure: { code: 'no-quorum', message: /1 of 2 voters answers, 2 must; without an answer: \S+; without it/ },
    },
  },
  {
    name: 'by explicit endpoints, on the host itself',
    params: { name: 'node001', state: 'voter', endpoints: [clientUrlOf('node001')], etcdctl: '/opt/etcdctl' },
    hosts: {
      headnode: {
        answers: Object.fromEntries(
          Object.entries(answersOn('node001', { members: [NODE1] })).map(([words, answer]) => [
            words.replace('/cm/etcdctl', '/opt/etcdctl').replace(/--cacert\S+ --cert\S+ --key\S+ /, ''),
            answer,
          ]),
        ),
      },
    },
    expect: { changes: 'same', result: { role: 'voter', name: 'node001' } },
  },
  {
    name: 'an environment module that is not there',
    params: { name: 'node001', state: 'voter', environment_module: 'etcd/nonesuch' },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: Object.fromEntries(
          Object.keys(answersOn('node001', two))
            .filter(words => words.startsWith('bash'))
            .map(words => [
              words.replace('etcd/kube-default', 'etcd/nonesuch'),
              { code: 1, stderr: "ERROR: Unable to locate a modulefile for 'etcd/nonesuch'\n" },
            ]),
        ),
      },
    },
    expect: {
      failure: { code: 'task-failed', message: /etcd\/nonesuch cannot be used: ERROR: Unable/, hint: /module avail/ },
    },
  },
  {
    name: 'lint: which member?',
    params: { state: 'absent' },
    expect: { lint: [{ severity: 'error', message: 'neither `name` nor `peer_url` says which member is meant' }] },
  },
];
