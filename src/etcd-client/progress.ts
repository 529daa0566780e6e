import { readCommand } from '../core/read-command.ts';
import type { Cluster, Member, MemberStatus } from '../etcd/cluster.ts';
import type { Client } from './client.ts';
import { lastLine, whyNot } from './client.ts';
import { mapIn, numberIn, parseEtcdJson, textIn } from './json.ts';
import type { Answer } from './reads.ts';
import { readStatus } from './reads.ts';

/** How far a learner is behind the leader, and whether it is alive, at one moment. */
export interface LearnerProgress {
  /** The leader's commit index − what it knows the learner to have. Raft entries. */
  readonly lag: number;
  /** What the learner has: a raft index. Grows while it catches up. */
  readonly match: number;
  readonly commit: number;
  /** The leader replicates to it in the normal way: it is neither probing for it nor sending it a snapshot. */
  readonly replicating: boolean;
  /** It answered `endpoint status` just now. */
  readonly answers: boolean;
  /** The leader has a connection to its peer URL; undefined where it does not tell, or was not asked. */
  readonly connected?: boolean;
  readonly source: 'debug/vars' | 'endpoint status';
}

/** So far behind, a learner is in sync: entries under way at a moment of ordinary traffic. */
export const PROMOTE_MAX_LAG = 100;

export const inSync = (progress: LearnerProgress, maxLag: number): boolean =>
  whyNotInSync(progress, maxLag) === undefined;

/** What a learner lacks, as a sentence without its subject; undefined where it is alive and in sync. */
export function whyNotInSync(
  { answers, connected, replicating, lag }: LearnerProgress,
  maxLag: number,
): string | undefined {
  if (!answers) return 'does not answer';
  if (connected === false) return 'has no connection with the leader';
  if (replicating && lag <= maxLag) return undefined;
  const behind = `is ${lag} ${lag === 1 ? 'entry' : 'entries'} behind the leader`;
  return replicating ? behind : `${behind}, and receives a snapshot or is looked for`;
}

/**
 * The learner's progress: the leader's own account of it (`raft.status` in `/debug/vars`, with the client's certificates),
 * and where that can't be had, the indexes that both report. The server's own test when it promotes, 90 % of the leader's
 * index, says nothing about whether the learner lives.
 */
export async function readProgress(
  client: Client,
  cluster: Cluster,
  learner: Member,
): Promise<Answer<LearnerProgress>> {
  const leader = cluster.members.find(m => m.id === cluster.leaderId);
  if (!leader) return { why: 'there is no leader' };
  const [own, learnerStatus] = await Promise.all([
    readOwnProgress(client, leader, learner),
    learner.clientUrls.length > 0 ? readStatus(client, learner.clientUrls) : { why: 'it has never started' },
  ]);
  const answers = 'value' in learnerStatus && isItself(learnerStatus.value, cluster, learner);
  if ('value' in own) {
    // The metrics are long, so they are asked for only where all else is well.
    const connected = answers && own.value.replicating ? await readConnected(client, leader, learner) : undefined;
    return {
      value: { ...own.value, answers, source: 'debug/vars', ...(connected === undefined ? {} : { connected }) },
    };
  }
  const leaderStatus = await readStatus(client, leader.clientUrls);
  if ('why' in leaderStatus) return { why: `${leader.name}: ${leaderStatus.why}` };
  if (leaderStatus.value.leaderId !== leader.id) return { why: `${leader.name} is not the leader any more` };
  const commit = leaderStatus.value.raftIndex;
  const match = 'value' in learnerStatus ? learnerStatus.value.raftAppliedIndex : 0;
  return {
    value: {
      lag: Math.max(0, commit - match),
      match,
      commit,
      replicating: answers,
      answers,
      source: 'endpoint status',
    },
  };
}

type OwnProgress = Pick<LearnerProgress, 'lag' | 'match' | 'commit' | 'replicating'>;

async function readOwnProgress(client: Client, leader: Member, learner: Member): Promise<Answer<OwnProgress>> {
  try {
    const out = await client.probe.read(readCommand(curlArgv(client, leader, 'debug/vars'), { timeoutMs: 10_000 }));
    if (out.code !== 0) return { why: lastLine(out.stderr) };
    const raft = mapIn(mapIn(parseEtcdJson(out.stdout))['raft.status']);
    const progress = mapIn(mapIn(raft.progress)[learner.id]);
    if (raft.raftState !== 'StateLeader' || progress.state === undefined)
      return { why: `${leader.name} does not lead it` };
    const commit = numberIn(raft.commit);
    const match = numberIn(progress.match);
    const replicating = textIn(progress.state) === 'StateReplicate';
    return { value: { lag: Math.max(0, commit - match), match, commit, replicating } };
  } catch (error) {
    return { why: whyNot(error) };
  }
}

/** By `etcd_network_active_peers`: a learner whose client URL answers may still be cut off from its peers. */
async function readConnected(client: Client, leader: Member, learner: Member): Promise<boolean | undefined> {
  try {
    const out = await client.probe.read(readCommand(curlArgv(client, leader, 'metrics'), { timeoutMs: 10_000 }));
    const peers = out.stdout.matchAll(/^etcd_network_active_peers\{[^}]*Remote="(\w+)"[^}]*\} (\d+)/gm);
    const own = [...peers].find(([, id]) => id === learner.id);
    return own && own[2] !== '0';
  } catch (error) {
    whyNot(error);
    return undefined;
  }
}

function curlArgv(client: Client, leader: Member, page: 'debug/vars' | 'metrics'): readonly string[] {
  const { cacert, cert, key } = client.tls;
  return [
    'curl',
    '--disable',
    '--silent',
    '--show-error',
    '--fail',
    ...['--max-time', '5'],
    ...(cacert === undefined ? [] : ['--cacert', cacert]),
    ...(cert === undefined ? [] : ['--cert', cert]),
    ...(key === undefined ? [] : ['--key', key]),
    `${(leader.clientUrls[0] ?? '').replace(/\/+$/, '')}/${page}`,
  ];
}

const isItself = (status: MemberStatus, cluster: Cluster, member: Member): boolean =>
  status.memberId === member.id && status.clusterId === cluster.id;
