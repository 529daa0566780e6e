import type { Static } from 'typebox';
import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { observe } from '../core/module.ts';
import type { ObservedMember } from '../etcd/cluster.ts';
import { calls, isStarted } from '../etcd/cluster.ts';
import { findMember } from '../etcd-client/assumed.ts';
import { etcdctlLine } from '../etcd-client/by-hand.ts';
import { accessOf } from '../etcd-client/client.ts';
import type { LearnerProgress } from '../etcd-client/progress.ts';
import { inSync, readProgress, whyNotInSync } from '../etcd-client/progress.ts';
import type { Seen } from '../etcd-client/read-cluster.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import type { Answer } from '../etcd-client/reads.ts';
import { accessParams } from '../etcd-client/schemas.ts';

const params = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]+$', description: 'The name of the learner.' })),
    peer_url: Type.Optional(Type.String({ pattern: '^https?://', description: 'Its peer URL.' })),
    max_lag: Type.Integer({
      default: 10,
      minimum: 0,
      description: 'By how many raft entries it may be behind the leader.',
    }),
    polls: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'How many polls in a row, a second apart, must find it in sync.',
    }),
    stall: Type.Number({
      default: 300,
      minimum: 1,
      description: 'Seconds without any progress after which it is given up.',
    }),
    timeout: Type.Number({ default: 3600, minimum: 1, description: 'Seconds after which it is given up in any case.' }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  member_id: Type.String({ description: 'In hex.' }),
  name: Type.String(),
  role: Type.Enum(['learner', 'voter']),
  lag: Type.Integer({ description: 'By how many raft entries it was behind the leader at the last poll.' }),
  source: Type.Enum(['debug/vars', 'endpoint status', 'none'], {
    description:
      "Where the lag is from: the leader's own progress, or the indexes that both report. `none` where a voter was not asked.",
  }),
  waited_ms: Type.Integer(),
});

const POLL_MS = 1000;

type Params = Static<typeof params>;
type Result = Static<typeof returns>;

export const waitForLearner = observe<typeof params, typeof returns>({
  name: 'wait_for_learner',
  foresees: true,
  members: 'judged',
  awaitsStart: true,
  byHand(p, { etcdHosts }) {
    const host = p.via?.[0] ?? etcdHosts.find(name => name !== p.name) ?? '';
    const command = etcdctlLine(accessOf(p), 'endpoint status --cluster -w table');
    const who = p.name ?? `the learner of the peer URL ${p.peer_url}`;
    return [
      { host, command, until: `${who} is in the table, its RAFT INDEX at most ${p.max_lag} behind the leader's` },
    ];
  },
  summary: 'Waits until a learner is alive and in sync with the leader, and shows how far behind it is.',
  description: [
    'In sync means: in several polls in a row, a second apart, the leader replicates to the learner in the normal way, knows',
    'it to be no more than `max_lag` entries behind, and the learner answers. The leader tells it in `/debug/vars`, which is',
    'read with curl and the client certificates; where that can not be had, the indexes that both report are compared, and',
    "`source` says so. The server's own test when it promotes asks for 90 % only, and not whether the learner lives.",
    '',
    'What is waited for is progress, not a time: it gives up with `stalled` once the learner has not come nearer for `stall`',
    'seconds. A stuck learner stands in the way of every other change, so it should then be removed. A voter fulfils it at once.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Before a promotion',
      yaml: ['- wait_for_learner:', '    name: node003', '    max_lag: 5'].join('\n'),
    },
  ],
  lint: ({ name, peer_url }) =>
    name === undefined && peer_url === undefined
      ? [{ at: [], severity: 'error', message: 'neither `name` nor `peer_url` says which learner is meant' }]
      : [],
  async observe(probe, p) {
    const startMs = probe.clock.now();
    const wait: Wait = { movedMs: startMs, best: -1, inARow: 0 };
    let found: Found | undefined;
    for (;;) {
      const look = await lookAt(probe, p, found);
      if (look.kind === 'found') {
        const { member } = look.found;
        // After changes that were not made (check mode) there is nothing to wait for. Before any, what is waited for now need
        // not be waited for in the run.
        const isVoter = member.role === 'voter' && member.health === 'healthy';
        if (isVoter || probe.assumed.length > 0) return resultOf(probe, member, startMs, progressIn(look));
      }
      const progress = progressIn(look);
      follow(wait, progress, { nowMs: probe.clock.now(), maxLag: p.max_lag });
      if (look.kind === 'found' && progress && wait.inARow >= p.polls)
        return resultOf(probe, look.found.member, startMs, progress);
      probe.progress(shown(look, p, wait));
      giveUp(look, p, { wait, startMs, nowMs: probe.clock.now() });
      // As long as the same leader tells of the same live learner, there is no need to list the members again.
      const goesOn = progress?.answers === true && progress.source === 'debug/vars';
      found = look.kind === 'found' && goesOn ? look.found : undefined;
      await probe.clock.sleep(POLL_MS, probe.signal);
    }
  },
});

/** What a wait has seen so far. */
interface Wait {
  /** When the learner last came nearer. */
  movedMs: number;
  /** The highest index it was known to have. */
  best: number;
  /** Polls in a row that found it in sync. */
  inARow: number;
}

interface Found extends Seen {
  readonly member: ObservedMember;
}

type Look =
  | { readonly kind: 'found'; readonly found: Found; readonly progress?: Answer<LearnerProgress> }
  | { readonly kind: 'blind'; readonly why: string };

async function lookAt(probe: Probe, p: Params, known: Found | undefined): Promise<Look> {
  const found = known ?? (await find(probe, p));
  if ('why' in found) return { kind: 'blind', why: found.why };
  const { client, cluster, member } = found;
  if (member.role === 'voter' || probe.assumed.length > 0) return { kind: 'found', found };
  return { kind: 'found', found, progress: await readProgress(client, cluster, member) };
}

async function find(probe: Probe, p: Params): Promise<Found | { readonly why: string }> {
  let seen: Seen;
  try {
    seen = await readCluster(probe, accessOf(p));
  } catch (error) {
    // The voters may be restarting, as BCM has them do when an overlay gains a node.
    if (error instanceof Failure && error.code === 'no-quorum') return { why: error.message };
    throw error;
  }
  const { members } = seen.cluster;
  const member = findMember(members, {
    ...(p.name === undefined ? {} : { name: p.name }),
    ...(p.peer_url === undefined ? {} : { peerUrl: p.peer_url }),
  });
  if (member) return { ...seen, member };
  // What never started has no name yet.
  const unstarted = members.find(m => m.role === 'learner' && !isStarted(m));
  if (p.peer_url === undefined && unstarted) {
    // After changes that were not made it is taken to start.
    if (probe.assumed.length > 0) return { ...seen, member: { ...unstarted, name: p.name ?? '' } };
    return { why: `${p.name} has not started yet` };
  }
  throw new Failure('task-failed', `${p.name ?? p.peer_url} is no member`, {
    hint: 'add it as a learner first: etcdctl_member with state: learner',
  });
}

function progressIn(look: Look): LearnerProgress | undefined {
  return look.kind === 'found' && look.progress && 'value' in look.progress ? look.progress.value : undefined;
}

function follow(
  wait: Wait,
  progress: LearnerProgress | undefined,
  { nowMs, maxLag }: { readonly nowMs: number; readonly maxLag: number },
): void {
  const synced = progress !== undefined && inSync(progress, maxLag);
  wait.inARow = synced ? wait.inARow + 1 : 0;
  if (!progress) return;
  if (progress.match > wait.best || synced) wait.movedMs = nowMs;
  wait.best = Math.max(wait.best, progress.match);
}

function shown(look: Look, p: Params, { inARow }: Wait) {
  if (look.kind === 'blind') return { text: look.why };
  const name = calls(look.found.member);
  if (!isStarted(look.found.member)) return { text: `${name} has not started yet` };
  if (!look.progress) return { text: `${name} is a voter and is not healthy` };
  if ('why' in look.progress) return { text: `${name}: ${look.progress.why}` };
  const { lag, match, commit } = look.progress.value;
  const fraction = commit > 0 ? Math.min(1, match / commit) : 0;
  const lacking = whyNotInSync(look.progress.value, Number.POSITIVE_INFINITY);
  if (lacking !== undefined) return { text: `${name} ${lacking}`, fraction };
  const entries = lag === 1 ? 'entry' : 'entries';
  const sure = inARow > 0 && inARow < p.polls ? ` (seen ${inARow} of ${p.polls} times)` : '';
  return { text: `${name} is ${lag} ${entries} behind${sure}`, fraction };
}

function giveUp(
  look: Look,
  p: Params,
  { wait, startMs, nowMs }: { readonly wait: Wait; readonly startMs: number; readonly nowMs: number },
): void {
  const name = look.kind === 'found' ? calls(look.found.member) : (p.name ?? p.peer_url ?? '');
  const last = shown(look, p, wait).text;
  if (nowMs - wait.movedMs >= p.stall * 1000) {
    const logs = `look at it: ssh ${p.name ?? name} journalctl -u etcd -n 50`;
    const isLearner = look.kind === 'found' && look.found.member.role === 'learner';
    throw new Failure('stalled', `${name} has not come nearer for ${p.stall} s: ${last}`, {
      hint: isLearner
        ? `${logs}; a stuck learner blocks every other change, so if it is hopeless: etcdctl member remove ${look.found.member.id}`
        : logs,
    });
  }
  if (nowMs - startMs >= p.timeout * 1000)
    throw new Failure('timed-out', `${name} was not in sync within ${p.timeout} s: ${last}`, {
      hint: 'it may need more time: run the playbook again',
    });
}

function resultOf(
  probe: Probe,
  member: ObservedMember,
  startMs: number,
  progress: LearnerProgress | undefined,
): Result {
  return {
    member_id: member.id,
    name: member.name,
    role: member.role,
    lag: progress?.lag ?? 0,
    source: progress?.source ?? 'none',
    waited_ms: probe.clock.now() - startMs,
  };
}
