import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import { answersOn, CLUSTER_ID, environment, etcdctl, NODE1, NODE2 } from '../../support/etcd-answers.ts';

const two: FakeCluster = { members: [NODE1, NODE2] };
const nowMs = Date.UTC(2022, 3, 5, 12, 37, 13);
const directory = '/cm/shared/backup/etcd';
const names = (node: string) => ({
  partial: `${directory}/.etcd-${node}-20220405123713.partial`,
  path: `${directory}/etcd-${node}-20220405123713`,
});
const SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const MEASURE =
  'size=$(stat -c %s -- "$1") && sum=$(head -c "$((size - 32))" -- "$1" | sha256sum | cut -d " " -f 1) && end=$(tail -c 32 -- "$1" | od -An -v -tx1 | tr -d " \\n") && printf "%s %s %s\\n" "$size" "$sum" "$end"';
const KEEP = `sync -- "$1" || exit 1
to=$2; n=1; mv -n -T -- "$1" "$to"
while [ -e "$1" ]; do n=$((n + 1)); [ "$n" -lt 10 ] || exit 1; to=$2-$n; mv -n -T -- "$1" "$to"; done
sync -- "\${2%/*}" || exit 1
printf %s "$to"`;

const steps = (node: string) => {
  const { partial, path } = names(node);
  return {
    mkdir: `mkdir -p -m 0700 ${directory}`,
    save: etcdctl([node], `snapshot save ${partial}`),
    measure: `sh -c ${MEASURE} sh ${partial}`,
    status: `/cm/etcdctl snapshot status ${partial} --write-out=json`,
    otherStatus: `/cm/etcdutl snapshot status ${partial} --write-out=json`,
    keep: `sh -c ${KEEP} sh ${partial} ${path}`,
    clean: `rm -f -- ${partial} ${partial}.part`,
  };
};

const taking = (node: string, special: Readonly<Record<string, string | Answer>> = {}) => {
  const s = steps(node);
  return {
    [s.mkdir]: '',
    [s.save]: 'Snapshot saved',
    [s.measure]: `20512 ${SHA} ${SHA}\n`,
    [s.status]: '{"hash":1,"revision":42,"totalKey":3,"totalSize":20480}',
    [s.keep]: names(node).path,
    [s.clean]: '',
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
      runs: on('node002', ['mkdir', 'save', 'measure', 'status', 'keep']),
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
      runs: on('node001', ['mkdir', 'save', 'measure', 'status', 'keep']),
      evidence: [
        { kind: 'snapshot', takenAtMs: nowMs, path: names('node001').path, membership: '949b2374dd5ed658:voter' },
      ],
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
      runs: on('node002', ['mkdir', 'save', 'measure', 'status', 'keep']).map(run =>
        run.replace('node002: ', 'node001: '),
      ),
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
      runs: on('node001', ['mkdir', 'save', 'measure', 'status', 'otherStatus', 'keep']),
      result: { revision: 77 },
    },
  },
  {
    name: 'a file that was cut off is deleted',
    params: {},
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1] }),
          ...taking('node001', { [steps('node001').measure]: `20001 ${SHA} ${SHA}\n` }),
        },
      },
    },
    expect: {
      runs: on('node001', ['mkdir', 'save', 'measure', 'clean']),
      failure: { code: 'task-failed', message: /its size, 20001 bytes/ },
    },
  },
  {
    name: 'a file with another checksum is deleted',
    params: {},
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1] }),
          ...taking('node001', { [steps('node001').measure]: `20512 ${SHA} ${'0'.repeat(64)}\n` }),
        },
      },
    },
    expect: {
      runs: on('node001', ['mkdir', 'save', 'measure', 'clean']),
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
        answers: { ...answersOn('node002', two), ...taking('node002', { [steps('node002').measure]: { lost: true } }) },
      },
    },
    expect: {
      runs: [
        ...on('node002', ['mkdir', 'save', 'measure', 'clean']),
        ...on('node001', ['mkdir', 'save', 'measure', 'status', 'keep']),
      ],
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
      runs: on('node002', ['mkdir', 'save', 'clean']),
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
      runs: on('node001', ['mkdir', 'save', 'clean']),
      failure: {
        code: 'command-failed',
        message: /node001: \/cm\/etcdctl ended with 5: could not open/,
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
