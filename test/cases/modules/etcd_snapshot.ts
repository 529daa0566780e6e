import { SAVE_SNAPSHOT } from '../../../src/etcd-client/snapshot.ts';
import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import { answersOn, CLUSTER_ID, environment, etcdctl, NODE1, NODE2 } from '../../support/etcd-answers.ts';

const two: FakeCluster = { members: [NODE1, NODE2] };
const nowMs = Date.UTC(2022, 3, 5, 12, 37, 13);
const directory = '/cm/shared/backup/etcd';
const pathOf = (node: string) => `${directory}/etcd-${node}-20220405123713`;
const SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const steps = (node: string) => ({
  save: `sh -c ${SAVE_SNAPSHOT} sh ${directory} etcd-${node}-20220405123713 ${etcdctl([node], 'snapshot save')}`,
  status: `/cm/etcdctl snapshot status ${pathOf(node)} --write-out=json`,
  otherStatus: `/cm/etcdutl snapshot status ${pathOf(node)} --write-out=json`,
});

const taking = (node: string, special: Readonly<Record<string, string | Answer>> = {}) => {
  const s = steps(node);
  return {
    [s.save]: `20512 ${SHA} ${SHA}\n${pathOf(node)}`,
    [s.status]: '{"hash":1,"revision":42,"totalKey":3,"totalSize":20480}',
    ...special,
  };
};
const on = (node: string, list: readonly (keyof ReturnType<typeof steps>)[]) =>
  list.map(step => `${node}: ${steps(node)[step]}`);

export const cases: readonly ModuleCase[] = [
  {
    name: 'from a follower, on its own host',
    params: {},
    nowMs,
    groups: { etcd: ['node001', 'node002'] },
    hosts: {
      headnode: {},
      node001: { answers: answersOn('node001', two) },
      node002: { answers: { ...answersOn('node002', two), ...taking('node002') } },
    },
    expect: {
      repeat: 'safe',
      risks: [],
      runs: on('node002', ['save', 'status']),
      result: {
        size: 20512,
        revision: 42,
        sha256: SHA,
        member: 'node002',
        member_id: NODE2.id,
        host: 'node002',
        cluster_id: CLUSTER_ID,
        membership: '10cee25dc156ff4a:voter 949b2374dd5ed658:voter',
      },
    },
  },
  {
    name: 'proves what guards rely on',
    params: { member: 'node001' },
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: { answers: { ...answersOn('node001', { members: [NODE1] }), ...taking('node001') } },
    },
    expect: {
      runs: on('node001', ['save', 'status']),
      evidence: [{ kind: 'snapshot', takenAtMs: nowMs, path: pathOf('node001'), membership: '949b2374dd5ed658:voter' }],
    },
  },
  {
    name: 'a member whose host is not asked is asked from another',
    params: { member: 'node002' },
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: { ...answersOn('node001', two), ...environment('node001'), ...taking('node002') },
      },
    },
    expect: {
      runs: on('node002', ['save', 'status']).map(run => run.replace('node002: ', 'node001: ')),
      result: { host: 'node001', member: 'node002' },
    },
  },
  {
    name: 'etcdctl 3.6 prints its usage: etcdutl tells the revision',
    params: {},
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1] }),
          ...taking('node001', {
            [steps('node001').status]: 'NAME:\n\tsnapshot - Manages etcd node snapshots\n',
            [steps('node001').otherStatus]: '{"hash":1,"revision":77,"totalKey":3,"totalSize":20480}',
          }),
        },
      },
    },
    expect: {
      runs: on('node001', ['save', 'status', 'otherStatus']),
      result: { revision: 77 },
    },
  },
  {
    name: 'a file that was cut off',
    params: {},
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1] }),
          ...taking('node001', { [steps('node001').save]: `20001 ${SHA} ${SHA}\n` }),
        },
      },
    },
    expect: {
      runs: on('node001', ['save']),
      failure: { code: 'task-failed', message: /its size, 20001 bytes/ },
    },
  },
  {
    name: 'a file with another checksum',
    params: {},
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1] }),
          ...taking('node001', { [steps('node001').save]: `20512 ${SHA} ${'0'.repeat(64)}\n` }),
        },
      },
    },
    expect: {
      runs: on('node001', ['save']),
      failure: { code: 'task-failed', message: /the checksum at its end/ },
    },
  },
  {
    name: 'a node that goes down under it: another one is asked',
    params: {},
    nowMs,
    groups: { etcd: ['node001', 'node002'] },
    hosts: {
      headnode: {},
      node001: { answers: { ...answersOn('node001', two), ...taking('node001') } },
      node002: {
        answers: { ...answersOn('node002', two), ...taking('node002', { [steps('node002').save]: { lost: true } }) },
      },
    },
    expect: {
      runs: [...on('node002', ['save']), ...on('node001', ['save', 'status'])],
      progress: [/node002 does not answer any more/],
      result: { member: 'node001', host: 'node001' },
    },
  },
  {
    name: 'a node that goes down under it, which was named',
    params: { member: 'node002' },
    nowMs,
    groups: { etcd: ['node001', 'node002'] },
    hosts: {
      headnode: {},
      node001: { answers: answersOn('node001', two) },
      node002: {
        answers: { ...answersOn('node002', two), ...taking('node002', { [steps('node002').save]: { lost: true } }) },
      },
    },
    expect: {
      runs: on('node002', ['save']),
      failure: { code: 'answer-lost', message: /node002/ },
    },
  },
  {
    name: 'a directory that cannot be written',
    params: {},
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1] }),
          ...taking('node001', {
            [steps('node001').save]: { code: 5, stderr: 'Error: could not open file (permission denied)\n' },
          }),
        },
      },
    },
    expect: {
      runs: on('node001', ['save']),
      failure: {
        code: 'command-failed',
        message: /no snapshot could be taken on node001: could not open/,
        hint: /df -h/,
      },
    },
  },
  {
    name: 'a voter that is down is not asked',
    params: { member: 'node003' },
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: { headnode: {}, node001: { answers: answersOn('node001', two) } },
    expect: { failure: { code: 'task-failed', message: /node003 is no healthy voter/ } },
  },
];
