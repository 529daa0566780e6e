import { Failure, Unreachable } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Cluster, Health, Member, MemberStatus, ObservedMember } from '../etcd/cluster.ts';
import { isStarted, votersOf } from '../etcd/cluster.ts';
import { assume } from './assumed.ts';
import type { Client } from './client.ts';
import { candidates, openClient, peerOf, rememberMembers, whyNot } from './client.ts';
import { listMembers, readAlarms, readHealth, readLinearizable, readStatus } from './reads.ts';

/** A cluster, and a client whose own endpoint answered. */
export interface Seen {
  readonly cluster: Cluster;
  readonly client: Client;
}

/** How long other hosts are waited for once one has answered: only to find out that they belong to another cluster. */
const OTHERS_MS = 500;

/** How long an answer is waited for where a member says that it knows of no quorum. */
const WITHOUT_ANSWER_MS = 4000;

/**
 * The cluster as it is now; in check mode, as it would be after the changes that were assumed. Asks all candidate hosts at
 * once and goes on with the first that answers a linearizable read; without quorum, with one that answers at all.
 * A member that can't be reached counts as down. What did not answer in the last look is asked again, and not waited for
 * as long: with hosts that are off, a look takes 2 s, and 1 s from then on.
 *
 * Throws `Unreachable` where no host can be reached, Failure `no-quorum` where none knows the members, `wrong-cluster`
 * where hosts belong to different clusters, `task-failed` where etcdctl can't be used anywhere.
 */
export async function readCluster(probe: Probe, access: ClusterAccess): Promise<Seen> {
  const look = () => readNow(probe, access);
  const { client, cluster } = probe.still ? await probe.memo(`cluster ${JSON.stringify(access)}`, look) : await look();
  return {
    client: probe.still ? { ...client, probe: peerOf(probe, client.probe.name) } : client,
    cluster: assume(cluster, probe),
  };
}

/** The cluster as it is now. */
async function readNow(probe: Probe, access: ClusterAccess): Promise<Seen> {
  const { client, own, others } = await findClient(probe, access);
  const linearizable = own !== undefined;
  const listed = await listMembers(client);
  if ('why' in listed)
    throw new Failure('no-quorum', `${client.probe.name}: the members of etcd cannot be listed: ${listed.why}`, {
      hint: 'bring the voters that do not answer back first',
    });
  const { clusterId, members } = listed.value;
  const [observed, alarms] = await Promise.all([
    observeMembers(client, members, { clusterId, own }),
    // Without quorum nobody tells them.
    linearizable ? readAlarms(client) : { value: [] },
    others,
  ]);
  rememberMembers(probe, access, members);
  const leaderId = agreedLeader(observed, members);
  const cluster: Cluster = {
    id: clusterId,
    members: observed,
    ...(leaderId === undefined ? {} : { leaderId }),
    alarms: 'value' in alarms ? alarms.value : [],
    linearizable,
  };
  return { client, cluster };
}

interface Found {
  readonly client: Client;
  /** What the client's own member said of itself, just now: it answered a linearizable read. Absent without quorum. */
  readonly own?: MemberStatus;
  /** Rejects with `wrong-cluster` where another host answers in time, and for another cluster. */
  readonly others: Promise<void>;
}

type Attempt = { readonly host: string } & (
  | { readonly kind: 'answers'; readonly client: Client; readonly status: MemberStatus }
  /** `answers`: it told its status, so it may be able to list the members. */
  | { readonly kind: 'no-read'; readonly client: Client; readonly why: string; readonly answers: boolean }
  | { readonly kind: 'no-client'; readonly why: string; readonly unreachable: boolean }
);

/** By host. */
type Attempts = ReadonlyMap<string, Promise<Attempt>>;

async function findClient(probe: Probe, access: ClusterAccess): Promise<Found> {
  const hosts = candidates(probe, access);
  const { silent } = probe.sightings;
  const lively = hosts.filter(host => !silent.has(host));
  const attempts = new Map(hosts.map(host => [host, noted(attemptOn(probe, host, access), silent)]));
  const first = await firstAnswer(attempts, probe);
  if (first) {
    const others = endsWithin(OTHERS_MS, attempts, lively, probe).then(ends => sameCluster(first, ends));
    // It is waited for later.
    others.catch(() => undefined);
    return { client: first.client, own: first.status, others };
  }
  const done = await endsWithin(0, attempts, hosts, probe);
  // 3.4 lists its members without quorum too. A client that lists them is better than one that does not.
  const unread = done.filter(a => a.kind === 'no-read').filter(a => a.answers);
  const lists = await Promise.all(unread.map(({ client }) => listMembers(client)));
  const listing = unread.find((_, i) => 'value' in (lists[i] ?? {}));
  if (listing) return { client: listing.client, others: Promise.resolve() };
  throw noneAnswers(done, whereToAsk(probe, access));
}

/** Remembers, whenever it ends, whether the host answered: in the next look, one that did not keeps nobody waiting. */
async function noted(attempt: Promise<Attempt>, silent: Set<string>): Promise<Attempt> {
  const done = await attempt;
  if (done.kind === 'answers') silent.delete(done.host);
  else silent.add(done.host);
  return done;
}

async function attemptOn(probe: Probe, host: string, access: ClusterAccess): Promise<Attempt> {
  try {
    const client = await openClient(peerOf(probe, host), access);
    let why = 'it has no endpoint';
    let answers = false;
    for (const endpoint of client.endpoints) {
      const own = { ...client, endpoints: [endpoint] };
      const status = await readStatus(own, own.endpoints);
      if ('value' in status && status.value.role === 'learner')
        return { host, kind: 'no-read', client: own, why: 'it is a learner', answers: true };
      answers ||= 'value' in status;
      const read = 'value' in status ? await readLinearizable(own) : status;
      if ('value' in status && 'value' in read) return { host, kind: 'answers', client: own, status: status.value };
      if ('why' in read) why = read.why;
    }
    return { host, kind: 'no-read', client, why, answers };
  } catch (error) {
    return { host, kind: 'no-client', why: whyNot(error), unreachable: error instanceof Unreachable };
  }
}

type Answering = Extract<Attempt, { kind: 'answers' }>;

/**
 * The first attempt to succeed. Undefined where none does; after a while also where there is a host that can at least say
 * that it knows of no quorum: then the others most likely can't be reached, which ssh takes longer to find out.
 */
async function firstAnswer(attempts: Attempts, probe: Probe): Promise<Answering | undefined> {
  const over = new AbortController();
  const late = probe.clock
    .sleep(WITHOUT_ANSWER_MS, AbortSignal.any([probe.signal, over.signal]))
    .then(() => firstOf('no-read', attempts))
    .then(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([firstOf('answers', attempts), late]);
  } finally {
    over.abort();
  }
}

/** The first attempt to end so; undefined where none does. */
function firstOf<K extends Attempt['kind']>(
  kind: K,
  attempts: Attempts,
): Promise<Extract<Attempt, { kind: K }> | undefined> {
  const isSo = (attempt: Attempt): attempt is Extract<Attempt, { kind: K }> => attempt.kind === kind;
  const wanted = [...attempts.values()].map(async attempt => {
    const done = await attempt;
    if (!isSo(done)) throw new Error(done.kind);
    return done;
  });
  return Promise.any(wanted).catch(async (): Promise<undefined> => {
    // A cancellation comes through here.
    await Promise.all(attempts.values());
    return undefined;
  });
}

/** How each attempt ended, as soon as those on the hosts `waitedFor` have, and at latest after `limitMs`. */
async function endsWithin(
  limitMs: number,
  attempts: Attempts,
  waitedFor: readonly string[],
  probe: Probe,
): Promise<readonly Attempt[]> {
  const ends = new Map<string, Attempt>();
  const ending = [...attempts].map(async ([host, attempt]) => {
    ends.set(host, await attempt);
    return host;
  });
  const hosts = [...attempts.keys()];
  const needed = Promise.all(ending.filter((_, i) => waitedFor.includes(hosts[i] ?? '')));
  const enough = new AbortController();
  const limit = probe.clock.sleep(limitMs, AbortSignal.any([probe.signal, enough.signal])).catch(() => undefined);
  await Promise.race([needed, limit]);
  enough.abort();
  Promise.all(ending).catch(() => undefined);
  const pending = { kind: 'no-client', why: 'it does not answer', unreachable: true } as const;
  return hosts.map(host => ends.get(host) ?? { host, ...pending });
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
  const statuses = await Promise.all(members.map(statusOf));
  // One that says nothing of itself would only be waited for once more.
  const voters = members.filter((m, i) => m.role === 'voter' && statuses[i] !== undefined);
  const answering = await readHealth(client, linearizable ? voters.flatMap(m => m.clientUrls) : []);
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

/** Throws Failure `wrong-cluster`. */
function sameCluster(one: Answering, ends: readonly Attempt[]): void {
  const answering = ends.filter(a => a.kind === 'answers');
  const other = answering.find(a => a.status.clusterId !== one.status.clusterId);
  if (other) throw twoClusters(one, other);
}

function twoClusters(one: Answering, other: Answering): Failure {
  const [a, b] = [one.client.probe.name, other.client.probe.name];
  const [oneId, otherId] = [one.status.clusterId, other.status.clusterId];
  return new Failure('wrong-cluster', `${a} belongs to the cluster ${oneId} and ${b} to another, ${otherId}`, {
    hint: `stop etcd on the one that is not the cluster you mean, or name the hosts to ask with via`,
  });
}

function noneAnswers(attempts: readonly Attempt[], hint: string): Failure {
  const hosts = attempts.map(a => a.host);
  const whys = attempts.map(a => (a.kind === 'answers' ? '' : `${a.host}: ${a.why}`)).join('; ');
  if (attempts.every(a => a.kind === 'no-client' && a.unreachable)) {
    const reasons = [...new Set(attempts.map(a => (a.kind === 'answers' ? '' : a.why)))];
    return new Unreachable(hosts.join(', '), reasons.length === 1 ? reasons.join() : whys);
  }
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
