import type { ModuleCase } from '../../../src/testing/module-case.ts';

const access = { module: 'etcd/kube-default' };

export const cases: readonly ModuleCase[] = [
  {
    name: 'one word of a shell, which only looks at nothing that guards know',
    params: { cmd: 'echo $HOME | tr a b' },
    hosts: { node001: { answers: { '/bin/sh -c echo $HOME | tr a b': '/root\n' } } },
    expect: {
      repeat: 'never',
      risks: [{ kind: 'opaque', command: '/bin/sh -c echo $HOME | tr a b' }],
      byHand: [{ host: 'node001', command: "/bin/sh -c 'echo $HOME | tr a b'" }],
      runs: ['node001: /bin/sh -c echo $HOME | tr a b'],
      result: { cmd: ['/bin/sh', '-c', 'echo $HOME | tr a b'], stdout: '/root', rc: 0 },
    },
  },
  {
    name: 'what is plain in it is weighed',
    params: { cmd: 'cd /tmp && systemctl stop etcd; etcdctl member remove 8e9e05c52164694d', executable: '/bin/bash' },
    hosts: {
      node001: {
        answers: {
          '/bin/bash -c cd /tmp && systemctl stop etcd; etcdctl member remove 8e9e05c52164694d': '',
        },
      },
    },
    expect: {
      risks: [
        { kind: 'service', effect: 'stop', hosts: ['node001'], together: false, access },
        { kind: 'membership', change: 'remove', member: { id: '8e9e05c52164694d' }, access },
        {
          kind: 'opaque',
          command: '/bin/bash -c cd /tmp && systemctl stop etcd; etcdctl member remove 8e9e05c52164694d',
        },
      ],
      runs: ['node001: /bin/bash -c cd /tmp && systemctl stop etcd; etcdctl member remove 8e9e05c52164694d'],
    },
  },
  {
    name: 'input, directory, and that it may be repeated',
    params: { cmd: 'cat > x', stdin: 'text', chdir: '/srv', repeatable: true },
    hosts: { node001: { answers: { '/bin/sh -c cat > x (in /srv) <<< text\n': '' } } },
    expect: { repeat: 'safe', runs: ['node001: /bin/sh -c cat > x (in /srv) <<< text\n'] },
  },
  {
    name: 'left out where what it creates is there',
    params: { cmd: 'x > /a', creates: '/a' },
    hosts: { node001: { answers: { 'test -e /a': '' } } },
    expect: { result: { stdout: 'not run: /a exists' } },
  },
  {
    name: 'a failure',
    params: { cmd: 'exit 3' },
    hosts: { node001: { answers: { '/bin/sh -c exit 3': { code: 3 } } } },
    expect: { runs: ['node001: /bin/sh -c exit 3'], failure: { code: 'command-failed', message: /status 3/ } },
  },
  { name: 'nothing', params: { cmd: ' ' }, expect: { lint: [{ at: ['cmd'] }] } },
];
