import { Failure } from '../core/failure.ts';
import type {
  ClusterAccess,
  Guard,
  GuardContext,
  Judgement,
  MembershipRisk,
  MembershipView,
  Risk,
  ServiceRisk,
  Verdict,
} from '../core/guard.ts';
import type { Probe } from '../core/host.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { calls, fingerprint, votersOf } from '../etcd/cluster.ts';
import type { Problem } from '../etcd/problems.ts';
import { problemsOf } from '../etcd/problems.ts';
import { standingOf } from '../etcd/standing.ts';
import type { Step, Weighing } from '../etcd/weigh.ts';
import { weigh } from '../etcd/weigh.ts';
import { findMember, startedLearner } from '../etcd-client/assumed.ts';
import { PROMOTE_MAX_LAG, readProgress, whyNotInSync } from '../etcd-client/progress.ts';
import type { Seen } from '../etcd-client/read-cluster.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { foreignChange } from './drift.ts';
import { hasFreshSnapshot } from './evidence.ts';
import { membersOn } from './hosts.ts';
import { viewOf } from './view.ts';
import { sentenceFor } from './words.ts';

/** etcd looks back 5 s for connections between its voters; before an add they must have held a little longer. */
const CONNECTED_MS = 6000;
const POLL_MS = 1000;

/**
 * Weighs changes of the membership and stops of members against the live cluster, so that none costs the quorum. What it
 * can't see it refuses.
 */
export function membershipGuard(): Guard {
  return { judge, membership, foreignChange };
}

async function judge(risk: Risk, context: GuardContext): Promise<Judgement> {
  const safe = (reason: string): Judgement => ({ verdict: { kind: 'safe', risk, reason } });
  switch (risk.kind) {
    case 'configuration':
      return safe('by itself it touches no member');
    case 'leadership':
      return safe('no vote is gained or lost by it');
    case 'opaque':
      return safe('what it does is not known; the members are compared before and after it');
    case 'membership':
    case 'service':
      return seen(risk, context, s => judgeSeen(risk, context, s));
  }
}

async function membership(probe: Probe, access: ClusterAccess): Promise<MembershipView | undefined> {
  try {
    return viewOf((await readCluster(probe, access)).cluster);
  } catch (error) {
    if (isBlindness(error)) return undefined;
    throw error;
  }
}

type WeighedRisk = MembershipRisk | ServiceRisk;

async function seen(
  risk: WeighedRisk,
  { probe }: GuardContext,
  next: (seen: Seen) => Promise<Judgement>,
): Promise<Judgement> {
  try {
    return await next(await readCluster(probe, risk.access));
  } catch (error) {
    if (!isBlindness(error)) throw error;
    // Where nobody knows of a quorum, there is none to be lost by it.
    if (error.code === 'no-quorum' && risk.kind === 'service' && risk.effect === 'restore')
      return { verdict: { kind: 'safe', risk, reason: `there is no quorum: ${error.message}` } };
    return {
      verdict: {
        kind: 'refused',
        risk,
        reason: `the cluster cannot be seen: ${error.message}`,
        next: error.hint ?? 'look at the cluster: quorate status',
        allowName: 'unseen',
      },
    };
  }
}

/** A failure to see, as opposed to a cancellation or a defect. */
const isBlindness = (error: unknown): error is Failure => error instanceof Failure && error.code !== 'interrupted';

async function judgeSeen(risk: WeighedRisk, context: GuardContext, first: Seen): Promise<Judgement> {
  const last = await connectedLongEnough(risk, context, first);
  const verdict = await verdictOn(risk, context, last);
  // With changes assumed, it is not the live cluster.
  if (context.probe.check || context.probe.assumed.length > 0) return { verdict };
  const seen = viewOf(last.cluster);
  const foreign = context.known && foreignChange(context.known, seen);
  return foreign === undefined ? { verdict, seen } : { verdict: { ...verdict, ...changedByOthers(foreign) }, seen };
}

async function verdictOn(risk: WeighedRisk, context: GuardContext, { cluster, client }: Seen): Promise<Verdict> {
  const step = risk.kind === 'membership' ? stepOf(risk, cluster) : await serviceStep(risk, context, cluster);
  if (step === undefined) return notAMember(risk, cluster);
  // In check mode, a learner is taken to have been started and waited for: the real run looks at it again.
  const members = context.probe.check ? cluster.members.map(startedLearner) : cluster.members;
  const weighing = weigh(members, step, {
    snapshotFresh: hasFreshSnapshot(context, fingerprint(cluster.members)),
  });
  const faults = weighing.kind === 'refused' || !needsHealth(step, cluster) ? [] : problemsOf(cluster);
  const [fault] = faults;
  if (fault) return verdictFor(risk, weighing, { kind: 'refused', ...byFault(fault) });
  if (step.kind === 'promote' && weighing.kind !== 'refused' && !context.probe.check) {
    const why = await outOfSync(step.id, { cluster, client });
    if (why !== undefined) return verdictFor(risk, weighing, { kind: 'refused', ...notInSync(why) });
  }
  const leader = weighing.kind === 'refused' ? undefined : leaderToMove(step, cluster);
  if (leader) return verdictFor(risk, weighing, { kind: 'refused', ...byLeading(leader) });
  return verdictFor(risk, weighing, { kind: weighing.kind, ...sentenceFor(weighing, step, cluster) });
}

interface Words {
  readonly reason: string;
  readonly next?: string;
  readonly allowName?: string;
}

function verdictFor(risk: Risk, { before, after }: Weighing, o: Words & Pick<Verdict, 'kind'>): Verdict {
  return { risk, before, after, ...o };
}

function notAMember(risk: WeighedRisk, cluster: Cluster): Verdict {
  const standing = standingOf(cluster.members);
  return { kind: 'safe', risk, before: standing, after: standing, reason: 'it touches no member of the cluster' };
}

/** Undefined where there is no such member, so that the change has no effect on the quorum. */
function stepOf({ change, member }: MembershipRisk, cluster: Cluster): Step | undefined {
  const target = findMember(cluster.members, member);
  switch (change) {
    case 'add-learner':
    case 'add-voter':
      return target ? undefined : { kind: change };
    case 'promote':
    case 'remove':
      return target && { kind: change, id: target.id };
  }
}

async function serviceStep(
  { effect, hosts, together }: ServiceRisk,
  { probe }: GuardContext,
  cluster: Cluster,
): Promise<Step | undefined> {
  const members = await membersOn(probe, hosts, cluster);
  return members.length === 0 ? undefined : { kind: effect, ids: members.map(m => m.id), together };
}

/** Adds, promotions, and what stops a healthy voter, need one leader, one cluster, and no alarm. */
function needsHealth(step: Step, cluster: Cluster): boolean {
  switch (step.kind) {
    case 'add-learner':
    case 'add-voter':
    case 'promote':
      return true;
    case 'remove':
      return touchesHealthyVoter([step.id], cluster);
    case 'stop':
    case 'restart':
    case 'wipe':
    case 'restore':
      return touchesHealthyVoter(step.ids, cluster);
  }
}

const touchesHealthyVoter = (ids: readonly string[], cluster: Cluster): boolean =>
  votersOf(cluster.members).some(m => ids.includes(m.id) && m.health === 'healthy');

function byFault({ text, kind }: Problem): Words {
  return { reason: text, next: 'find the cause and its remedy: quorate status', allowName: kind };
}

/** The leader, where a step stops it and leaves a healthy voter that could lead instead. */
function leaderToMove(step: Step, cluster: Cluster): ObservedMember | undefined {
  if (!('ids' in step) || !step.ids.includes(cluster.leaderId ?? '')) return undefined;
  const heirs = votersOf(cluster.members).filter(m => m.health === 'healthy' && !step.ids.includes(m.id));
  return heirs.length === 0 ? undefined : cluster.members.find(m => m.id === cluster.leaderId);
}

function byLeading(leader: ObservedMember): Words {
  return {
    reason: `${calls(leader)} leads: stopped like that, it can cost writes 2 s and more, and with its lead moved first 0.1 s`,
    next: `move the lead first: etcd_move_leader with away_from: ${calls(leader)}, or quorate run move-leader`,
    allowName: 'leader',
  };
}

function changedByOthers(reason: string) {
  return {
    kind: 'refused' as const,
    reason,
    next: 'find out who, and look at the cluster: quorate status; then run the playbook again',
    allowName: 'cluster-changed',
  };
}

function notInSync(why: string): Words {
  return {
    reason: `a learner is promoted only while it is alive and in sync: ${why}`,
    next: 'wait for it with wait_for_learner, or look: quorate status',
    allowName: 'not-in-sync',
  };
}

/** Why the learner must not be promoted now; undefined where it is alive and in sync. Twice, because indexes move. */
async function outOfSync(id: string, { cluster, client }: Seen): Promise<string | undefined> {
  const learner = cluster.members.find(m => m.id === id);
  if (!learner || learner.role === 'voter') return undefined;
  let why: string | undefined;
  for (let poll = 0; poll < 2; poll += 1) {
    const progress = await readProgress(client, cluster, learner);
    const lacking = 'why' in progress ? progress.why : whyNotInSync(progress.value, PROMOTE_MAX_LAG);
    if (lacking === undefined) return undefined;
    why = 'why' in progress ? lacking : `${calls(learner)} ${lacking}`;
    await client.probe.clock.sleep(500, client.probe.signal);
  }
  return why;
}

/**
 * Before an add the voters must have been connected for 6 s. A single voter has nobody to be connected with; and nothing is
 * waited for where nothing will be changed. Gives the cluster as it was last seen.
 */
async function connectedLongEnough(risk: WeighedRisk, { probe }: GuardContext, first: Seen): Promise<Seen> {
  const adds = risk.kind === 'membership' && (risk.change === 'add-learner' || risk.change === 'add-voter');
  if (!adds || probe.check || votersOf(first.cluster.members).length < 2) return first;
  let last = first;
  const until = probe.clock.now() + CONNECTED_MS;
  while (problemsOf(last.cluster).length === 0 && probe.clock.now() < until) {
    await probe.clock.sleep(POLL_MS, probe.signal);
    last = await readCluster(probe, risk.access);
  }
  return last;
}
