import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const PORT = 'timeout 5 bash -c exec 3<>"/dev/tcp/$1/$2" port 127.0.0.1 2379';
const FILE = 'stat -L --format=%f %a %U %G %u %g %s %i %d %h %X %Y %Z -- /run/x';
const there = '81a4 644 root root 0 0 5 12 34 1 100 200 300\n';
const gone = { code: 1, stderr: "stat: cannot statx '/run/x': No such file or directory\n" };
const closed = { code: 1, stderr: 'Connection refused' };
const on = (answers: Record<string, string | Answer>, files: Record<string, string> = {}) => ({
  node001: { answers, files },
});

export const cases: readonly ModuleCase[] = [
  {
    name: 'a port that is open',
    params: { port: 2379 },
    hosts: on({ [PORT]: '' }),
    expect: { result: { state: 'started', elapsed: 0, match_groups: [] }, sleptMs: 0 },
  },
  {
    name: 'one that opens, after a delay, looked at as often as it says',
    params: { port: 2379, delay: 3, sleep: 2 },
    hosts: on({ [PORT]: { ...closed, later: [closed, { code: 0 }] } }),
    expect: {
      result: { elapsed: 7 },
      sleptMs: 7000,
      progress: [/^waiting: port 2379 of 127.0.0.1 open$/],
    },
  },
  {
    name: 'one that closes',
    params: { port: 2379, state: 'stopped' },
    hosts: on({ [PORT]: { code: 0, later: [closed] } }),
    expect: { result: { state: 'stopped', elapsed: 1 } },
  },
  {
    name: 'one that stays closed; the last wait is not longer than what is left',
    params: { port: 2379, timeout: 3, sleep: 2 },
    hosts: on({ [PORT]: closed }),
    expect: {
      failure: {
        code: 'timed-out',
        message: /^on node001: port 2379 of 127.0.0.1 open did not come about within 3 s$/,
      },
      sleptMs: 3000,
    },
  },
  {
    name: 'in words of its own, looked at once',
    params: { port: 2379, timeout: 0, msg: 'etcd is not there' },
    hosts: on({ [PORT]: closed }),
    expect: { failure: { code: 'timed-out', message: /^etcd is not there$/ }, sleptMs: 0 },
  },
  {
    name: 'a file that comes',
    params: { path: '/run/x' },
    hosts: on({ [FILE]: { ...gone, later: [{ stdout: there }] } }),
    expect: { result: { state: 'started', elapsed: 1 } },
  },
  {
    name: 'a file that goes',
    params: { path: '/run/x', state: 'absent' },
    hosts: on({ [FILE]: { stdout: there, later: [gone] } }),
    expect: { result: { state: 'absent', elapsed: 1 } },
  },
  {
    name: 'a text, at the beginning of a line, with its groups',
    params: { path: '/var/log/x', search_regex: '^ready (\\w+) (?<who>\\w+)$' },
    hosts: on({}, { '/var/log/x': 'not ready yet\nready at node001\n' }),
    expect: { result: { match_groups: ['at', 'node001'], match_groupdict: { who: 'node001' } } },
  },
  {
    name: 'a text that is not there counts as not there, as does a file',
    params: { path: '/var/log/x', search_regex: 'ready', state: 'absent' },
    hosts: on({}),
    expect: { result: { state: 'absent' } },
  },
  {
    name: 'a text that does not come',
    params: { path: '/var/log/x', search_regex: 'ready', timeout: 1 },
    hosts: on({}, { '/var/log/x': 'no' }),
    expect: { failure: { code: 'timed-out', message: /ready in \/var\/log\/x did not come about within 1 s/ } },
  },
  {
    name: 'what may not be looked at',
    params: { path: '/run/x' },
    hosts: on({ [FILE]: { code: 1, stderr: 'stat: Permission denied' } }),
    expect: { failure: { code: 'task-failed', message: /Permission denied/ } },
  },
  {
    name: 'nothing',
    params: { timeout: 3 },
    expect: { lint: [{ at: [], hint: 'to wait for some time only, use `pause`' }] },
  },
  { name: 'both', params: { port: 1, path: '/x' }, expect: { lint: [{ at: ['path'] }] } },
  { name: 'a text of a port', params: { port: 1, search_regex: 'x' }, expect: { lint: [{ at: ['search_regex'] }] } },
  {
    name: 'no regular expression',
    params: { path: '/x', search_regex: '(' },
    expect: { lint: [{ message: '( is not a regular expression' }] },
  },
];
