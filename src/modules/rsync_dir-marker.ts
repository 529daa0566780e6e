// The marker beside the copy of a member's data: whose it is and how far it came. A copy that the member outran loses
// writes that it acknowledged, silently, once the leader has changed: the members then differ with equal terms and indexes,
// and etcd's own check at the start passes. So a copy is put back only where it can be shown that it was not outrun.
import { Failure } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import { calls, type ObservedMember, votersOf } from '../etcd/cluster.ts';
import { readWal } from '../etcd/wal.ts';
import { readProgress } from '../etcd-client/progress.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { digestOf, type Listing, list, segmentOf } from './rsync_dir-look.ts';

export interface Marker {
  readonly format: 1;
  readonly host: string;
  /** IDs and checksums in hex. */
  readonly member_id: string;
  readonly cluster_id: string;
  /** Of raft's log in the copy. */
  readonly last_index: number;
  readonly last_term: number;
  /** The last term that the member knew of. */
  readonly term: number;
  readonly commit: number;
  readonly files_sha256: string;
  /** ISO 8601, in UTC; for people. */
  readonly taken_at: string;
}

/** Whether the copy is stale can't be told without a leader; with one it may well be found to be good. */
function nobodyTells(members: readonly ObservedMember[], own: ObservedMember): Failure {
  const silent = votersOf(members).filter(m => m.id !== own.id && m.health !== 'healthy');
  const who = silent.length === 0 ? '' : `; without an answer: ${silent.map(calls).join(', ')}`;
  const message = `etcd has no leader that could tell how far ${calls(own)} came, and so whether its copy may be put back${who}`;
  return new Failure('no-quorum', message, {
    hint: 'bring the voters back that do not answer, then go on: quorate status',
  });
}

/** Beside the copy, not in it: the copy is exactly the member's data. */
export const markerPath = (copy: string): string => `${copy}.marker.json`;

/** Undefined where there is none, or none that can be read. */
export async function readMarker(probe: Probe, copy: string): Promise<Marker | undefined> {
  const bytes = await probe.readFile(markerPath(copy));
  if (!bytes) return undefined;
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isMarker(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function isMarker(read: unknown): read is Marker {
  const entries = new Map(Object.entries(read ?? {}));
  const are = (type: string, names: readonly string[]): boolean =>
    names.every(name => typeof entries.get(name) === type);
  return (
    entries.get('format') === 1 &&
    are('string', ['host', 'member_id', 'cluster_id', 'files_sha256', 'taken_at']) &&
    are('number', ['last_index', 'last_term', 'term', 'commit'])
  );
}

/** What the marker of this copy has to say. Throws Failure `task-failed` where its log can't be read. */
export async function markerOf(probe: Probe, copy: string): Promise<Marker> {
  const listing = await list(probe, copy);
  const segment = segmentOf(listing.entries) ?? '';
  const bytes = await probe.readFile(`${copy}/${segment}`);
  const log = readWal(segment.slice(segment.lastIndexOf('/') + 1), bytes ?? new Uint8Array());
  if (typeof log === 'string') throw new Failure('task-failed', `${copy} on ${probe.name} is no whole copy: ${log}`);
  return {
    format: 1,
    host: probe.name,
    member_id: log.memberId,
    cluster_id: log.clusterId,
    last_index: log.lastIndex,
    last_term: log.lastTerm,
    term: log.term,
    commit: log.commit,
    files_sha256: await digestOf(probe, copy, listing),
    taken_at: new Date(probe.clock.now()).toISOString(),
  };
}

/**
 * Why the member must not be started from this copy; undefined where it may. Sound only together with the term: in the term
 * that the copy knows, the leader that has not changed since knows all that the member acknowledged; a later leader does not.
 */
export async function whyStale(
  probe: Probe,
  copy: string,
  listing: Listing,
  access: ClusterAccess,
): Promise<string | undefined> {
  const marker = await readMarker(probe, copy);
  if (!marker) return `it has no marker, ${markerPath(copy)}, that says whose it is and how far it came`;
  if (marker.host !== probe.name) return `it is of ${marker.host}, not of ${probe.name}`;
  if (marker.files_sha256 !== (await digestOf(probe, copy, listing))) return 'its files are not those of its marker';
  const { cluster, client } = await readCluster(probe, access);
  if (marker.cluster_id !== cluster.id) return `it belongs to another cluster, ${marker.cluster_id}, not ${cluster.id}`;
  const member = cluster.members.find(m => m.id === marker.member_id);
  if (!member) return `its member, ${marker.member_id}, is not in the cluster any more`;
  if (member.status?.memberId === member.id) return `its member, ${calls(member)}, runs`;
  const leader = cluster.members.find(m => m.id === cluster.leaderId);
  const term = leader?.status?.raftTerm;
  if (term === undefined) throw nobodyTells(cluster.members, member);
  if (term !== marker.term) {
    return `the leader has changed since it was taken (term ${marker.term}, now ${term}), so nobody knows how far its member came`;
  }
  const progress = await readProgress(client, cluster, member);
  if ('why' in progress || progress.value.source !== 'debug/vars') {
    const why = 'why' in progress ? progress.why : 'its /debug/vars cannot be read';
    return `the leader does not tell how far its member came: ${why}`;
  }
  const { match } = progress.value;
  return match <= marker.last_index
    ? undefined
    : `its member ran after it was taken: it came to entry ${match}, the copy to ${marker.last_index}`;
}
