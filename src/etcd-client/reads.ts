import { readCommand } from '../core/read-command.ts';
import type { Json } from '../core/value.ts';
import type { Alarm, Member, MemberStatus } from '../etcd/cluster.ts';
import type { Client } from './client.ts';
import { lastLine, readEtcdctl, whyNot } from './client.ts';
import { openDoors } from './doors.ts';
import { listIn, mapIn, numberIn, parseEtcdJson, textIn, textsIn } from './json.ts';

/** An answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly why: string };

const NO_ANSWER = 'it gave no JSON';

/** The version of etcdctl itself, which may be another than that of any member; empty where it does not say. Asked once a host and run. */
export function readEtcdctlVersion({ probe, etcdctl }: Client): Promise<string> {
  return probe.memo(`version of ${etcdctl}`, async () => {
    const out = await probe.read(readCommand([etcdctl, 'version'], { timeoutMs: 10_000 }));
    return /^etcdctl version: (\S+)/m.exec(out.stdout)?.[1] ?? '';
  });
}

/**
 * A linearizable read: it needs a quorum. etcd itself reads this key to find out whether it is healthy; it need not exist,
 * and a refusal to this user took a quorum too. Not for learners: etcdctl asks a hundred times until it believes the refusal.
 */
export async function readLinearizable(client: Client): Promise<Answer<true>> {
  return attempt(async () => {
    const out = await readEtcdctl(client, ['get', 'health'], { timeoutS: 3 });
    if (out.code === 0 || /permission denied/.test(out.stderr)) return { value: true };
    return { why: lastLine(out.stderr) };
  });
}

/** The members. etcd 3.4 answers from the member's own copy, so read linearizably through the same endpoint first. */
export async function listMembers(
  client: Client,
  endpoints: readonly string[] = client.endpoints,
): Promise<Answer<{ clusterId: string; members: readonly Member[] }>> {
  return attempt(async () => {
    const out = await readEtcdctl(client, ['member', 'list'], { endpoints });
    if (out.code !== 0) return { why: lastLine(out.stderr) };
    const list = mapIn(parseEtcdJson(out.stdout));
    const members = listIn(list.members).map(memberIn);
    if (members.length === 0) return { why: NO_ANSWER };
    return { value: { clusterId: textIn(mapIn(list.header).cluster_id), members } };
  });
}

function memberIn(value: Json): Member {
  const m = mapIn(value);
  return {
    id: textIn(m.ID),
    name: textIn(m.name),
    role: m.isLearner === true ? 'learner' : 'voter',
    peerUrls: textsIn(m.peerURLs),
    // etcdctl 3.5 writes it in two ways.
    clientUrls: textsIn(m.clientURLs ?? m.clientURLS),
  };
}

/** What the member at `endpoints` (its own client URLs) says of itself. Works without quorum, and on learners. */
export async function readStatus(client: Client, endpoints: readonly string[]): Promise<Answer<MemberStatus>> {
  return attempt(async () => {
    const open = await openDoors(client.probe, endpoints);
    if (open.length === 0) return { why: `nothing listens at ${endpoints.join(', ')}` };
    const out = await readEtcdctl(client, ['endpoint', 'status'], { endpoints: open, timeoutS: 3 });
    // Where only some of its URLs answer, the status is 1 and what answered is there all the same.
    const [first] = listIn(parseEtcdJson(out.stdout));
    if (first === undefined) return { why: lastLine(out.stderr) };
    return { value: statusIn(mapIn(first).Status) };
  });
}

function statusIn(value: Json | undefined): MemberStatus {
  const status = mapIn(value);
  const header = mapIn(status.header);
  const leaderId = textIn(status.leader);
  return {
    memberId: textIn(header.member_id),
    clusterId: textIn(header.cluster_id),
    role: status.isLearner === true ? 'learner' : 'voter',
    ...(leaderId === '' || leaderId === '0' ? {} : { leaderId }),
    version: textIn(status.version),
    dbSizeBytes: numberIn(status.dbSize),
    revision: numberIn(header.revision),
    raftTerm: numberIn(status.raftTerm),
    raftIndex: numberIn(status.raftIndex),
    raftAppliedIndex: numberIn(status.raftAppliedIndex),
  };
}

/** The endpoints among these that answer linearizable reads. Not for learners, which refuse them. */
export async function readHealth(client: Client, endpoints: readonly string[]): Promise<readonly string[]> {
  if (endpoints.length === 0) return [];
  const answer = await attempt(async () => {
    // Its status is 1 as soon as one is unhealthy; the JSON says which.
    const out = await readEtcdctl(client, ['endpoint', 'health'], { endpoints, timeoutS: 3 });
    return { value: listIn(parseEtcdJson(out.stdout)).map(mapIn) };
  });
  if ('why' in answer) return [];
  return answer.value.filter(e => e.health === true).map(e => textIn(e.endpoint));
}

const ALARMS: Readonly<Record<number, string>> = { 1: 'NOSPACE', 2: 'CORRUPT' };

export async function readAlarms(client: Client): Promise<Answer<readonly Alarm[]>> {
  return attempt(async () => {
    const out = await readEtcdctl(client, ['alarm', 'list']);
    if (out.code !== 0) return { why: lastLine(out.stderr) };
    const alarms = listIn(mapIn(parseEtcdJson(out.stdout)).alarms).map(mapIn);
    return {
      value: alarms.map(a => ({
        memberId: textIn(a.memberID),
        kind: ALARMS[numberIn(a.alarm)] ?? String(numberIn(a.alarm)),
      })),
    };
  });
}

/** The hash of a member's data up to a revision; comparable only between equal `compactRevision`s. */
export interface DataHash {
  readonly hash: number;
  readonly compactRevision: number;
}

export async function readHash(
  client: Client,
  endpoints: readonly string[],
  revision: number,
): Promise<Answer<DataHash>> {
  return attempt(async () => {
    const out = await readEtcdctl(client, ['endpoint', 'hashkv', `--rev=${revision}`], { endpoints, timeoutS: 60 });
    const [first] = listIn(parseEtcdJson(out.stdout));
    if (first === undefined) return { why: lastLine(out.stderr) };
    const hash = mapIn(mapIn(first).HashKV);
    return { value: { hash: numberIn(hash.hash), compactRevision: numberIn(hash.compact_revision) } };
  });
}

async function attempt<T>(read: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await read();
  } catch (error) {
    return { why: whyNot(error) };
  }
}
