import { Failure, Unreachable } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Cluster, Health, Member, MemberStatus, ObservedMember } from '../etcd/cluster.ts';
import { isStarted, votersOf } from '../etcd/cluster.ts';
import { assume } from './assumed.ts';
import type { Client } from './client.ts';
import { candidates, openClient, peerOf, whyNot } from './client.ts';
import { listMembers, readAlarms, readHealth, readLinearizable, readStatus } from './reads.ts';

/** A cluster, and a client whose own endpoint answered. */
export interface Seen {
  readonly cluster: Cluster;
  readonly client: Client;
}

/** How long other hosts are waited for once one has answered: only to find out that they belong to another cluster. */
const OTHERS_MS = 500;

/**
 * The cluster as it is now; in check mode, as it would be after the changes that were assumed. Asks all candidate hosts at
 * once and goes on with the first that answers a linearizable read; without quorum, with one that answers at all.
 * A member that can't be reached counts as down.
 *
 * Throws `Unreachable` where no host can be reached, Failure `no-quorum` where none knows the members, `wrong-cluster`
 * where hosts belong to different clusters, `task-failed` where etcdctl can't be used anywhere.
 */
export async function readCluster(probe: Probe, access: ClusterAccess): Promise<Seen> {
  const { client, own } = await findClient(probe, access);
  const linearizable = own !== undefined;
  const listed = await listMembers(client);
  if ('why' in listed)
    throw new Failure('no-quorum', `${client.probe.name}: the members of etcd cannot be listed: ${listed.why}`, {
      hint: 'bring the voters that do not answer back first',
    });
  const { clusterId, members } = listed.value;
  const [observed, alarms] = await Promise.all([
    observeMembers(client, members, { clusterId, own }),
    readAlarms(client),
  ]);
  const leaderId = agreedLeader(observed, members);
  const cluster: Cluster = {
    id: clusterId,
    members: observed,
    ...(leaderId === undefined ? {} : { leaderId }),
    alarms: 'value' in alarms ? alarms.value : [],
    linearizable,
  };
  return { client, cluster: assume(cluster, probe) };
}

interface Found {
  readonly client: Client;
  /** What the client's own member said of itself, just now: it answered a linearizable read. Absent without quorum. */
  readonly own?: MemberStatus;
}

type Attempt =
  | { readonly kind: 'answers'; readonly client: Client; readonly status: MemberStatus }
  | { readonly kind: 'no-read'; readonly client: Client; readonly why: string }
  | { readonly kind: 'no-client'; readonly why: string; readonly unreachable: boolean };

async function findClient(probe: Probe, access: ClusterAccess): Promise<Found> {
  const hosts = candidates(probe, access);
  const attempts = hosts.map(host => attemptOn(probe, host, access));
  const first = await firstAnswer(attempts);
  const done = await settledWithin(attempts, first ? OTHERS_MS : undefined, probe);
  const answering = done.filter(a => a.kind === 'answers');
  const one = answering[0] ?? first;
  if (one) {
    const other = answering.find(a => a.status.clusterId !== one.status.clusterId);
    if (other) throw twoClusters(one, other);
    return { client: one.client, own: one.status };
  }
  // 3.4 lists its members without quorum too. A client that lists them is better than one that does not.
  const unread = done.filter(a => a.kind === 'no-read');
  for (const { client } of unread) if ('value' in (await listMembers(client))) return { client };
  throw noneAnswers(hosts, done, whereToAsk(probe, access));
}

async function attemptOn(probe: Probe, host: string, access: ClusterAccess): Promise<Attempt> {
  try {
    const client = await openClient(peerOf(probe, host), access);
    let why = 'it has no endpoint';
    for (const endpoint of client.endpoints) {
      const own = { ...client, endpoints: [endpoint] };
      const status = await readStatus(own, own.endpoints);
      if ('value' in status && status.value.role === 'learner')
        return { kind: 'no-read', client: own, why: 'it is a learner' };
      const read = 'value' in status ? await readLinearizable(own) : status;
      if ('value' in status && 'value' in read) return { kind: 'answers', client: own, status: status.value };
      if ('why' in read) why = read.why;
    }
    return { kind: 'no-read', client, why };
  } catch (error) {
    return { kind: 'no-client', why: whyNot(error), unreachable: error instanceof Unreachable };
  }
}

type Answering = Extract<Attempt, { kind: 'answers' }>;

/** The first attempt to succeed; undefined where none does. */
function firstAnswer(attempts: readonly Promise<Attempt>[]): Promise<Answering | undefined> {
  const answers = attempts.map(async attempt => {
    const done = await attempt;
    if (done.kind !== 'answers') throw new Error(done.why);
    return done;
  });
  return Promise.any(answers).catch(async (): Promise<undefined> => {
    // A cancellation comes through here.
    await Promise.all(attempts);
    return undefined;
  });
}

/** The attempts that are done, in their order: all of them, or those that are by `limitMs`. */
async function settledWithin(
  attempts: readonly Promise<Attempt>[],
  limitMs: number | undefined,
  probe: Probe,
): Promise<readonly Attempt[]> {
  const done: (Attempt | undefined)[] = attempts.map(() => undefined);
  const all = Promise.all(
    attempts.map(async (attempt, i) => {
      done[i] = await attempt;
    }),
  );
  if (limitMs === undefined || attempts.length === 1) await all;
  else {
    const enough = new AbortController();
    const signal = AbortSignal.any([probe.signal, enough.signal]);
    await Promise.race([all, probe.clock.sleep(limitMs, signal).catch(() => undefined)]);
    enough.abort();
    all.catch(() => undefined);
  }
  return done.filter(a => a !== undefined);
}

async function observeMembers(
  client: Client,
  members: readonly Member[],
  { clusterId, own }: { clusterId: string; own: MemberStatus | undefined },
): Promise<readonly ObservedMember[]> {
  const linearizable = own !== undefined;
  const statusOf = async (m: Member): Promise<MemberStatus | undefined> => {
    if (!isStarted(m)) return undefined;
    if (own?.memberId === m.id) return own;
    const answer = await readStatus(client, m.clientUrls);
    return 'value' in answer ? answer.value : undefined;
  };
  const voterUrls = votersOf(members).flatMap(m => m.clientUrls);
  const [answering, statuses] = await Promise.all([
    readHealth(client, linearizable ? voterUrls : []),
    Promise.all(members.map(statusOf)),
  ]);
  return members.map((member, i) => {
    const status = statuses[i];
    const reads = !linearizable || member.role === 'learner' || member.clientUrls.some(url => answering.includes(url));
    const health = healthOf(member, status, { clusterId, reads });
    return status ? { ...member, health, status } : { ...member, health };
  });
}

function healthOf(
  member: Member,
  status: MemberStatus | undefined,
  o: { readonly clusterId: string; readonly reads: boolean },
): Health {
  if (!isStarted(member)) return member.role === 'learner' ? 'unknown' : 'unhealthy';
  const itself = status?.memberId === member.id && status.clusterId === o.clusterId;
  return itself && o.reads ? 'healthy' : 'unhealthy';
}

/** The member that all healthy voters take for their leader. */
function agreedLeader(observed: readonly ObservedMember[], members: readonly Member[]): string | undefined {
  const healthy = votersOf(observed).filter(m => m.health === 'healthy');
  const named = new Set(healthy.map(m => m.status?.leaderId));
  const [leaderId] = named;
  return named.size === 1 && members.some(m => m.id === leaderId) ? leaderId : undefined;
}

function twoClusters(one: Answering, other: Answering): Failure {
  const [a, b] = [one.client.probe.name, other.client.probe.name];
  const [oneId, otherId] = [one.status.clusterId, other.status.clusterId];
  return new Failure('wrong-cluster', `${a} belongs to the cluster ${oneId} and ${b} to another, ${otherId}`, {
    hint: `stop etcd on the one that is not the cluster you mean, or name the hosts to ask with via`,
  });
}

function noneAnswers(hosts: readonly string[], attempts: readonly Attempt[], hint: string): Failure {
  const whys = attempts.map((a, i) => (a.kind === 'answers' ? '' : `${hosts[i]}: ${a.why}`)).join('; ');
  if (attempts.every(a => a.kind === 'no-client' && a.unreachable)) return new Unreachable(hosts.join(', '), whys);
  if (attempts.every(a => a.kind === 'no-client'))
    return new Failure('task-failed', `etcdctl cannot be used: ${whys}`, { hint });
  return new Failure('no-quorum', `no member of etcd answers: ${whys}`, {
    hint: `look at etcd on its nodes: ssh ${hosts[0]} systemctl status etcd`,
  });
}

function whereToAsk(probe: Probe, access: ClusterAccess): string {
  const [first] = candidates(probe, access);
  if (!access.via && !access.endpoints && probe.group('etcd').length === 0)
    return `only ${first} was asked: name the nodes of etcd as the group etcd in the inventory, or in via`;
  return `see what there is: ssh ${first} bash -lc 'module avail etcd'; or give endpoints, cacert, cert and key`;
}
