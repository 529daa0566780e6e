import type { Risk } from '../../../src/core/guard.ts';
import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const ask = (path: string, follow = ''): string =>
  `stat ${follow}--format=%f %a %U %G %u %g %s %i %d %h %X %Y %Z -- ${path}`;
const numbers = '0 0 5 12 34 1 100 200 300\n';
const regular = `81a4 644 root root ${numbers}`;
const folder = `41ed 755 root root ${numbers}`;
const link = `a1ff 777 root root ${numbers}`;
const gone = (path: string) => ({ code: 1, stderr: `stat: cannot statx '${path}': No such file or directory\n` });
const on = (answers: Record<string, string | Answer>): NonNullable<ModuleCase['hosts']> => ({ node001: { answers } });
const access = { module: 'etcd/kube-default' };
const wipe: Risk = { kind: 'service', effect: 'wipe', hosts: ['node001'], together: false, access };

/** A directory that is to be deleted, with its names. */
function deleted(path: string, names: string, risks: readonly Risk[]): Omit<ModuleCase, 'name'> {
  return {
    params: { path, state: 'absent' },
    hosts: on({
      [ask(path)]: { stdout: folder, later: [gone(path)] },
      [`readlink -n -f -- ${path.slice(0, path.lastIndexOf('/')) || '/'}`]: path.slice(0, path.lastIndexOf('/')) || '/',
      [`ls -A -1 -- ${path}`]: names,
      [`rm -rf --one-file-system -- ${path}`]: '',
    }),
    expect: {
      changes: [{ what: path, before: 'directory', after: 'absent' }],
      risks,
      runs: [`node001: rm -rf --one-file-system -- ${path}`],
      result: { state: 'absent', mode: '' },
    },
  };
}

export const cases: readonly ModuleCase[] = [
  {
    name: 'as it is wanted already',
    params: { path: '/a', mode: '0644', owner: 'root' },
    hosts: on({ [ask('/a', '-L ')]: regular }),
    expect: { changes: 'same', result: { path: '/a', state: 'file', mode: '0644', owner: 'root', group: 'root' } },
  },
  {
    name: 'owner, then mode',
    params: { path: '/a', state: 'file', mode: '4600', owner: 'etcd', group: 'etcd' },
    hosts: on({
      [ask('/a', '-L ')]: { stdout: regular, later: [{ stdout: `89a4 4600 etcd etcd ${numbers}` }] },
      'chown etcd:etcd -- /a': '',
      'chmod 4600 -- /a': '',
    }),
    expect: {
      changes: [
        { what: '/a: mode', before: '644', after: '4600' },
        { what: '/a: owner', before: 'root', after: 'etcd' },
        { what: '/a: group', before: 'root', after: 'etcd' },
      ],
      risks: [],
      byHand: ['chown etcd:etcd -- /a', 'chmod 4600 -- /a'].map(command => ({ host: 'node001', command })),
      runs: ['node001: chown etcd:etcd -- /a', 'node001: chmod 4600 -- /a'],
    },
  },
  {
    name: 'a directory is made with its parents',
    params: { path: '/a/b', state: 'directory' },
    hosts: on({ [ask('/a/b', '-L ')]: { ...gone('/a/b'), later: [{ stdout: folder }] }, 'mkdir -p -- /a/b': '' }),
    expect: {
      changes: [{ what: '/a/b', before: 'absent', after: 'a directory' }],
      runs: ['node001: mkdir -p -- /a/b'],
      result: { state: 'directory', mode: '0755' },
    },
  },
  {
    name: 'a file is not taken for a directory',
    params: { path: '/a', state: 'directory' },
    hosts: on({ [ask('/a', '-L ')]: regular }),
    expect: { failure: { code: 'task-failed', message: /is not a directory but a file/ } },
  },
  {
    name: 'what is not there has no mode',
    params: { path: '/a', mode: '0600' },
    hosts: on({ [ask('/a', '-L ')]: gone('/a') }),
    expect: { failure: { code: 'task-failed', message: /does not exist/ } },
  },
  {
    name: 'a touch is a change each time, and done once',
    params: { path: '/a', state: 'touch' },
    hosts: on({ [ask('/a', '-L ')]: regular, 'touch -- /a': '' }),
    expect: { changes: [{ what: '/a: time', after: 'now' }], runs: ['node001: touch -- /a'] },
  },
  {
    name: 'a link is led elsewhere',
    params: { path: '/opt/etcd', state: 'link', src: 'etcd-3.5' },
    hosts: on({
      [ask('/opt/etcd')]: link,
      'readlink -n -- /opt/etcd': { stdout: 'etcd-3.4', later: [{ stdout: 'etcd-3.5' }] },
      'ln -sfT -- etcd-3.5 /opt/etcd': '',
    }),
    expect: {
      changes: [{ what: '/opt/etcd', before: 'a link to etcd-3.4', after: 'a link to etcd-3.5' }],
      runs: ['node001: ln -sfT -- etcd-3.5 /opt/etcd'],
      result: { state: 'link' },
    },
  },
  {
    name: 'a directory is not replaced by a link, even by force',
    params: { path: '/d', state: 'link', src: '/e', force: true },
    hosts: on({ [ask('/d')]: folder }),
    expect: { failure: { code: 'task-failed', message: /is a directory, which is not replaced by a link$/ } },
  },
  {
    name: 'nor a file without force',
    params: { path: '/a', state: 'link', src: '/e' },
    hosts: on({ [ask('/a')]: regular }),
    expect: { failure: { code: 'task-failed', message: /without force$/ } },
  },
  {
    name: 'gone already',
    params: { path: '/srv/x', state: 'absent' },
    hosts: on({ [ask('/srv/x')]: gone('/srv/x') }),
    expect: { changes: 'same', result: { state: 'absent', owner: '' } },
  },
  { name: 'a directory is deleted', ...deleted('/srv/x', 'a\nb\n', []) },
  { name: 'deleting what holds a member wipes it', ...deleted('/data/etcd', 'member\n', [wipe]) },
  { name: 'so does deleting the data themselves', ...deleted('/data/etcd/m', 'snap\nwal\n', [wipe]) },
  { name: 'and anything in the spool', ...deleted('/var/lib/etcd', '', [wipe]) },
  {
    name: 'also through a link on the way to it',
    params: { path: '/spool/member', state: 'absent' },
    hosts: on({
      [ask('/spool/member')]: { stdout: folder, later: [gone('/spool/member')] },
      'readlink -n -f -- /spool': '/var/lib/etcd',
      'rm -rf --one-file-system -- /spool/member': '',
    }),
    expect: {
      changes: [{ what: '/spool/member', before: 'directory', after: 'absent' }],
      risks: [wipe],
      runs: ['node001: rm -rf --one-file-system -- /spool/member'],
    },
  },
  {
    name: 'a system directory is not deleted through a link either',
    params: { path: '/x/lib', state: 'absent' },
    hosts: on({ [ask('/x/lib')]: folder, 'readlink -n -f -- /x': '/var' }),
    expect: { failure: { code: 'invalid-value', message: /is \/var\/lib: \/var\/lib is a system directory/ } },
  },
  {
    name: 'what may not be looked at is unknown',
    params: { path: '/root/x', state: 'absent' },
    hosts: on({ [ask('/root/x')]: { code: 1, stderr: 'stat: Permission denied\n' } }),
    expect: { changes: 'unknown' },
  },
  {
    name: 'system directories, before anything is asked',
    params: { path: '/etc//', state: 'absent' },
    expect: { lint: [{ at: ['path'], severity: 'error', message: '/etc// is a system directory' }] },
  },
  {
    name: 'a path that leads elsewhere than it says',
    params: { path: '/srv/../etc', state: 'absent' },
    expect: { lint: [{ at: ['path'], message: '/srv/../etc: write the path without . and ..' }] },
  },
  {
    name: 'a link without a place to lead to',
    params: { path: '/a', state: 'link' },
    expect: { lint: [{ at: [], message: 'a link needs `src`' }] },
  },
  {
    name: 'src without a link',
    params: { path: '/a', src: '/b' },
    expect: { lint: [{ at: ['src'], message: '`src` goes with `state: link`' }] },
  },
  {
    name: 'the mode of a link',
    params: { path: '/a', state: 'link', src: '/b', mode: '0600' },
    expect: { lint: [{ at: ['mode'], message: 'a link has no mode of its own' }] },
  },
];
