import type { Risk } from '../../../src/core/guard.ts';
import type { ModuleCase } from '../../../src/testing/module-case.ts';

const access = { module: 'etcd/kube-default' };
const onNode003 = (effect: 'stop' | 'restart' | 'wipe'): Risk => ({
  kind: 'service',
  effect,
  hosts: ['node003'],
  together: false,
  access,
});

/** A command that succeeds silently, and what it is taken to risk. */
function risking(name: string, argv: readonly string[], risks: readonly Risk[]): ModuleCase {
  const text = argv.join(' ');
  return {
    name: `risk: ${name}`,
    params: { argv: [...argv] },
    hosts: { node003: { answers: { [text]: '' } } },
    expect: { risks, repeat: risks.length === 0 ? 'safe' : 'never', runs: [`node003: ${text}`] },
  };
}

const opaque = (command: string): Risk => ({ kind: 'opaque', command });

export const cases: readonly ModuleCase[] = [
  {
    name: 'free form is split as a shell does, and nothing is expanded',
    params: { cmd: `logger "two words" 'a "b"' c\\ d $HOME *` },
    hosts: { node001: { answers: { 'logger two words a "b" c d $HOME *': 'one\ntwo\n\n' } } },
    expect: {
      repeat: 'safe',
      runs: ['node001: logger two words a "b" c d $HOME *'],
      result: {
        cmd: ['logger', 'two words', 'a "b"', 'c d', '$HOME', '*'],
        rc: 0,
        stdout: 'one\ntwo',
        stdout_lines: ['one', 'two'],
        stderr: '',
        stderr_lines: [],
      },
    },
  },
  {
    name: 'input, directory and environment',
    params: { argv: ['patch'], stdin: 'text', chdir: '/srv' },
    hosts: { node001: { answers: { 'patch (in /srv) <<< text\n': '' } } },
    expect: { runs: ['node001: patch (in /srv) <<< text\n'], repeat: 'never' },
  },
  {
    name: 'input as it is',
    params: { argv: ['patch'], stdin: 'text', stdin_add_newline: false },
    hosts: { node001: { answers: { 'patch <<< text': '' } } },
    expect: { runs: ['node001: patch <<< text'] },
  },
  {
    name: 'another status is a failure that keeps the output',
    params: { argv: ['mount', '/srv'] },
    hosts: { node001: { answers: { 'mount /srv': { code: 32, stdout: 'x\n', stderr: 'mount: /srv: not there.\n' } } } },
    expect: {
      runs: ['node001: mount /srv'],
      failure: { code: 'command-failed', message: /^mount ended with status 32: mount: \/srv: not there\.$/ },
      result: { rc: 32, stdout: 'x', stderr_lines: ['mount: /srv: not there.'] },
    },
  },
  {
    name: 'not run where what it creates exists',
    params: { argv: ['tar', '-xf', 'a.tar'], creates: '/opt/a' },
    hosts: { node001: { answers: { 'test -e /opt/a': '' } } },
    expect: { result: { rc: 0, stdout: 'not run: /opt/a exists' } },
  },
  {
    name: 'run where what it creates does not exist',
    params: { argv: ['tar', '-xf', 'a.tar'], creates: '/opt/a' },
    hosts: { node001: { answers: { 'test -e /opt/a': { code: 1 }, 'tar -xf a.tar': '' } } },
    expect: { runs: ['node001: tar -xf a.tar'], risks: [opaque('tar -xf a.tar')] },
  },
  {
    name: 'not run where what it removes is gone',
    params: { argv: ['unlink', '/run/x'], removes: '/run/x' },
    hosts: { node001: { answers: { 'test -e /run/x': { code: 1 } } } },
    expect: { result: { stdout: 'not run: /run/x does not exist' } },
  },
  {
    name: 'repeatable where the playbook says so',
    params: { cmd: 'curl -d x http://localhost/', repeatable: true },
    hosts: { node001: { answers: { 'curl -d x http://localhost/': 'ok' } } },
    expect: { repeat: 'safe', runs: ['node001: curl -d x http://localhost/'] },
  },
  {
    name: 'neither words nor a line',
    params: { chdir: '/srv' },
    expect: {
      lint: [{ at: [], severity: 'error', message: 'command is given nothing to run' }],
      failure: { code: 'missing-parameter', message: /cmd or argv/ },
    },
  },
  {
    name: 'both words and a line',
    params: { cmd: 'true', argv: ['true'] },
    expect: { lint: [{ at: ['argv'], severity: 'error' }] },
  },
  {
    name: 'a quote that is not closed',
    params: { cmd: "echo 'a" },
    expect: {
      lint: [{ at: ['cmd'], message: "the command line cannot be split: the quote ' at column 6 is not closed" }],
      failure: { code: 'invalid-value' },
    },
  },
  {
    name: 'a word for a shell is warned of',
    params: { cmd: 'cat /etc/hosts | wc -l' },
    expect: { lint: [{ severity: 'warning', message: 'no shell runs, so `|` is passed to cat as an argument' }] },
  },
  { name: 'a quoted one is not', params: { cmd: 'grep \'|\' "a ; b"' }, expect: { lint: [] } },
  { name: 'an empty line', params: { cmd: '  ' }, expect: { lint: [{ severity: 'error' }] } },

  risking('a command that only looks', ['etcdctl', 'member', 'list'], []),
  risking('a harmless program', ['mkdir', '-p', '/cm/shared/backup/etcd'], []),
  risking('a program that is not known', ['/opt/site/prepare', 'node003'], [opaque('/opt/site/prepare node003')]),
  risking(
    'a learner is added',
    ['etcdctl', 'member', 'add', 'node003', '--learner', '--peer-urls=https://10.141.0.3:2380'],
    [
      {
        kind: 'membership',
        change: 'add-learner',
        member: { name: 'node003', peerUrl: 'https://10.141.0.3:2380' },
        access,
      },
    ],
  ),
  risking(
    'a voter is added, the flag with its value apart',
    ['etcdctl', 'member', 'add', 'node003', '--peer-urls', 'https://10.141.0.3:2380'],
    [
      {
        kind: 'membership',
        change: 'add-voter',
        member: { name: 'node003', peerUrl: 'https://10.141.0.3:2380' },
        access,
      },
    ],
  ),
  risking(
    'a member is removed through endpoints of its own',
    [
      '/usr/bin/etcdctl',
      '--endpoints',
      'https://a:1,https://b:1',
      '--cacert=/ca',
      'member',
      'remove',
      'bd786940e5446229',
    ],
    [
      {
        kind: 'membership',
        change: 'remove',
        member: { id: 'bd786940e5446229' },
        access: { endpoints: ['https://a:1', 'https://b:1'], cacert: '/ca' },
      },
    ],
  ),
  risking(
    'a learner is promoted',
    ['etcdctl', 'member', 'promote', '690ed538336601f4'],
    [{ kind: 'membership', change: 'promote', member: { id: '690ed538336601f4' }, access }],
  ),
  risking('etcdctl that writes', ['etcdctl', 'put', 'a', 'b'], [opaque('etcdctl put a b')]),
  risking('etcd is stopped', ['systemctl', 'stop', 'etcd'], [onNode003('stop')]),
  risking('etcd is stopped by a pattern', ['systemctl', 'stop', 'etcd*'], [onNode003('stop')]),
  risking('etcd is disabled now', ['systemctl', 'disable', '--now', 'etcd.service'], [onNode003('stop')]),
  risking('etcd is restarted', ['systemctl', 'restart', 'etcd.service'], [onNode003('restart')]),
  risking('etcd is started', ['systemctl', 'start', 'etcd'], []),
  risking('another unit is restarted', ['systemctl', 'restart', 'kubelet'], [opaque('systemctl restart kubelet')]),
  risking('a name is set where one could only be asked for', ['hostname', 'node004'], [opaque('hostname node004')]),
  risking('the time is set', ['date', '-s', '12:00'], [opaque('date -s 12:00')]),
  risking('etcd is killed', ['pkill', '-9', 'etcd'], [onNode003('stop')]),
  risking('the host is restarted', ['systemctl', 'reboot'], [onNode003('restart')]),
  risking('the host is switched off', ['shutdown', '-h', 'now'], [onNode003('stop')]),
  risking('the host is shut down and comes back', ['shutdown', '-r', 'now'], [onNode003('restart')]),
  risking('the spool is removed', ['rm', '-rf', '/var/lib/etcd/member'], [onNode003('wipe')]),
  risking('all around the spool is removed', ['rm', '-rf', '/var/lib/*'], [onNode003('wipe')]),
  risking(
    'what lies beside the spool is removed',
    ['rm', '-rf', '/var/lib/etcd.old'],
    [opaque('rm -rf /var/lib/etcd.old')],
  ),
  risking('the spool is moved', ['mv', '/var/lib/etcd/member', '/root/'], [onNode003('wipe')]),
  risking(
    'a wrapper whose option has its value apart hides what follows',
    ['sudo', '-n', 'timeout', '-k', '5', '30', 'systemctl', 'stop', 'etcd'],
    [opaque('sudo -n timeout -k 5 30 systemctl stop etcd')],
  ),
  risking('something behind env', ['env', 'A=b', 'sudo', 'systemctl', 'stop', 'etcd'], [onNode003('stop')]),
  risking('something behind timeout', ['timeout', '30', 'systemctl', 'stop', 'etcd'], [onNode003('stop')]),
  risking(
    'what is plain in a script is named, the rest stays opaque',
    ['bash', '-lc', 'module load etcd && etcdctl member remove bd786940e5446229; true'],
    [
      { kind: 'membership', change: 'remove', member: { id: 'bd786940e5446229' }, access },
      opaque('bash -lc module load etcd && etcdctl member remove bd786940e5446229; true'),
    ],
  ),
];
