import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Host, Probe } from '../core/host.ts';
import type { Change } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { readWal } from '../etcd/wal.ts';
import { accessOf, openClient } from '../etcd-client/client.ts';
import { readEtcdctlVersion } from '../etcd-client/reads.ts';
import { initialIds, initialMember } from '../etcd-client/restored-ids.ts';
import { accessParams } from '../etcd-client/schemas.ts';
import { checkSnapshot, etcdutlBeside } from '../etcd-client/snapshot-check.ts';
import { must } from './must.ts';
import { PATH, pathRefusal, plainPath, timeName } from './paths.ts';
import { inUse, isMemberData, type Listing, list, segmentOf } from './rsync_dir-look.ts';

const params = Type.Object(
  {
    snapshot: Type.String({ ...PATH, description: 'The snapshot, the same file for all members; on shared storage.' }),
    sha256: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{64}$',
        description: 'What `etcd_snapshot_check` said of it; another file is refused.',
      }),
    ),
    name: Type.String({ pattern: '^[A-Za-z0-9_.-]+$', description: 'The member that this host is to be.' }),
    members: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_.-]+=https?://[^,\\s]+$' }), {
      minItems: 1,
      description: 'All members of the new cluster, each as `name=peer URL`; the same for all of them.',
    }),
    token: Type.String({
      pattern: '^[A-Za-z0-9_.:-]+$',
      description:
        'What makes the IDs of the new cluster others than those of the old one; the same for all members, and new.',
    }),
    dest: Type.String({ ...PATH, default: '/var/lib/etcd', description: "etcd's data directory." }),
    unless_active: Type.String({
      default: 'etcd',
      pattern: '^[A-Za-z0-9@:._\\\\-]+$',
      description: 'The systemd unit that must not run meanwhile.',
    }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  dest: Type.String(),
  cluster_id: Type.String({ description: 'Of the new cluster, in hex.' }),
  member_id: Type.String({ description: 'Of this member, in hex.' }),
  moved_to: Type.String({ description: "Where the old contents of `dest` are now; '' where there were none." }),
});

type Params = Static<typeof params>;

interface State {
  readonly host: string;
  /** True where `dest` holds anything that is to be moved aside. */
  readonly holds: boolean;
}

/** Big databases take their time to be read, written and hashed. */
const RESTORE_TIMEOUT_MS = 60 * 60 * 1000;

/** Inside `dest`, so that it is on the same file system and a mere rename puts it in place, also where `dest` is a mount point. */
const FRESH = '.quorate-restore';
const KEPT = ['lost+found/', `${FRESH}/`];

export const etcdRestore = converge<typeof params, typeof returns, State>({
  name: 'etcd_restore',
  summary: 'Makes the data directory of a stopped member from a snapshot, for a new cluster.',
  description: [
    'For a cluster whose majority is lost: each of the members to be is given the same snapshot, the same list of members and the same',
    '**new** token, and is started only then. The IDs of members and cluster are made of URLs and token, so that whoever still has data of',
    'the old cluster can not join the new one. etcd keeps to what is in its data directory, whatever flags it is started with.',
    '',
    'The snapshot is verified, then restored into a directory beside the old data, read back, and put in place; what was in `dest` is',
    'moved to `<dest>.aside`, into a directory named by the time, never deleted. What a run that was interrupted left behind does no harm.',
    'It is there already where the log in `dest` is of this very member of this very cluster, and holds nothing since the restore.',
    '',
    'Refused: a file that is no whole snapshot or has another `sha256`; a data directory in use; one that holds something else than',
    'the data of a member; system directories. To guards, it costs no quorum where there is none; where there is one, it is refused.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'One of three members',
      yaml: [
        '- etcd_restore:',
        '    snapshot: /cm/shared/backup/etcd/etcd-node001-20260401083000',
        '    name: node001',
        '    members:',
        '      - node001=https://10.141.0.1:2380',
        '      - node002=https://10.141.0.2:2380',
        '      - node003=https://10.141.0.3:2380',
        '    token: kube-default-20260401T090000Z',
        '  delegate_to: node001',
      ].join('\n'),
    },
  ],
  weighed: true,
  lint: ({ dest, name, members }) => {
    const wrong = typeof dest === 'string' ? pathRefusal(dest, true) : undefined;
    if (wrong !== undefined) return [{ at: ['dest'], severity: 'error', message: wrong }];
    if (typeof name !== 'string' || !Array.isArray(members)) return [];
    const names = members.map(text => initialMember(String(text)).name);
    const message = names.includes(name) ? repeated(names) : `${name} is not among the members`;
    return message === undefined ? [] : [{ at: ['members'], severity: 'error', message }];
  },
  async observe(probe, given) {
    const { dest, ids } = wanted(given);
    const listing = await list(probe, dest);
    const used = await inUse(probe, dest, listing, given.unless_active);
    if (used !== undefined) {
      throw new Failure('task-failed', `${used}, so ${dest} is left as it is`, {
        hint: 'take the node out of its configuration overlay first, which stops etcd',
      });
    }
    const result = { dest: given.dest, cluster_id: ids.cluster, member_id: ids.member, moved_to: '' };
    const found = await identityIn(probe, dest, listing);
    const holds = listing.entries.some(entry => !KEPT.some(kept => entry.startsWith(kept)));
    const state: State = { host: probe.name, holds };
    if (
      typeof found === 'object' &&
      found.clusterId === ids.cluster &&
      found.memberId === ids.member &&
      // A restore writes one entry a member. One that has more has run since.
      found.lastIndex === given.members.length
    )
      return { kind: 'same', state, result };
    if (holds && !listing.entries.includes('member/')) {
      const shown = listing.entries.slice(0, 3).join(', ');
      throw new Failure('task-failed', `${dest} on ${probe.name} holds no data of a member, but ${shown}`, {
        hint: 'name the data directory of etcd, or move away what is there',
      });
    }
    const { sha256 } = await checkSnapshot(probe, given.snapshot);
    if (given.sha256 !== undefined && given.sha256 !== sha256) {
      throw new Failure('task-failed', `${given.snapshot} is another file on ${probe.name}: its SHA-256 is ${sha256}`, {
        hint: 'all members must be restored from the same file: is the same storage mounted there?',
      });
    }
    const before = !holds
      ? 'empty'
      : typeof found === 'object'
        ? `of the cluster ${found.clusterId}`
        : 'data of a member';
    const changes: readonly Change[] = [
      { what: dest, before, after: `member ${ids.member} of the new cluster ${ids.cluster}, from ${given.snapshot}` },
      ...(holds ? [{ what: `${dest}: old contents`, after: `moved below ${asideOf(dest)}` }] : []),
    ];
    return { kind: 'differs', state, changes, foreseen: { ...result, moved_to: holds ? asideOf(dest) : '' } };
  },
  risks: (given, { host }) => [
    { kind: 'service', effect: 'restore', hosts: [host], together: false, access: accessOf(given) },
  ],
  async apply(host, given, { holds }) {
    const { dest, ids, self } = wanted(given);
    const fresh = `${dest}/${FRESH}`;
    await must(host, ['mkdir', '-p', '-m', '0700', '--', dest]);
    // etcdctl refuses a directory that is there, and one that was interrupted leaves half of one behind.
    await must(host, ['rm', '-rf', '--', fresh]);
    host.progress({ text: `restoring ${given.snapshot} on ${host.name}` });
    const restored = await host.run(await restoreArgv(host, given, self.peerUrl, fresh), {
      timeoutMs: RESTORE_TIMEOUT_MS,
    });
    if (restored.code !== 0) {
      const why = restored.stderr.trim().split('\n').at(-1) || `status ${restored.code}`;
      throw new Failure('command-failed', `the snapshot could not be restored on ${host.name}: ${why}`, {
        hint: `is there room? ssh ${host.name} df -h ${dest}; the old data are as they were`,
      });
    }
    const made = await identityIn(host, fresh, await list(host, fresh));
    if (typeof made === 'string' || made.clusterId !== ids.cluster || made.memberId !== ids.member) {
      const what = typeof made === 'string' ? made : `it is ${made.memberId} of ${made.clusterId}`;
      throw new Failure('task-failed', `what was restored on ${host.name} is not the member that was meant: ${what}`, {
        hint: 'the old data are as they were; which etcdctl was it? quorate status',
      });
    }
    const movedTo = holds ? `${asideOf(dest)}/${timeName(host.clock.now())}` : '';
    await must(host, ['sh', '-c', PUT_IN_PLACE, 'sh', dest, FRESH, movedTo]);
    return { moved_to: movedTo };
  },
  byHand(given, { host }, { holds }) {
    const { dest, self } = wanted(given);
    const aside = `${typed([asideOf(dest)])}/$(date -u +%Y%m%dT%H%M%SZ)`;
    const words = restoreWords(given, self.peerUrl, dest);
    return [
      ...(holds
        ? [{ host, command: `mkdir -p -m 0700 ${typed([asideOf(dest)])} && mv -T ${typed([dest])} ${aside}` }]
        : []),
      { host, command: `module load ${typed([given.environment_module])} && ${typed(['etcdctl', ...words])}` },
    ];
  },
  settleMs: () => 0,
});

/**
 * Moves what is in `$1` to `$3`, where that is given, and gives what was restored in `$1/$2` its place. Owned as `$1` itself is. A
 * kill between the moves leaves a directory without data, which the next run makes anew.
 */
const PUT_IN_PLACE = [
  'set -e',
  'chown -R --reference="$1" -- "$1/$2"',
  'sync -f "$1/$2"',
  'if [ -n "$3" ]; then',
  '  mkdir -p -m 0700 -- "$3"',
  '  find -H "$1" -mindepth 1 -maxdepth 1 ! -name "$2" ! -name lost+found -exec mv -t "$3" -- {} +',
  'fi',
  'mv -T -- "$1/$2/member" "$1/member"',
  'rm -rf -- "$1/$2"',
  'chmod 0700 -- "$1"',
  'sync -f "$1"',
].join('\n');

const asideOf = (dest: string): string => `${dest}.aside`;

const repeated = (names: readonly string[]): string | undefined => {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? undefined : `${twice} is named twice`;
};

/** What is to be there. Throws Failure `invalid-value` where the parameters contradict each other. */
function wanted({ dest, members, name, token }: Params) {
  const all = members.map(initialMember);
  const self = all.find(member => member.name === name);
  const wrong = pathRefusal(dest, true) ?? repeated(all.map(member => member.name));
  const ids = initialIds(all, token);
  const member = ids.memberIds.get(name);
  if (wrong !== undefined || self === undefined || member === undefined)
    throw new Failure('invalid-value', wrong ?? `${name} is not among the members ${members.join(', ')}`);
  return { dest: plainPath(dest), self, ids: { cluster: ids.clusterId, member } };
}

/** Whose log is in this data directory; a text says why that can't be told. */
async function identityIn(probe: Probe, path: string, listing: Listing) {
  const segment = isMemberData(listing) ? segmentOf(listing.entries) : undefined;
  if (segment === undefined) return 'it holds no data of a member';
  const bytes = await probe.readFile(`${path}/${segment}`);
  return readWal(segment.slice(segment.lastIndexOf('/') + 1), bytes ?? new Uint8Array());
}

/** etcdctl restores up to 3.5; from 3.6 on etcdutl does. */
async function restoreArgv(host: Host, given: Params, peerUrl: string, into: string): Promise<readonly string[]> {
  const client = await openClient(host, accessOf(given));
  const [, major = 0, minor = 0] = /^(\d+)\.(\d+)/.exec(await readEtcdctlVersion(client))?.map(Number) ?? [];
  const tool = major > 3 || minor >= 6 ? etcdutlBeside(client) : client.etcdctl;
  return [tool, ...restoreWords(given, peerUrl, into)];
}

const restoreWords = ({ snapshot, name, members, token }: Params, peerUrl: string, into: string): readonly string[] => [
  'snapshot',
  'restore',
  snapshot,
  `--name=${name}`,
  `--initial-cluster=${members.join(',')}`,
  `--initial-cluster-token=${token}`,
  `--initial-advertise-peer-urls=${peerUrl}`,
  `--data-dir=${into}`,
];
