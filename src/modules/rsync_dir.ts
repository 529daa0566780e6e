import { type Static, Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { Host, Probe } from '../core/host.ts';
import type { Change } from '../core/module.ts';
import { converge } from '../core/module.ts';
import { accessOf } from '../etcd-client/client.ts';
import { accessParams } from '../etcd-client/schemas.ts';
import { must } from './must.ts';
import { PATH, pathRefusal, plainPath } from './paths.ts';
import { copy } from './rsync_dir-copy.ts';
import { differences, digestOf, inUse, isMemberData, type Listing, list, realPath } from './rsync_dir-look.ts';
import { type Marker, markerOf, markerPath, readMarker, whyStale } from './rsync_dir-marker.ts';

const params = Type.Object(
  {
    src: Type.String({ ...PATH, description: 'The directory whose contents are copied.' }),
    dest: Type.String({ ...PATH, description: 'The directory that is to hold the same, on the same host.' }),
    delete: Type.Boolean({ default: true, description: 'Whether what is only in `dest` is deleted.' }),
    marker: Type.Enum(['write', 'check', 'none'], {
      default: 'none',
      description:
        "`write`: `src` is a member's data, and a marker is put beside the copy. `check`: `src` is such a copy, and is put back only where its marker shows that the member has not gone on since. `none`: `src` is no data of a member.",
    }),
    on_stale: Type.Enum(['fail', 'leave'], {
      default: 'fail',
      description: 'With `check`, what a copy leads to that must not be put back. `leave`: `stale` says why.',
    }),
    unless_active: Type.String({
      default: 'etcd',
      pattern: '^[A-Za-z0-9@:._\\\\-]+$',
      description: "The systemd unit that must not run while a member's data is copied.",
    }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  src: Type.String(),
  dest: Type.String(),
  stale: Type.String({ description: 'With `check` and `on_stale: leave`: why nothing was put back; else empty.' }),
  member_id: Type.String({ description: "From the marker, in hex; empty where it is no member's data." }),
  last_index: Type.Integer({ description: "The last entry of raft's log in it; 0 where it is no member's data." }),
});

type Params = Static<typeof params>;

interface State {
  readonly host: string;
  readonly src: string;
  readonly dest: string;
  /** Only the marker is missing. */
  readonly copied: boolean;
  readonly stale: string;
}

export const rsyncDir = converge<typeof params, typeof returns, State>({
  name: 'rsync_dir',
  summary:
    "Copies a directory on a host with rsync; a member's data only while etcd is stopped, and back only where it is not stale.",
  description: [
    'As in section 7 of the article, with `-aHAX` (`-r` is part of `-a`), and `--delete` unless it is turned off. Both ends are on the',
    'same host, so shared storage must be mounted there. That nothing differs any more is found by a second rsync, with checksums;',
    'a copy that is complete is not made again.',
    '',
    "A member's data is copied to `dest.partial`, compared, and only then takes the place of the copy before it, which stays as",
    '`dest.previous`. Beside it lies `dest.marker.json`: the member, its cluster, its last entry and term, and a checksum of the files.',
    'With `marker: check` the copy is put back only where its files are those of the marker, the member is still listed and does',
    'not run, **the leader has not changed since**, and what the leader knows the member to have acknowledged is in the copy. A copy',
    'that the member outran would take back writes that were acknowledged, and nothing in etcd would notice. A leader that has',
    'changed knows nothing of the member: then the copy can not be shown to be good, and the way is to add the member anew.',
    '',
    'Refused: an empty source; one that is not what `marker` says; data in use, by the state of `unless_active` and by the lock on',
    'the database; the same directory twice, or one inside the other; system directories; a destination that holds something',
    'else: with `write` neither a copy nor a member, with `check` no member, with `none` nothing that `src` has too.',
    '',
    'To guards, putting data back wipes a member. The file systems must take ACLs and extended attributes where the source has some.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: "Back up a stopped member's data (7.1)",
      yaml: [
        '- rsync_dir:',
        '    src: /var/lib/etcd',
        '    dest: /cm/shared/etcd-backups/node003/etcd',
        '    marker: write',
        '  delegate_to: node003',
      ].join('\n'),
    },
    {
      title: 'Put it back (7.2)',
      yaml: [
        '- rsync_dir:',
        '    src: /cm/shared/etcd-backups/node003/etcd',
        '    dest: /var/lib/etcd',
        '    marker: check',
        '  delegate_to: node003',
      ].join('\n'),
    },
  ],
  weighed: true,
  lint: given => {
    const { src, dest } = given;
    if (typeof src !== 'string' || typeof dest !== 'string') return [];
    const wrong = wrongPaths(plainPath(src), plainPath(dest));
    return wrong === undefined ? [] : [{ at: ['dest'], severity: 'error', message: wrong }];
  },
  async observe(probe, given) {
    const [src, dest] = await pathsOf(probe, given);
    const [source, target] = await Promise.all([list(probe, src), list(probe, dest)]);
    refuseSource(probe, src, source, given);
    if (given.marker !== 'none') await refuseInUse(probe, { src, source, dest, target }, given);
    await refuseTarget(probe, { dest, source, target }, given);
    const stale = given.marker === 'check' ? await whyStale(probe, src, source, accessOf(given)) : undefined;
    if (stale !== undefined && given.on_stale === 'fail') throw staleCopy(probe, src, stale);
    const lines = target.exists && stale === undefined ? await differences(probe, src, dest, given.delete) : [];
    const copied = target.exists && lines.length === 0;
    const state: State = { host: probe.name, src, dest, copied, stale: stale ?? '' };
    const marker = given.marker === 'write' ? await validMarker(probe, dest, target, copied) : undefined;
    const known = given.marker === 'check' ? await readMarker(probe, src) : marker;
    const result = resultOf(given, state, known);
    if (stale !== undefined) return { kind: 'same', state, result };
    const changes: readonly Change[] = [
      ...(copied ? [] : [changeOf(dest, src, target, lines)]),
      ...(given.marker === 'write' && !marker ? [{ what: markerPath(dest), after: 'written' }] : []),
    ];
    if (changes.length === 0) return { kind: 'same', state, result };
    return { kind: 'differs', state, changes, foreseen: { src: given.src, dest: given.dest, stale: '' } };
  },
  risks: (given, { host }) =>
    given.marker === 'check'
      ? [{ kind: 'service', effect: 'wipe', hosts: [host], replaced: true, together: false, access: accessOf(given) }]
      : [],
  byHand: (given, { host }, { src, dest }) => [
    { host, command: `mkdir -p ${typed([dest])}` },
    { host, command: `rsync -aHAXP ${given.delete ? '--delete ' : ''}${typed([`${src}/`, `${dest}/`])}` },
    {
      host,
      command: `rsync -aHAXnci ${given.delete ? '--delete ' : ''}${typed([`${src}/`, `${dest}/`])}`,
      until: 'it prints nothing: the two are the same',
    },
  ],
  async apply(host, given, state) {
    const { src, dest } = state;
    if (given.marker === 'write') await backUp(host, given, state);
    else {
      await must(host, ['mkdir', '-p', '--', dest]);
      await copy(host, src, dest, { exact: given.delete, sparse: false });
    }
    return undefined;
  },
  settleMs: () => 0,
});

/** Both as they are once links are followed, after the checks that need no listing. */
async function pathsOf(probe: Probe, given: Params): Promise<readonly [string, string]> {
  const written = wrongPaths(plainPath(given.src), plainPath(given.dest));
  if (written !== undefined) throw new Failure('invalid-value', written);
  const [src, dest] = await Promise.all([realPath(probe, given.src), realPath(probe, given.dest)]);
  const wrong = wrongPaths(src, dest);
  if (wrong !== undefined) throw new Failure('invalid-value', wrong);
  return [src, dest];
}

function wrongPaths(src: string, dest: string): string | undefined {
  const refused = pathRefusal(src, true) ?? pathRefusal(dest, true);
  if (refused !== undefined) return refused;
  if (src === dest) return `${src} would be copied onto itself`;
  if (dest.startsWith(`${src}/`)) return `${dest} lies inside ${src}`;
  return src.startsWith(`${dest}/`) ? `${src} lies inside ${dest}` : undefined;
}

function refuseSource(probe: Probe, src: string, source: Listing, { marker }: Params): void {
  const at = `${src} on ${probe.name}`;
  const refused = (why: string, hint: string): Failure => new Failure('task-failed', `${at} ${why}`, { hint });
  if (!source.exists)
    throw refused('does not exist', `look: ssh ${probe.name} ls -ld ${src}; is its file system mounted?`);
  if (source.entries.length === 0) {
    throw refused('is empty, and would erase what it is copied to', 'is its file system mounted? findmnt');
  }
  if (marker !== 'none' && !isMemberData(source)) {
    throw refused("is no member's data: member/snap/db or member/wal is missing", 'name the data directory of etcd');
  }
  if (marker === 'none' && source.entries.includes('member/snap/db')) {
    throw refused(
      "is a member's data, which is copied with a marker only",
      'give marker: write, or check to put it back',
    );
  }
}

interface Ends {
  readonly src: string;
  readonly source: Listing;
  readonly dest: string;
  readonly target: Listing;
}

async function refuseInUse(
  probe: Probe,
  { src, source, dest, target }: Ends,
  { unless_active }: Params,
): Promise<void> {
  const why = (await inUse(probe, src, source, unless_active)) ?? (await inUse(probe, dest, target, unless_active));
  if (why === undefined) return;
  throw new Failure('task-failed', `${why}: the copy of a running member looks whole and is not`, {
    hint: 'take the node out of its configuration overlay first, which stops etcd: quorate run backup-member',
  });
}

/** What is there already must be what this would replace, or it is not the place that was meant. */
async function refuseTarget(probe: Probe, { dest, source, target }: Omit<Ends, 'src'>, given: Params): Promise<void> {
  const held = target.entries.filter(entry => entry !== 'lost+found/');
  if (held.length === 0 || !given.delete) return;
  const isOurs = {
    write: async () => isMemberData(target) || (await readMarker(probe, dest)) !== undefined,
    check: async () => held.includes('member/'),
    none: async () => source.entries.some(entry => held.includes(entry)),
  };
  if (await isOurs[given.marker]()) return;
  throw new Failure('task-failed', `${dest} on ${probe.name} holds something else: ${held.slice(0, 3).join(', ')}`, {
    hint: 'name another dest, or move away what is there',
  });
}

function staleCopy(probe: Probe, src: string, why: string): Failure {
  return new Failure('task-failed', `the copy ${src} must not be put back on ${probe.name}: ${why}`, {
    hint: `add the member anew, from the others: quorate run replace-failed-member -e node=${probe.name}`,
    result: { stale: why },
  });
}

/** The marker of a copy that is complete, where it is there and says what the copy is. */
async function validMarker(probe: Probe, dest: string, target: Listing, copied: boolean): Promise<Marker | undefined> {
  const marker = copied ? await readMarker(probe, dest) : undefined;
  return marker && marker.files_sha256 === (await digestOf(probe, dest, target)) ? marker : undefined;
}

function changeOf(dest: string, src: string, target: Listing, lines: readonly string[]): Change {
  const after = `as ${src}`;
  if (!target.exists) return { what: dest, before: 'absent', after };
  const deleted = lines.filter(line => line.startsWith('*deleting')).length;
  return { what: dest, before: `${lines.length - deleted} entries differ, ${deleted} are too many`, after };
}

function resultOf(given: Params, { stale }: State, marker: Marker | undefined): Static<typeof returns> {
  const { src, dest } = given;
  return { src, dest, stale, member_id: marker?.member_id ?? '', last_index: marker?.last_index ?? 0 };
}

/** Gives `$1.partial` the name `$1`; what had it is `$1.previous` then, with its marker. A copy without a marker is never put back. */
const REPLACE = [
  'set -e',
  'sync -f "$1.partial"',
  'if [ -e "$1" ]; then',
  '  rm -rf -- "$1.previous" "$1.previous.marker.json"',
  '  [ ! -e "$1.marker.json" ] || mv -T -- "$1.marker.json" "$1.previous.marker.json"',
  '  mv -T -- "$1" "$1.previous"',
  'fi',
  'mv -T -- "$1.partial" "$1"',
].join('\n');

async function backUp(host: Host, given: Params, { src, dest, copied }: State): Promise<void> {
  if (!copied) {
    const partial = `${dest}.partial`;
    // Keys of Kubernetes' secrets lie in it.
    await must(host, ['mkdir', '-p', '-m', '0700', '--', partial]);
    await copy(host, src, partial, { exact: true, sparse: true });
    const [first] = await differences(host, src, partial, true);
    if (first !== undefined) {
      throw new Failure('task-failed', `${src} on ${host.name} changed while it was copied: ${first}`, {
        hint: `what runs there? ssh ${host.name} systemctl status ${given.unless_active}`,
      });
    }
    await must(host, ['sh', '-c', REPLACE, 'sh', dest]);
  }
  const marker = await markerOf(host, dest);
  await host.writeFile(markerPath(dest), new TextEncoder().encode(`${JSON.stringify(marker, undefined, 2)}\n`), 0o600);
}
