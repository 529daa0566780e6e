import type { ModuleCase } from '../../../src/testing/module-case.ts';

const access = { module: 'etcd/kube-default' };
const text = '#!/bin/bash -eu\nsystemctl status etcd\n';

export const cases: readonly ModuleCase[] = [
  {
    name: 'goes to the host as a file, and is run by what its first line names; arguments stay words',
    params: { cmd: "files/look.sh 'two words' $HOME" },
    localFiles: { cmd: text },
    hosts: { node001: { answers: { [`/bin/bash -eu @input two words $HOME <<< ${text}`]: 'ready\n' } } },
    expect: {
      repeat: 'never',
      risks: [{ kind: 'opaque', command: "script files/look.sh 'two words' $HOME" }],
      runs: [`node001: /bin/bash -eu @input two words $HOME <<< ${text}`],
      result: { cmd: ['files/look.sh', 'two words', '$HOME'], stdout: 'ready', rc: 0 },
    },
  },
  {
    name: 'what is plain in it is weighed',
    params: { cmd: 'stop.sh' },
    localFiles: {
      cmd: '# systemctl restart etcd\nif systemctl stop etcd; then\n  etcdctl member remove 8e9e05c52164694d\nfi',
    },
    hosts: {
      node001: {
        answers: {
          '/bin/sh @input <<< # systemctl restart etcd\nif systemctl stop etcd; then\n  etcdctl member remove 8e9e05c52164694d\nfi\n':
            '',
        },
      },
    },
    expect: {
      risks: [
        { kind: 'service', effect: 'stop', hosts: ['node001'], together: false, access },
        { kind: 'membership', change: 'remove', member: { id: '8e9e05c52164694d' }, access },
        { kind: 'opaque', command: 'script stop.sh' },
      ],
      runs: [
        'node001: /bin/sh @input <<< # systemctl restart etcd\nif systemctl stop etcd; then\n  etcdctl member remove 8e9e05c52164694d\nfi\n',
      ],
    },
  },
  {
    name: 'by another interpreter, in a directory, and that it may be repeated',
    params: { cmd: 'r.py', executable: '/usr/bin/python3', chdir: '/srv', repeatable: true },
    localFiles: { cmd: 'print(1)\n' },
    hosts: { node001: { answers: { '/usr/bin/python3 @input (in /srv) <<< print(1)\n': '1\n' } } },
    expect: {
      repeat: 'safe',
      runs: ['node001: /usr/bin/python3 @input (in /srv) <<< print(1)\n'],
      result: { stdout: '1' },
    },
  },
  {
    name: 'left out where what it creates is there',
    params: { cmd: 'x.sh', creates: '/a' },
    localFiles: { cmd: text },
    hosts: { node001: { answers: { 'test -e /a': '' } } },
    expect: { result: { stdout: 'not run: /a exists', cmd: ['x.sh'] } },
  },
  {
    name: 'a failure is that of the script',
    params: { cmd: 'x.sh 1' },
    localFiles: { cmd: 'exit 3\n' },
    hosts: { node001: { answers: { '/bin/sh @input 1 <<< exit 3\n': { code: 3, stderr: 'no\n' } } } },
    expect: {
      runs: ['node001: /bin/sh @input 1 <<< exit 3\n'],
      failure: { code: 'command-failed', message: /^x\.sh ended with status 3: no$/ },
    },
  },
  {
    name: 'a program is no script',
    params: { cmd: 'x' },
    localFiles: { cmd: '\u007fELF\u0000' },
    expect: {
      failure: { code: 'invalid-value', message: /files\/cmd is not a text, so it is no script/, hint: /`copy`/ },
    },
  },
  {
    name: 'an open quote',
    params: { cmd: "x 'y" },
    expect: {
      lint: [{ at: ['cmd'], message: "the command line cannot be split: the quote ' at column 3 is not closed" }],
    },
  },
];
