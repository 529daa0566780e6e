import type { Static } from 'typebox';
import { Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { AnswerLost, Failure, Unreachable } from '../core/failure.ts';
import { noRisks } from '../core/guard.ts';
import type { Host } from '../core/host.ts';
import { act } from '../core/module.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { calls, fingerprint, votersOf } from '../etcd/cluster.ts';
import { etcdctlLine } from '../etcd-client/by-hand.ts';
import type { Client } from '../etcd-client/client.ts';
import { accessOf, candidates, openClient, peerOf } from '../etcd-client/client.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { accessParams } from '../etcd-client/schemas.ts';
import { saveSnapshot } from '../etcd-client/snapshot.ts';

const params = Type.Object(
  {
    directory: Type.String({
      default: '/cm/shared/backup/etcd',
      pattern: '^/',
      description: 'Where it is put: storage that is not tied to one node. Made where it does not exist.',
    }),
    member: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]+$',
        description: 'The voter to take it from. Default: a healthy one, rather a follower.',
      }),
    ),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  path: Type.String(),
  size: Type.Integer({ description: 'Bytes.' }),
  revision: Type.Integer({ description: '0 where no tool there can tell it.' }),
  sha256: Type.String({ description: 'Of the database in it, in hex, as the file itself ends with it.' }),
  member: Type.String({ description: 'The name of the voter it was taken from.' }),
  member_id: Type.String(),
  host: Type.String({ description: 'The host on which it was taken.' }),
  cluster_id: Type.String(),
  membership: Type.String({ description: 'The IDs and roles of the members when it was taken.' }),
  taken_at_ms: Type.Integer({ description: 'When taking it began, in milliseconds since the epoch.' }),
});

export const etcdSnapshot = act<typeof params, typeof returns>({
  name: 'etcd_snapshot',
  weighed: false,
  summary: 'Takes a snapshot of etcd and verifies it.',
  description: [
    'The snapshot is taken on the node of a healthy voter, under a temporary name. It gets its own name, `etcd-<node>-<date>`',
    'as in the article, only after it was verified: its size is that of whole pages and a checksum, the checksum at its end is that of',
    'its content, and it was written out to the disk. A snapshot that fails is deleted, and one that a node left unfinished when it',
    'went down goes with the next that is taken there, or with any after a day. A run that is killed meanwhile leaves a whole one.',
    'Where the node goes down meanwhile and `member` names no voter, it is taken from another one.',
    '',
    'What could stop the cluster for a moment is allowed only after a snapshot that was taken since the last change of the',
    'membership, and no more than ten minutes ago.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'A snapshot before a change',
      yaml: ['- etcd_snapshot:', '    directory: /cm/shared/backup/etcd', '  register: snapshot'].join('\n'),
    },
  ],
  repeat: () => 'safe',
  risks: noRisks,
  apply: (host, p) => take(host, p, []),
  byHand(p, { etcdHosts: [first = ''] }) {
    const directory = typed([p.directory]);
    const save = `snapshot save ${directory}/etcd-$(hostname -s)-$(date -u +%Y%m%d%H%M%S)`;
    return [{ host: p.member ?? first, command: `mkdir -p ${directory}; ${etcdctlLine(accessOf(p), save)}` }];
  },
  proves: result => [
    { kind: 'snapshot', takenAtMs: result.taken_at_ms, path: result.path, membership: result.membership },
  ],
});

/** Where a node goes down under it, another one does: `lost` are the IDs of the members whose node did. */
async function take(host: Host, p: Static<typeof params>, lost: readonly string[]): Promise<Static<typeof returns>> {
  const { cluster, client } = await readCluster(host, accessOf(p));
  const member = memberToAsk(cluster, p, lost);
  const asked = await clientFor(host, p, { member, client });
  const takenAtMs = host.clock.now();
  const name = `etcd-${member.name}-${stampOf(takenAtMs)}`;
  const on = peerOf(host, asked.probe.name);
  try {
    const saved = await saveSnapshot(on, asked, { endpoint: member.clientUrls[0] ?? '', directory: p.directory, name });
    return {
      ...saved,
      member: member.name,
      member_id: member.id,
      host: on.name,
      cluster_id: cluster.id,
      membership: fingerprint(cluster.members),
      taken_at_ms: takenAtMs,
    };
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof AnswerLost) || p.member !== undefined) throw error;
    host.progress({ text: `${on.name} does not answer any more` });
    return take(host, p, [...lost, member.id]);
  }
}

/** The voter that was named, or a healthy one: rather a follower, which has less to do. */
function memberToAsk(cluster: Cluster, p: Static<typeof params>, lost: readonly string[]): ObservedMember {
  const healthy = votersOf(cluster.members).filter(m => m.health === 'healthy' && !lost.includes(m.id));
  const wanted = p.member === undefined ? healthy : healthy.filter(m => m.name === p.member);
  const member = wanted.find(m => m.id !== cluster.leaderId) ?? wanted[0];
  if (member) return member;
  const who = p.member === undefined ? 'there is no healthy voter' : `${p.member} is no healthy voter`;
  const silent = votersOf(cluster.members)
    .filter(m => m.health !== 'healthy' || lost.includes(m.id))
    .map(calls);
  const why = silent.length === 0 ? '' : `; without an answer: ${silent.join(', ')}`;
  throw new Failure('task-failed', `${who} to take a snapshot from${why}`, {
    hint: 'look at the cluster: quorate status',
  });
}

/** etcdctl on the member's own host where that is one of those to be used; else where it was found to work. */
async function clientFor(
  host: Host,
  p: Static<typeof params>,
  { member, client }: { readonly member: ObservedMember; readonly client: Client },
): Promise<Client> {
  const access = accessOf(p);
  if (client.probe.name === member.name || !candidates(host, access).includes(member.name)) return client;
  try {
    return await openClient(peerOf(host, member.name), access);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'interrupted') return client;
    throw error;
  }
}

/** `20220405123713`, in UTC. */
const stampOf = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
