import { SNAPSHOT_SUMS } from '../../../src/core/read-command.ts';
import type { Answer, ModuleCase, ScriptedHost } from '../../../src/testing/module-case.ts';
import { environment } from '../../support/etcd-answers.ts';

const SPOOL = '/var/lib/etcd';
const FRESH = `${SPOOL}/.quorate-restore`;
const ASIDE = `${SPOOL}.aside/20260401T083000Z`;
const SEGMENT = '0000000000000000-0000000000000000.wal';
const snapshot = '/cm/shared/backup/etcd/etcd-node001-20260401083000';
const SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const members = [
  'node001=https://10.141.0.1:2380',
  'node002=https://10.141.0.2:2380',
  'node003=https://10.141.0.3:2380',
];
// As etcdctl 3.4.23 gave them for this token.
const MEMBER = 'b1c031907e1e9f7b';
const CLUSTER = '695248fe16fca988';
const params = { snapshot, name: 'node001', members, token: 'kube-default-restored-1' };

/** A log of this member and cluster, up to an entry. */
function log(memberId: string, clusterId: string, lastIndex: number): Uint8Array {
  const varint = (n: bigint): number[] => (n < 128n ? [Number(n)] : [Number(n & 127n) | 128, ...varint(n >> 7n)]);
  const record = (type: number, data: readonly number[]): number[] => {
    const body = [8, type, 16, 0, 26, data.length, ...data];
    return [body.length, 0, 0, 0, 0, 0, 0, 0, ...body];
  };
  return Uint8Array.from([
    ...record(1, [8, ...varint(BigInt(`0x${memberId}`)), 16, ...varint(BigInt(`0x${clusterId}`))]),
    ...record(2, [8, 0, 16, 1, 24, lastIndex]),
    ...record(3, [8, 1, 16, 0, 24, lastIndex]),
    ...new Array<number>(16).fill(0),
  ]);
}

const list = (at: string): string => `ls -A -1 -R -p -- ${at}/`;
const tree = (at: string): string =>
  `${at}/:\nmember/\n\n${at}/member:\nsnap/\nwal/\n\n${at}/member/snap:\ndb\n\n${at}/member/wal:\n${SEGMENT}\n`;
const wal = (at: string): string => `${at}/member/wal/${SEGMENT}`;
const absent = { code: 2, stderr: "ls: cannot access '/x': No such file or directory" };
const active = 'systemctl show --property=ActiveState -- etcd';
const sums = `sh -c ${SNAPSHOT_SUMS} sh ${snapshot}`;
const make = `mkdir -p -m 0700 -- ${SPOOL}`;
const clean = `rm -rf -- ${FRESH}`;
const restore = (tool: string): string =>
  `${tool} snapshot restore ${snapshot} --name=node001 --initial-cluster=${members.join(',')} --initial-cluster-token=kube-default-restored-1 --initial-advertise-peer-urls=https://10.141.0.1:2380 --data-dir=${FRESH}`;
const place = (aside: string): string =>
  [
    ...['sh -c set -e', 'chown -R --reference="$1" -- "$1/$2"', 'sync -f "$1/$2"', 'if [ -n "$3" ]; then'],
    '  mkdir -p -m 0700 -- "$3"',
    '  find -H "$1" -mindepth 1 -maxdepth 1 ! -name "$2" ! -name lost+found -exec mv -t "$3" -- {} +',
    ...['fi', 'mv -T -- "$1/$2/member" "$1/member"', 'rm -rf -- "$1/$2"', 'chmod 0700 -- "$1"'],
    `sync -f "$1" sh ${SPOOL} .quorate-restore ${aside}`,
  ].join('\n');

const quiet: Record<string, string | Answer> = {
  ...environment('node001'),
  [active]: 'ActiveState=inactive\n',
  [`stat --format=%i -- ${SPOOL}/member/snap/db`]: '1\n',
  'cat /proc/locks': '1: FLOCK  ADVISORY  WRITE 111 00:54:4711 0 EOF\n',
  [sums]: `20512 ${SHA} ${SHA}\n`,
  [make]: '',
  [clean]: '',
  [restore('/cm/etcdctl')]: '',
  [list(FRESH)]: tree(FRESH),
  [place('')]: '',
  [place(ASIDE)]: '',
};

function on(answers: Record<string, string | Answer>, files: ScriptedHost['files'] = {}): Partial<ModuleCase> {
  return {
    nowMs: Date.UTC(2026, 3, 1, 8, 30),
    hosts: {
      node001: {
        answers: { ...quiet, ...answers },
        files: { [wal(SPOOL)]: log(MEMBER, CLUSTER, 3), [wal(FRESH)]: log(MEMBER, CLUSTER, 3), ...files },
      },
    },
  };
}

const toMember = `member ${MEMBER} of the new cluster ${CLUSTER}, from ${snapshot}`;
const risk = {
  kind: 'service' as const,
  effect: 'restore' as const,
  hosts: ['node001'],
  together: false,
  access: { module: 'etcd/kube-default' },
};
const runs = (tool: string, aside: string) =>
  [make, clean, restore(tool), place(aside)].map(line => `node001: ${line}`);

export const cases: readonly ModuleCase[] = [
  {
    name: 'into an empty directory',
    params,
    ...on({ [list(SPOOL)]: { ...absent, later: [{ stdout: tree(SPOOL), code: 0 }] } }),
    expect: {
      changes: [{ what: SPOOL, before: 'empty', after: toMember }],
      risks: [risk],
      runs: runs('/cm/etcdctl', ''),
      result: { dest: SPOOL, cluster_id: CLUSTER, member_id: MEMBER, moved_to: '' },
      progress: [/restoring .* on node001/],
    },
  },
  {
    name: 'there already, and not started since',
    params: { ...params, dest: `${SPOOL}/` },
    ...on({ [list(SPOOL)]: tree(SPOOL) }),
    expect: { changes: 'same', result: { cluster_id: CLUSTER, member_id: MEMBER } },
  },
  {
    name: 'from 3.6 on etcdutl does it; what an interrupted run left behind is made anew',
    params,
    ...on({
      '/cm/etcdctl version': 'etcdctl version: 3.6.14\n',
      [restore('/cm/etcdutl')]: '',
      [list(SPOOL)]: {
        stdout: `${SPOOL}/:\n.quorate-restore/\n\n${SPOOL}/.quorate-restore:\nmember/\n\n${SPOOL}/.quorate-restore/member:\nsnap/\n`,
        later: [{ stdout: tree(SPOOL) }],
      },
    }),
    expect: {
      changes: [{ what: SPOOL, before: 'empty', after: toMember }],
      runs: runs('/cm/etcdutl', ''),
    },
  },
  {
    // The log that is read back afterwards is the same file here, so it can only be told that it is not settled.
    name: 'the data of the old cluster is moved aside',
    params: { ...params, sha256: SHA },
    ...on({ [list(SPOOL)]: tree(SPOOL) }, { [wal(SPOOL)]: log('11', '22', 90) }),
    expect: {
      changes: [
        { what: SPOOL, before: 'of the cluster 22', after: toMember },
        { what: `${SPOOL}: old contents`, after: `moved below ${SPOOL}.aside` },
      ],
      risks: [risk],
      runs: runs('/cm/etcdctl', ASIDE),
      failure: { code: 'not-settled' },
    },
  },
  {
    name: 'the very member, but it has run since: it is not what the snapshot holds',
    params,
    ...on({ [list(SPOOL)]: tree(SPOOL) }, { [wal(SPOOL)]: log(MEMBER, CLUSTER, 4) }),
    expect: {
      changes: [
        { what: SPOOL, before: `of the cluster ${CLUSTER}`, after: toMember },
        { what: `${SPOOL}: old contents`, after: `moved below ${SPOOL}.aside` },
      ],
      runs: runs('/cm/etcdctl', ASIDE),
      failure: { code: 'not-settled' },
    },
  },
  {
    name: 'while etcd runs',
    params,
    ...on({ [list(SPOOL)]: tree(SPOOL), [active]: 'ActiveState=active\n' }),
    expect: { failure: { code: 'task-failed', message: /^etcd on node001 is active, so \/var\/lib\/etcd is left/ } },
  },
  {
    name: 'while a process has the database open',
    params,
    ...on({
      [list(SPOOL)]: tree(SPOOL),
      'cat /proc/locks': '1: FLOCK  ADVISORY  WRITE 111 00:54:1 0 EOF\n',
    }),
    expect: { failure: { code: 'task-failed', message: /a process on node001 has .*db open/ } },
  },
  {
    name: 'a snapshot that was changed',
    params,
    ...on({ [list(SPOOL)]: absent, [sums]: `20512 ${SHA} ${SHA.replace('e3', 'e4')}\n` }),
    expect: { failure: { code: 'task-failed', message: /is not a whole snapshot/ } },
  },
  {
    name: 'another file than the one that was checked',
    params: { ...params, sha256: SHA.replace('e3', 'e4') },
    ...on({ [list(SPOOL)]: absent }),
    expect: { failure: { code: 'task-failed', message: /is another file on node001: its SHA-256 is e3b0/ } },
  },
  {
    name: 'a directory of something else',
    params,
    ...on({ [list(SPOOL)]: `${SPOOL}/:\nmysql/\n` }),
    expect: { failure: { code: 'task-failed', message: /holds no data of a member, but mysql/ } },
  },
  {
    name: 'etcdctl fails: the old data stay where they are',
    params,
    ...on({
      [list(SPOOL)]: absent,
      [restore('/cm/etcdctl')]: { code: 1, stderr: 'Error: expected sha256 [1], got [2]\n' },
    }),
    expect: {
      changes: [{ what: SPOOL, before: 'empty', after: toMember }],
      runs: runs('/cm/etcdctl', '').slice(0, 3),
      failure: { code: 'command-failed', message: /could not be restored on node001: Error: expected sha256/ },
    },
  },
  {
    name: 'etcdctl makes another member than the one that was meant',
    params,
    ...on({ [list(SPOOL)]: absent }, { [wal(FRESH)]: log('11', '22', 3) }),
    expect: {
      changes: [{ what: SPOOL, before: 'empty', after: toMember }],
      runs: runs('/cm/etcdctl', '').slice(0, 3),
      failure: { code: 'task-failed', message: /is not the member that was meant: it is 11 of 22/ },
    },
  },
  {
    name: 'a host that is no member',
    params: { ...params, name: 'node009' },
    expect: {
      lint: [{ at: ['members'], severity: 'error', message: 'node009 is not among the members' }],
      failure: { code: 'invalid-value' },
    },
  },
  {
    name: 'a member twice',
    params: { ...params, members: [...members, members[0] ?? ''] },
    expect: { lint: [{ at: ['members'], message: 'node001 is named twice' }], failure: { code: 'invalid-value' } },
  },
  {
    name: 'a system directory',
    params: { ...params, dest: '/var/lib' },
    expect: { lint: [{ at: ['dest'] }], failure: { code: 'invalid-value', message: /system directory/ } },
  },
];
