import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const ask = (path: string): string => `stat --format=%f %a %U %G %u %g %s %i %d %h %X %Y %Z -- ${path}`;
const there = (mode = '640', owner = 'root') => `81a4 ${mode} ${owner} adm 0 0 5 12 34 1 100 200 300\n`;
const gone = { code: 1, stderr: 'stat: No such file or directory\n' };
const sum = (path: string): string => `sha256sum -- ${path}`;
const hello = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const other = 'a'.repeat(64);
const on = (answers: Record<string, string | Answer>) => ({ node001: { answers } });

export const cases: readonly ModuleCase[] = [
  {
    name: 'there already',
    params: { dest: '/a', content: 'hello\n' },
    hosts: on({ [ask('/a')]: there(), [sum('/a')]: `${hello}  /a\n` }),
    expect: { changes: 'same', result: { dest: '/a', checksum: hello, backup_file: '' } },
  },
  {
    name: 'a new file',
    params: { dest: '/a', content: 'hello\n' },
    hosts: on({
      [ask('/a')]: { ...gone, later: [{ stdout: there('644') }] },
      [sum('/a')]: `${hello}  /a\n`,
      'chmod 0644 -- /a': '',
    }),
    expect: {
      changes: [{ what: '/a: content', before: 'absent', after: 'SHA-256 5891b5b522d5…' }],
      risks: [],
      writes: { 'node001: /a': 'hello\n' },
      runs: ['node001: chmod 0644 -- /a'],
    },
  },
  {
    name: 'another content: the old one is kept, and so are owner and mode',
    params: { dest: '/a', content: 'hello\n', backup: true },
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
      byHand: [
        'cp -p -- /a /a.$(date -u +%Y%m%dT%H%M%SZ)',
        "printf %s 'hello\n' > /a",
        'chown root:adm -- /a',
        'chmod 640 -- /a',
      ].map(command => ({ host: 'node001', command })),
      writes: { 'node001: /a': 'hello\n' },
      runs: ['node001: cp -p -- /a /a.20260401T083000Z', 'node001: chown root:adm -- /a', 'node001: chmod 640 -- /a'],
      result: { backup_file: '/a.20260401T083000Z' },
    },
  },
  {
    name: 'a copy on the host, into the spool',
    params: { dest: '/var/lib/etcd/x', src: '/s', remote_src: true },
    hosts: on({
      [ask('/var/lib/etcd/x')]: { ...gone, later: [{ stdout: there('644') }] },
      [sum('/s')]: `${other}  /s\n`,
      [sum('/var/lib/etcd/x')]: `${other}  x\n`,
      'cp -- /s /var/lib/etcd/x.new': '',
      'mv -T -- /var/lib/etcd/x.new /var/lib/etcd/x': '',
      'chmod 0644 -- /var/lib/etcd/x': '',
    }),
    expect: {
      changes: [{ what: '/var/lib/etcd/x: content', before: 'absent', after: 'SHA-256 aaaaaaaaaaaa…' }],
      risks: [
        {
          kind: 'service',
          effect: 'wipe',
          hosts: ['node001'],
          together: false,
          access: { module: 'etcd/kube-default' },
        },
      ],
      byHand: ['cp -- /s /var/lib/etcd/x', 'chmod 0644 -- /var/lib/etcd/x'].map(command => ({
        host: 'node001',
        command,
      })),
      runs: [
        'node001: cp -- /s /var/lib/etcd/x.new',
        'node001: mv -T -- /var/lib/etcd/x.new /var/lib/etcd/x',
        'node001: chmod 0644 -- /var/lib/etcd/x',
      ],
    },
  },
  {
    name: 'a directory in its place',
    params: { dest: '/d', content: '' },
    hosts: on({ [ask('/d')]: there().replace('81a4', '41ed') }),
    expect: { failure: { code: 'task-failed', message: /is not a regular file but a directory/ } },
  },
  { name: 'both', params: { dest: '/a', content: '', src: '/s' }, expect: { lint: [{ at: ['src'] }] } },
  { name: 'nothing', params: { dest: '/a' }, expect: { lint: [{ message: 'copy is given nothing to write' }] } },
  {
    name: 'a file of this machine, and how many lines of the old one differ',
    params: { dest: '/a', src: 'a.conf', mode: '0600' },
    localFiles: { src: 'hello\n' },
    hosts: {
      node001: {
        answers: {
          [ask('/a')]: { stdout: there(), later: [{ stdout: there('600') }] },
          [sum('/a')]: { stdout: `${other}  /a\n`, later: [{ stdout: `${hello}  /a\n` }] },
          'chown root:adm -- /a': '',
          'chmod 0600 -- /a': '',
        },
        files: { '/a': 'hello\nold\nold\n' },
      },
    },
    expect: {
      changes: [
        { what: '/a: content', before: '5 bytes', after: 'SHA-256 5891b5b522d5… (0 lines more, 2 less)' },
        { what: '/a: mode', before: '640', after: '600' },
      ],
      byHand: [],
      writes: { 'node001: /a': 'hello\n' },
      runs: ['node001: chown root:adm -- /a', 'node001: chmod 0600 -- /a'],
    },
  },
  {
    name: 'with --diff the texts, whole',
    params: { dest: '/a', content: 'hello\n' },
    diff: true,
    hosts: {
      node001: {
        answers: {
          [ask('/a')]: there(),
          [sum('/a')]: { stdout: `${other}  /a\n`, later: [{ stdout: `${hello}  /a\n` }] },
          'chown root:adm -- /a': '',
          'chmod 640 -- /a': '',
        },
        files: { '/a': 'old\n' },
      },
    },
    expect: {
      changes: [
        {
          what: '/a: content',
          before: '5 bytes',
          after: 'SHA-256 5891b5b522d5… (1 line more, 1 less)',
          texts: { before: 'old\n', after: 'hello\n' },
        },
      ],
      writes: { 'node001: /a': 'hello\n' },
      runs: ['node001: chown root:adm -- /a', 'node001: chmod 640 -- /a'],
    },
  },
  {
    name: 'with --diff no texts of what is none',
    params: { dest: '/a', src: '/s', remote_src: true },
    diff: true,
    hosts: {
      node001: {
        answers: {
          [ask('/a')]: { ...gone, later: [{ stdout: there('644') }] },
          [ask('/s').replace('stat', 'stat -L')]: there(),
          [sum('/a')]: `${hello}  /a\n`,
          [sum('/s')]: `${hello}  /s\n`,
          'cp -- /s /a.new': '',
          'mv -T -- /a.new /a': '',
          'chmod 0644 -- /a': '',
        },
        files: { '/s': new Uint8Array([127, 69, 76, 70, 0]) },
      },
    },
    expect: {
      changes: [{ what: '/a: content', before: 'absent', after: 'SHA-256 5891b5b522d5…' }],
      runs: ['node001: cp -- /s /a.new', 'node001: mv -T -- /a.new /a', 'node001: chmod 0644 -- /a'],
    },
  },
  {
    name: 'a relative path of the host',
    params: { dest: '/a', src: 's', remote_src: true },
    expect: { lint: [{ at: ['src'], message: 'the path of a file of the host must begin with /' }] },
  },
  {
    name: 'a directory of this machine',
    params: { dest: '/a', src: 'd/' },
    expect: { lint: [{ at: ['src'], message: 'a directory is not copied' }] },
  },
];
