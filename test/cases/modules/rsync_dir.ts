import { createHash } from 'node:crypto';
import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';
import { answersOn, type FakeCluster, NODE1, NODE2 } from '../../support/etcd-answers.ts';

const SPOOL = '/var/lib/etcd';
const COPY = '/cm/shared/etcd-backups/node003/etcd';
const CONFIG = '/cm/local/apps/etcd/var/etc';
const SEGMENT = '0000000000000000-0000000000000000.wal';
const nowMs = Date.UTC(2026, 3, 1, 8, 30);

/** A log of bytes below 0x80, so that it can be written as text: member 11 of cluster 22, entry 100, term 10. */
const log = (() => {
  const record = (type: number, data: readonly number[]) => {
    const body = [8, type, 16, 0, 26, data.length, ...data];
    return [body.length, 0, 0, 0, 0, 0, 0, 0, ...body];
  };
  return String.fromCharCode(
    ...record(1, [8, 0x11, 16, 0x22]),
    ...record(2, [8, 0, 16, 10, 24, 100]),
    ...record(3, [8, 10, 16, 1, 24, 99]),
    ...new Array<number>(16).fill(0),
  );
})();

const files = ['member/snap/db', `member/wal/${SEGMENT}`];
const sums = (at: string) => files.map((file, i) => `${i}${i}${i}${i}  ${at}${file}\n`).join('');
const digest = createHash('sha256').update(sums('')).digest('hex');
const marker = {
  format: 1,
  host: 'node003',
  member_id: '11',
  cluster_id: '22',
  last_index: 100,
  last_term: 10,
  term: 10,
  commit: 99,
  files_sha256: digest,
  taken_at: '2026-04-01T08:30:01.000Z',
};
const text = (o: object): string => `${JSON.stringify(o, undefined, 2)}\n`;

type Answers = Record<string, string | Answer>;

const tree = (at: string): string =>
  `${at}/:\nmember/\n\n${at}/member:\nsnap/\nwal/\n\n${at}/member/snap:\ndb\n\n${at}/member/wal:\n${SEGMENT}\n`;
const absent: Answer = { code: 2, stderr: "ls: cannot access '/x': No such file or directory" };
const list = (at: string): string => `ls -A -1 -R -p -- ${at}/`;
const compare = (from: string, to: string): string =>
  `rsync --archive --hard-links --acls --xattrs --delete --checksum --dry-run --itemize-changes -- ${from}/ ${to}/`;
const copying = (from: string, to: string, sparse = ''): string =>
  `sh -c said=$1; shift; rsync "$@" >"$said"; code=$?; rm -f -- "$said"; exit "$code" sh ${to}.progress --archive --hard-links --acls --xattrs --delete ${sparse}--info=progress2 --no-inc-recursive -- ${from}/ ${to}/`;
const replace = [
  ...['sh -c set -e', 'sync -f "$1.partial"', 'if [ -e "$1" ]; then'],
  '  rm -rf -- "$1.previous" "$1.previous.marker.json"',
  '  [ ! -e "$1.marker.json" ] || mv -T -- "$1.marker.json" "$1.previous.marker.json"',
  ...['  mv -T -- "$1" "$1.previous"', 'fi', `mv -T -- "$1.partial" "$1" sh ${COPY}`],
].join('\n');

/** Links there are none; etcd is stopped. */
const quiet: Answers = {
  'systemctl show --property=ActiveState -- etcd': 'ActiveState=inactive\n',
  'cat /proc/locks': '1: FLOCK  ADVISORY  WRITE 111 00:54:4711 0 EOF\n',
  ...Object.fromEntries([SPOOL, COPY, CONFIG, '/backup/etc'].map(at => [`readlink -m -- ${at}`, `${at}\n`])),
  ...Object.fromEntries([SPOOL, COPY].map(at => [`stat --format=%i -- ${at}/member/snap/db`, '1\n'])),
  ...Object.fromEntries(
    [SPOOL, COPY].map(at => [`sha256sum -- ${files.map(file => `${at}/${file}`).join(' ')}`, sums(`${at}/`)]),
  ),
};

const node003 = { id: '11', name: 'node003', down: true };
const cluster: FakeCluster = {
  id: '22',
  members: [NODE1, NODE2, node003],
  progress: { node003: { match: 100, state: 'StateProbe' } },
};

function on(answers: Answers, more: Record<string, string> = {}, seen = cluster): Partial<ModuleCase> {
  return {
    nowMs,
    groups: { etcd: ['node001'] },
    hosts: {
      node003: { answers: { ...quiet, ...answers }, files: more },
      node001: { answers: answersOn('node001', seen) },
    },
  };
}

const backUp = { src: SPOOL, dest: COPY, marker: 'write' };
const putBack = { src: COPY, dest: SPOOL, marker: 'check' };
const wipe = {
  kind: 'service',
  effect: 'wipe',
  replaced: true,
  hosts: ['node003'],
  together: false,
  access: { module: 'etcd/kube-default' },
} as const;

/** A copy that is refused though its files are there. */
const stale = (
  name: string,
  message: RegExp,
  given: { files?: Record<string, string>; cluster?: FakeCluster },
): ModuleCase => ({
  name: `not put back: ${name}`,
  params: putBack,
  ...on(
    { [list(COPY)]: tree(COPY), [list(SPOOL)]: absent },
    given.files ?? { [`${COPY}.marker.json`]: text(marker) },
    given.cluster ?? cluster,
  ),
  expect: { failure: { code: 'task-failed', message, hint: /replace-failed-member -e node=node003/ } },
});

const refused = (name: string, params: ModuleCase['params'], answers: Answers, message: RegExp): ModuleCase => ({
  name: `refused: ${name}`,
  params,
  ...on(answers),
  expect: { failure: { code: 'task-failed', message } },
});

export const cases: readonly ModuleCase[] = [
  {
    name: 'a member backed up: copied beside, compared, named, marked',
    params: backUp,
    ...on(
      {
        [list(SPOOL)]: tree(SPOOL),
        [list(COPY)]: { ...absent, later: [{ code: 0, stdout: tree(COPY), stderr: '' }] },
        [`mkdir -p -m 0700 -- ${COPY}.partial`]: '',
        [copying(SPOOL, `${COPY}.partial`, '--sparse ')]: '',
        [`cat -- ${COPY}.partial.progress`]: '  1,234  40%  9.00MB/s  0:00:01\r  2,468  80%  9.00MB/s  0:00:00 \n',
        [compare(SPOOL, `${COPY}.partial`)]: '',
        [replace]: '',
        [compare(SPOOL, COPY)]: '',
      },
      { [`${COPY}/member/wal/${SEGMENT}`]: log },
    ),
    expect: {
      changes: [
        { what: COPY, before: 'absent', after: `as ${SPOOL}` },
        { what: `${COPY}.marker.json`, after: 'written' },
      ],
      risks: [],
      runs: [
        `node003: mkdir -p -m 0700 -- ${COPY}.partial`,
        `node003: ${copying(SPOOL, `${COPY}.partial`, '--sparse ')}`,
        `node003: ${replace}`,
      ],
      writes: { [`node003: ${COPY}.marker.json`]: text(marker) },
      result: { src: SPOOL, dest: COPY, stale: '', member_id: '11', last_index: 100 },
    },
  },
  {
    name: 'backed up already',
    params: backUp,
    ...on(
      { [list(SPOOL)]: tree(SPOOL), [list(COPY)]: tree(COPY), [compare(SPOOL, COPY)]: '' },
      { [`${COPY}.marker.json`]: text(marker) },
    ),
    expect: { changes: 'same', result: { member_id: '11', last_index: 100 } },
  },
  {
    name: 'copied by a run that was killed before the marker',
    params: backUp,
    ...on(
      { [list(SPOOL)]: tree(SPOOL), [list(COPY)]: tree(COPY), [compare(SPOOL, COPY)]: '' },
      { [`${COPY}/member/wal/${SEGMENT}`]: log },
    ),
    expect: {
      changes: [{ what: `${COPY}.marker.json`, after: 'written' }],
      runs: [],
      writes: { [`node003: ${COPY}.marker.json`]: text({ ...marker, taken_at: '2026-04-01T08:30:00.000Z' }) },
    },
  },
  {
    name: 'a source that changes while it is copied gets no name',
    params: backUp,
    ...on({
      [list(SPOOL)]: tree(SPOOL),
      [list(COPY)]: absent,
      [`mkdir -p -m 0700 -- ${COPY}.partial`]: '',
      [copying(SPOOL, `${COPY}.partial`, '--sparse ')]: '',
      [`cat -- ${COPY}.partial.progress`]: '',
      [compare(SPOOL, `${COPY}.partial`)]: '>fc........ member/snap/db\n',
    }),
    expect: {
      changes: [
        { what: COPY, before: 'absent', after: `as ${SPOOL}` },
        { what: `${COPY}.marker.json`, after: 'written' },
      ],
      runs: [
        `node003: mkdir -p -m 0700 -- ${COPY}.partial`,
        `node003: ${copying(SPOOL, `${COPY}.partial`, '--sparse ')}`,
      ],
      failure: { code: 'task-failed', message: /changed while it was copied: >fc\.+ member\/snap\/db/ },
    },
  },
  {
    name: 'put back: the leader knows of nothing that the copy lacks',
    params: putBack,
    ...on(
      {
        [list(COPY)]: tree(COPY),
        [list(SPOOL)]: { stdout: `${SPOOL}/:\n`, later: [{ stdout: tree(SPOOL) }] },
        [compare(COPY, SPOOL)]: {
          stdout: '.d..t...... ./\n>f+++++++++ member/snap/db\n*deleting   x\n',
          later: [{ stdout: '' }],
        },
        [`mkdir -p -- ${SPOOL}`]: '',
        [copying(COPY, SPOOL)]: '',
        [`cat -- ${SPOOL}.progress`]: '',
      },
      { [`${COPY}.marker.json`]: text(marker) },
    ),
    expect: {
      changes: [{ what: SPOOL, before: '2 entries differ, 1 are too many', after: `as ${COPY}` }],
      risks: [wipe],
      runs: [`node003: mkdir -p -- ${SPOOL}`, `node003: ${copying(COPY, SPOOL)}`],
      result: { stale: '', member_id: '11', last_index: 100 },
    },
  },
  stale('the member ran after it', /it came to entry 101, the copy to 100/, {
    cluster: { ...cluster, progress: { node003: { match: 101, state: 'StateProbe' } } },
  }),
  stale('the leader has changed, and knows nothing', /the leader has changed since it was taken \(term 9, now 10\)/, {
    files: { [`${COPY}.marker.json`]: text({ ...marker, term: 9 }) },
  }),
  stale('no marker', /it has no marker/, { files: {} }),
  stale('a marker that cannot be read', /it has no marker/, { files: { [`${COPY}.marker.json`]: '{"format": 1}' } }),
  stale('of another host', /it is of node007/, {
    files: { [`${COPY}.marker.json`]: text({ ...marker, host: 'node007' }) },
  }),
  stale('changed since', /not those of its marker/, {
    files: { [`${COPY}.marker.json`]: text({ ...marker, files_sha256: '00' }) },
  }),
  stale('of another cluster', /another cluster, 23, not 22/, {
    files: { [`${COPY}.marker.json`]: text({ ...marker, cluster_id: '23' }) },
  }),
  stale('a member that was removed', /12, is not in the cluster any more/, {
    files: { [`${COPY}.marker.json`]: text({ ...marker, member_id: '12' }) },
  }),
  stale('a member that runs elsewhere', /node003, runs/, {
    cluster: { ...cluster, members: [NODE1, NODE2, { ...node003, down: false }] },
  }),
  {
    name: 'not put back without a quorum, which says nothing of the copy',
    params: putBack,
    ...on(
      { [list(COPY)]: tree(COPY), [list(SPOOL)]: absent },
      { [`${COPY}.marker.json`]: text(marker) },
      { ...cluster, members: [NODE1, { ...NODE2, down: true }, node003], leader: 'nobody' },
    ),
    expect: {
      failure: { code: 'no-quorum', message: /; without an answer: (node001, )?node002$/, hint: /quorate status/ },
    },
  },
  {
    name: 'left, where the playbook has another way for a stale copy',
    params: { ...putBack, on_stale: 'leave' },
    ...on({ [list(COPY)]: tree(COPY), [list(SPOOL)]: absent }),
    expect: {
      changes: 'same',
      result: { stale: `it has no marker, ${COPY}.marker.json, that says whose it is and how far it came` },
    },
  },
  refused(
    'an empty source',
    backUp,
    { [list(SPOOL)]: `${SPOOL}/:\n`, [list(COPY)]: tree(COPY) },
    /is empty, and would erase/,
  ),
  refused('no source', backUp, { [list(SPOOL)]: absent, [list(COPY)]: tree(COPY) }, /does not exist/),
  refused(
    'a source that is no data of a member',
    backUp,
    { [list(SPOOL)]: `${SPOOL}/:\nmember/\n\n${SPOOL}/member:\n`, [list(COPY)]: absent },
    /is no member's data/,
  ),
  refused(
    "a member's data without a marker",
    { src: SPOOL, dest: COPY },
    { [list(SPOOL)]: tree(SPOOL), [list(COPY)]: absent },
    /is copied with a marker only/,
  ),
  refused(
    'a member that runs',
    backUp,
    {
      [list(SPOOL)]: tree(SPOOL),
      [list(COPY)]: absent,
      'systemctl show --property=ActiveState -- etcd': 'ActiveState=active\n',
    },
    /etcd on node003 is active: the copy of a running member looks whole and is not/,
  ),
  refused(
    'a database that something has open',
    backUp,
    { [list(SPOOL)]: tree(SPOOL), [list(COPY)]: absent, [`stat --format=%i -- ${SPOOL}/member/snap/db`]: '4711\n' },
    /has \/var\/lib\/etcd\/member\/snap\/db open/,
  ),
  refused(
    'a destination that holds something else',
    backUp,
    { [list(SPOOL)]: tree(SPOOL), [list(COPY)]: `${COPY}/:\nthesis.tex\n` },
    /holds something else: thesis\.tex/,
  ),
  refused(
    'another directory than the one that was meant',
    { src: CONFIG, dest: '/backup/etc' },
    { [list(CONFIG)]: `${CONFIG}/:\nmember.pem\n`, [list('/backup/etc')]: '/backup/etc/:\npasswd\n' },
    /holds something else: passwd/,
  ),
  {
    name: 'other files, whether etcd runs or not',
    params: { src: `${CONFIG}/`, dest: '/backup/etc', delete: false },
    ...on({
      [`readlink -m -- ${CONFIG}/`]: `${CONFIG}\n`,
      [list(CONFIG)]: `${CONFIG}/:\nmember.pem\n`,
      [list('/backup/etc')]: {
        stdout: '/backup/etc/:\nREADME\n',
        later: [{ stdout: '/backup/etc/:\nREADME\nmember.pem\n' }],
      },
      [compare(CONFIG, '/backup/etc').replace('--delete ', '')]: {
        stdout: '>f+++++++++ member.pem\n',
        later: [{ stdout: '' }],
      },
      'mkdir -p -- /backup/etc': '',
      [copying(CONFIG, '/backup/etc').replace('--delete ', '')]: '',
      'cat -- /backup/etc.progress': '',
    }),
    expect: {
      changes: [{ what: '/backup/etc', before: '1 entries differ, 0 are too many', after: `as ${CONFIG}` }],
      risks: [],
      runs: ['node003: mkdir -p -- /backup/etc', `node003: ${copying(CONFIG, '/backup/etc').replace('--delete ', '')}`],
      result: { member_id: '', last_index: 0 },
    },
  },
  {
    name: 'one inside the other, through a link',
    params: { src: SPOOL, dest: '/backup/etc' },
    ...on({ 'readlink -m -- /backup/etc': `${SPOOL}/backup\n` }),
    expect: { failure: { code: 'invalid-value', message: /\/var\/lib\/etcd\/backup lies inside \/var\/lib\/etcd/ } },
  },
  ...(
    [
      ['onto itself', SPOOL, `${SPOOL}/`, `${SPOOL} would be copied onto itself`],
      ['a system directory', SPOOL, '/var/lib', '/var/lib is a system directory'],
      ['around', `${SPOOL}/member`, SPOOL, `${SPOOL}/member lies inside ${SPOOL}`],
    ] as const
  ).map(
    ([name, src, dest, message]): ModuleCase => ({
      name: `lint: ${name}`,
      params: { src, dest },
      expect: { lint: [{ at: ['dest'], severity: 'error', message }] },
    }),
  ),
];
