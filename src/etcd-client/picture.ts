import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { Cluster, Member, ObservedMember } from '../etcd/cluster.ts';
import { isStarted, learnersOf, votersOf } from '../etcd/cluster.ts';
import { versionsOf } from '../etcd/diagnosis.ts';
import { knownFaults } from '../etcd/version.ts';
import type { Seen } from './read-cluster.ts';
import { readEtcdctlVersion } from './reads.ts';
import type { listedMemberSchema, memberSchema } from './schemas.ts';
import { pictureProperties } from './schemas.ts';

const pictureSchema = Type.Object(pictureProperties);

/** A cluster as results of modules have it, and the etcdctl it was seen with. */
export async function pictureOf({ cluster, client }: Seen): Promise<Static<typeof pictureSchema>> {
  const etcdctl = await readEtcdctlVersion(client);
  const voters = votersOf(cluster.members);
  const learners = learnersOf(cluster.members);
  const versions = [...versionsOf(cluster)];
  return {
    cluster_id: cluster.id,
    leader: cluster.members.find(m => m.id === cluster.leaderId)?.name ?? '',
    voters: voters.length,
    learners: learners.length,
    voter_names: namesOf(voters),
    learner_names: namesOf(learners),
    member_names: namesOf(cluster.members),
    peer_urls: cluster.members.flatMap(m => m.peerUrls),
    unstarted: cluster.members.some(m => !isStarted(m)),
    versions,
    warnings: versions.flatMap(version => knownFaults(version, 'server')),
    etcdctl_version: etcdctl,
    etcdctl_warnings: [...knownFaults(etcdctl, 'etcdctl')],
    members: cluster.members.map(m => shownMember(m, cluster)),
  };
}

export function listedMember(m: Member): Static<typeof listedMemberSchema> {
  return {
    id: m.id,
    name: m.name,
    role: m.role,
    started: isStarted(m),
    peer_url: m.peerUrls[0] ?? '',
    peer_urls: [...m.peerUrls],
    client_urls: [...m.clientUrls],
  };
}

function shownMember(m: ObservedMember, cluster: Cluster): Static<typeof memberSchema> {
  return {
    ...listedMember(m),
    health: m.health,
    leader: m.id === cluster.leaderId,
    version: m.status?.version ?? '',
    db_size: m.status?.dbSizeBytes ?? 0,
    revision: m.status?.revision ?? 0,
    raft_term: m.status?.raftTerm ?? 0,
    raft_index: m.status?.raftIndex ?? 0,
    raft_applied_index: m.status?.raftAppliedIndex ?? 0,
  };
}

const namesOf = (members: readonly Member[]): string[] => members.filter(isStarted).map(m => m.name);
