import type { ModuleCase, ScriptedHost } from '../../../src/testing/module-case.ts';

const SPOOL = '/var/lib/etcd';
const stat = (path: string): string => `stat -L --format=%a %U %G %F -- ${path}`;
const list = (path: string): string => `ls -A -1 -- ${path}`;
const active = 'systemctl show --property=ActiveState -- etcd';
const nowMs = Date.UTC(2026, 3, 1, 8, 30);
const aside = `${SPOOL}.aside/20260401T083000Z`;
const move = `find -H ${SPOOL} -mindepth 1 -maxdepth 1 -exec mv -t ${aside} -- {} +`;

const on = (answers: ScriptedHost['answers']): NonNullable<ModuleCase['hosts']> => ({
  node003: { answers: answers ?? {} },
});
const absent = (path: string) => ({ code: 1, stderr: `stat: cannot statx '${path}': No such file or directory\n` });

export const cases: readonly ModuleCase[] = [
  {
    name: 'there already, as it is wanted',
    params: { path: SPOOL, mode: '0700', owner: 'root', group: 'root' },
    hosts: on({ [stat(SPOOL)]: '700 root root directory\n', [list(SPOOL)]: 'member\n' }),
    expect: { changes: 'same', result: { path: SPOOL, moved_to: '' } },
  },
  {
    name: 'made, with mode and owner',
    params: { path: '/opt/etcd', mode: '0750', owner: 'etcd', group: 'etcd' },
    hosts: on({
      [stat('/opt/etcd')]: { ...absent('/opt/etcd'), later: [{ stdout: '750 etcd etcd directory\n' }] },
      [list('/opt/etcd')]: '',
      'mkdir -p -- /opt/etcd': '',
      'chown etcd:etcd -- /opt/etcd': '',
      'chmod 0750 -- /opt/etcd': '',
    }),
    expect: {
      changes: [
        { what: '/opt/etcd', before: 'absent', after: 'a directory' },
        { what: '/opt/etcd: mode', after: '750' },
        { what: '/opt/etcd: owner', after: 'etcd' },
        { what: '/opt/etcd: group', after: 'etcd' },
      ],
      risks: [],
      runs: [
        'node003: mkdir -p -- /opt/etcd',
        'node003: chown etcd:etcd -- /opt/etcd',
        'node003: chmod 0750 -- /opt/etcd',
      ],
    },
  },
  {
    name: 'only the mode differs (the bug that 6.1 tells of)',
    params: { path: SPOOL, state: 'empty', mode: '0700', unless_active: 'etcd' },
    hosts: on({
      [stat(SPOOL)]: { stdout: '755 root root directory\n', later: [{ stdout: '700 root root directory\n' }] },
      [list(SPOOL)]: '',
      [`chmod 0700 -- ${SPOOL}`]: '',
    }),
    expect: {
      changes: [{ what: `${SPOOL}: mode`, before: '755', after: '700' }],
      runs: [`node003: chmod 0700 -- ${SPOOL}`],
    },
  },
  {
    name: 'emptied by moving aside, which wipes a member',
    params: { path: `${SPOOL}/`, state: 'empty', unless_active: 'etcd' },
    nowMs,
    hosts: on({
      [stat(`${SPOOL}/`)]: '700 root root directory\n',
      [list(`${SPOOL}/`)]: { stdout: 'member\n.lock\na\nb\n', later: [{ stdout: '' }] },
      [active]: 'ActiveState=inactive\n',
      [`mkdir -p -m 0700 -- ${aside}`]: '',
      [move.replace(SPOOL, `${SPOOL}/`)]: '',
    }),
    expect: {
      changes: [
        { what: `${SPOOL}/: contents`, before: 'member, .lock, a and 1 more', after: `moved below ${SPOOL}.aside` },
      ],
      risks: [
        {
          kind: 'service',
          effect: 'wipe',
          hosts: ['node003'],
          together: false,
          access: { module: 'etcd/kube-default' },
        },
      ],
      runs: [`node003: mkdir -p -m 0700 -- ${aside}`, `node003: ${move.replace(SPOOL, `${SPOOL}/`)}`],
      result: { moved_to: aside },
    },
  },
  {
    name: 'what is no data of a member wipes none; another place aside',
    params: { path: SPOOL, state: 'empty', aside: '/cm/shared/aside' },
    nowMs,
    hosts: on({
      [stat(SPOOL)]: '700 root root directory\n',
      [list(SPOOL)]: { stdout: 'lost+found\n', later: [{ stdout: '' }] },
      'mkdir -p -m 0700 -- /cm/shared/aside/20260401T083000Z': '',
      [move.replace(aside, '/cm/shared/aside/20260401T083000Z')]: '',
    }),
    expect: {
      changes: [{ what: `${SPOOL}: contents`, before: 'lost+found', after: 'moved below /cm/shared/aside' }],
      risks: [],
      runs: [
        'node003: mkdir -p -m 0700 -- /cm/shared/aside/20260401T083000Z',
        `node003: ${move.replace(aside, '/cm/shared/aside/20260401T083000Z')}`,
      ],
    },
  },
  {
    name: 'contents that are in use are left',
    params: { path: SPOOL, state: 'empty', unless_active: 'etcd' },
    hosts: on({
      [stat(SPOOL)]: '700 root root directory\n',
      [list(SPOOL)]: 'member\n',
      [active]: 'ActiveState=activating\n',
    }),
    expect: {
      failure: {
        code: 'task-failed',
        message: /^etcd on node003 is activating, so \/var\/lib\/etcd is left as it is$/,
      },
    },
  },
  {
    name: 'a move that fails',
    params: { path: SPOOL, state: 'empty' },
    nowMs,
    hosts: on({
      [stat(SPOOL)]: '700 root root directory\n',
      [list(SPOOL)]: 'member\n',
      [`mkdir -p -m 0700 -- ${aside}`]: {
        code: 1,
        stderr: 'mkdir: cannot create directory: No space left on device\n',
      },
    }),
    expect: {
      changes: [{ what: `${SPOOL}: contents`, before: 'member', after: `moved below ${SPOOL}.aside` }],
      runs: [`node003: mkdir -p -m 0700 -- ${aside}`],
      failure: { code: 'command-failed', message: /^mkdir on node003: .*No space left/ },
    },
  },
  {
    name: 'a path that is a file',
    params: { path: '/etc/hosts' },
    hosts: on({ [stat('/etc/hosts')]: '644 root root regular file\n' }),
    expect: { failure: { code: 'task-failed', message: /is not a directory but a regular file$/ } },
  },
  {
    name: 'a path that cannot be seen',
    params: { path: '/root/x' },
    hosts: on({ [stat('/root/x')]: { code: 1, stderr: "stat: cannot statx '/root/x': Permission denied\n" } }),
    expect: { changes: 'unknown' },
  },
  ...['/', '/var', '/var/lib', '/var/lib//', '/usr/local', '/cm/shared', '/home'].map(
    (path): ModuleCase => ({
      name: `a system directory is not emptied: ${path}`,
      params: { path, state: 'empty' },
      expect: {
        lint: [{ at: ['path'], severity: 'error' }],
        failure: { code: 'invalid-value', message: /system directory/ },
      },
    }),
  ),
  {
    name: 'nor is its mode changed',
    params: { path: '/etc', mode: '0700' },
    expect: { failure: { code: 'invalid-value' } },
  },
  {
    name: 'a way round is not taken',
    params: { path: '/var/lib/etcd/../..', state: 'empty' },
    expect: { lint: [{ at: ['path'] }], failure: { code: 'invalid-value', message: /without \. and \.\./ } },
  },
  {
    name: 'contents are not moved into themselves',
    params: { path: SPOOL, state: 'empty', aside: `${SPOOL}/old` },
    expect: { failure: { code: 'invalid-value', message: /lies inside/ } },
  },
];
