import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const ask = (path: string): string => `stat --format=%f %a %U %G %u %g %s %i %d %h %X %Y %Z -- ${path}`;
const there = (mode = '640') => `81a4 ${mode} root adm 0 0 5 12 34 1 100 200 300\n`;
const gone = { code: 1, stderr: 'stat: No such file or directory\n' };
const sum = (path: string): string => `sha256sum -- ${path}`;
const hello = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const other = 'a'.repeat(64);
const on = (answers: Record<string, string | Answer>) => ({ node001: { answers } });

// `content` is what the playbook's reader gives: what the template renders to.
export const cases: readonly ModuleCase[] = [
  {
    name: 'there already',
    params: { src: 'a.j2', dest: '/a', content: 'hello\n' },
    hosts: on({ [ask('/a')]: there(), [sum('/a')]: `${hello}  /a\n` }),
    expect: { changes: 'same', result: { dest: '/a', checksum: hello, backup_file: '' } },
  },
  {
    name: 'a new file',
    params: { src: 'a.j2', dest: '/a', content: 'hello\n' },
    hosts: on({
      [ask('/a')]: { ...gone, later: [{ stdout: there('644') }] },
      [sum('/a')]: `${hello}  /a\n`,
      'chmod 0644 -- /a': '',
    }),
    expect: {
      changes: [{ what: '/a: content', before: 'absent', after: 'SHA-256 5891b5b522d5…' }],
      risks: [],
      byHand: ["printf %s 'hello\n' > /a", 'chmod 0644 -- /a'].map(command => ({ host: 'node001', command })),
      writes: { 'node001: /a': 'hello\n' },
      runs: ['node001: chmod 0644 -- /a'],
      result: { checksum: hello },
    },
  },
  {
    name: 'another content: the old one is kept, and so are owner and mode',
    params: { src: 'a.j2', dest: '/a', content: 'hello\n', backup: true },
    nowMs: Date.UTC(2026, 3, 1, 8, 30),
    hosts: on({
      [ask('/a')]: there(),
      [sum('/a')]: { stdout: `${other}  /a\n`, later: [{ stdout: `${hello}  /a\n` }] },
      'cp -p -- /a /a.20260401T083000Z': '',
      'chown root:adm -- /a': '',
      'chmod 640 -- /a': '',
    }),
    expect: {
      changes: [{ what: '/a: content', before: '5 bytes', after: 'SHA-256 5891b5b522d5…' }],
      writes: { 'node001: /a': 'hello\n' },
      runs: ['node001: cp -p -- /a /a.20260401T083000Z', 'node001: chown root:adm -- /a', 'node001: chmod 640 -- /a'],
      result: { backup_file: '/a.20260401T083000Z' },
    },
  },
  {
    name: 'into the spool: a member is wiped',
    params: { src: 'a.j2', dest: '/var/lib/etcd/x', content: 'hello\n' },
    hosts: on({
      [ask('/var/lib/etcd/x')]: { ...gone, later: [{ stdout: there('644') }] },
      [sum('/var/lib/etcd/x')]: `${hello}  x\n`,
      'chmod 0644 -- /var/lib/etcd/x': '',
    }),
    expect: {
      changes: [{ what: '/var/lib/etcd/x: content', before: 'absent', after: 'SHA-256 5891b5b522d5…' }],
      risks: [
        {
          kind: 'service',
          effect: 'wipe',
          hosts: ['node001'],
          together: false,
          access: { module: 'etcd/kube-default' },
        },
      ],
      writes: { 'node001: /var/lib/etcd/x': 'hello\n' },
      runs: ['node001: chmod 0644 -- /var/lib/etcd/x'],
    },
  },
  {
    name: 'a directory in its place',
    params: { src: 'a.j2', dest: '/d', content: '' },
    hosts: on({ [ask('/d')]: there().replace('81a4', '41ed') }),
    expect: { failure: { code: 'task-failed', message: /is not a regular file but a directory/ } },
  },
  {
    name: 'a path with dots',
    params: { src: 'a.j2', dest: '/a/../b' },
    expect: { lint: [{ at: ['dest'] }] },
  },
  { name: 'nothing is wrong', params: { src: 'a.j2', dest: '/a' }, expect: { lint: [] } },
];
