import { AnswerLost, Failure } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Host } from '../core/host.ts';
import type { Cluster, Member, ObservedMember } from '../etcd/cluster.ts';
import { calls, hasPeerUrl, votersOf } from '../etcd/cluster.ts';
import type { Client } from './client.ts';
import { etcdctlArgv, lastLine, peerOf } from './client.ts';
import { readCluster } from './read-cluster.ts';

/** Longer than the 7 s that the server takes at most, so that its answer is not missed. */
const CHANGE_TIMEOUT_S = 10;

/** The server looks back 5 s for connections before it adds a member, and says `unhealthy cluster` until then. */
const UNHEALTHY_RETRIES = 5;
const UNHEALTHY_PAUSE_MS = 2000;

/** A member's ID is made of its URLs and the second: the same URL must not be added in the second it was removed in. */
const AFTER_REMOVE_MS = 2000;

/** How a change ended: told by the answer, or unknown (a timeout, a crash, a lost answer) until the members are listed. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'refused' | 'unknown'; readonly why: string };

/**
 * Adds a member as a learner. Whatever the answer was, the list of members decides: an add that timed out may have been
 * made, and "already exists" is a success where that entry is the wanted one.
 * Throws Failure `task-failed` where the server refuses.
 */
export async function addLearner(
  host: Host,
  access: ClusterAccess,
  { name, peerUrl }: { readonly name: string; readonly peerUrl: string },
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const { client, cluster } = await readCluster(host, access);
    if (cluster.members.some(m => hasPeerUrl(m, peerUrl))) return;
    const words = ['member', 'add', name, '--learner', `--peer-urls=${peerUrl}`];
    const outcome = await change(host, client, words, leaderFirst(cluster));
    if (outcome.kind === 'done') return;
    const added = (await membersAfter(host, access)).some(m => hasPeerUrl(m, peerUrl));
    if (added) return;
    const again = outcome.kind === 'unknown' || /unhealthy cluster|leader changed/.test(outcome.why);
    if (!again || attempt >= UNHEALTHY_RETRIES) throw refusedAdd(peerUrl, outcome.why);
    await host.clock.sleep(UNHEALTHY_PAUSE_MS, host.signal);
  }
}

function refusedAdd(peerUrl: string, why: string): Failure {
  const hint = /too many learner/.test(why)
    ? 'finish or remove the learner that is there first: quorate status'
    : /unhealthy cluster/.test(why)
      ? 'every voter must have been connected for 5 s: quorate status'
      : 'look at the cluster: quorate status';
  return new Failure('task-failed', `etcd did not add ${peerUrl}: ${why}`, { hint });
}

/**
 * Removes a member, through another one; where it leads, leadership is moved first (a gap of 0.1 s in writes instead of 2 s).
 * Then waits until its URL may be added again. Throws Failure `task-failed` where the server refuses.
 */
export async function remove(host: Host, access: ClusterAccess, id: string): Promise<void> {
  const { client, cluster } = await readCluster(host, access);
  const target = cluster.members.find(m => m.id === id);
  if (!target) return;
  const others = votersOf(cluster.members).filter(m => m.id !== id && m.health === 'healthy');
  const [successor] = others;
  if (cluster.leaderId === id && successor) await moveLeader(host, access, client, { from: target, to: successor });
  const through = others.flatMap(m => m.clientUrls);
  const outcome = await change(host, client, ['member', 'remove', id], through.length > 0 ? through : client.endpoints);
  // `server stopped` and `member not found` are answers to a removal that was made.
  if (outcome.kind !== 'done' && (await membersAfter(host, access)).some(m => m.id === id))
    throw new Failure('task-failed', `etcd did not remove ${calls(target)}: ${outcome.why}`, {
      hint: 'look at the cluster: quorate status',
    });
  await host.clock.sleep(AFTER_REMOVE_MS, host.signal);
}

/**
 * Moves leadership through the leader itself: no other member's answer to it counts. Whatever the answer was, who leads
 * afterwards decides. Throws Failure `task-failed` where the old leader still leads.
 */
export async function moveLeader(
  host: Host,
  access: ClusterAccess,
  client: Client,
  { from, to }: { readonly from: ObservedMember; readonly to: ObservedMember },
): Promise<void> {
  const outcome = await change(host, client, ['move-leader', to.id], from.clientUrls);
  if (outcome.kind === 'done') return;
  const { cluster } = await readCluster(host, access);
  if (cluster.leaderId === from.id)
    throw new Failure('task-failed', `leadership was not moved from ${calls(from)} to ${calls(to)}: ${outcome.why}`, {
      hint: 'look at the cluster: quorate status',
    });
}

/** Runs one change on the host of `client`. Never throws for an answer that was lost: that is `unknown`. */
export async function change(
  host: Host,
  client: Client,
  words: readonly string[],
  endpoints: readonly string[],
): Promise<Outcome> {
  const argv = etcdctlArgv(client, words, { endpoints, timeoutS: CHANGE_TIMEOUT_S });
  try {
    const out = await peerOf(host, client.probe.name).run(argv, { timeoutMs: (CHANGE_TIMEOUT_S + 10) * 1000 });
    if (out.code === 0) return { kind: 'done' };
    const why = lastLine(out.stderr);
    const unknown = out.code !== 1 || /timed out|deadline exceeded|server stopped|connection|transport/i.test(why);
    return { kind: unknown ? 'unknown' : 'refused', why };
  } catch (error) {
    const lost = error instanceof AnswerLost || (error instanceof Failure && error.code === 'timed-out');
    if (lost) return { kind: 'unknown', why: error.message };
    throw error;
  }
}

/** The members after a change whose outcome is not known; retried while the cluster elects a leader. */
export async function membersAfter(host: Host, access: ClusterAccess): Promise<readonly Member[]> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return (await readCluster(host, access)).cluster.members;
    } catch (error) {
      if (attempt >= 5 || !(error instanceof Failure) || error.code !== 'no-quorum') throw error;
      await host.clock.sleep(1000, host.signal);
    }
  }
}

/** The leader's URLs: what it is asked needs no forwarding, which 3.4 to 3.6 get wrong with authentication (etcd-io/etcd #20757). */
export function leaderFirst(cluster: Cluster): readonly string[] {
  const leader = cluster.members.find(m => m.id === cluster.leaderId);
  const healthy = votersOf(cluster.members).filter(m => m.health === 'healthy');
  return (leader ?? healthy[0])?.clientUrls ?? [];
}
