import { Failure } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Host } from '../core/host.ts';
import type { Cluster, Member, ObservedMember } from '../etcd/cluster.ts';
import { calls, votersOf } from '../etcd/cluster.ts';
import { change, leaderFirst, membersAfter } from './change.ts';
import type { Client } from './client.ts';
import { PROMOTE_MAX_LAG, readProgress, whyNotInSync } from './progress.ts';
import { votersByLog } from './raft-log.ts';
import { readCluster } from './read-cluster.ts';
import { listMembers } from './reads.ts';

/** Written and deleted again, to see that writes go through a member. */
const WRITTEN_THROUGH = 'quorate/written-through';

/**
 * Promotes a learner, through the leader, right after it was seen alive and in sync: the server itself would promote a dead
 * one, and a promotion can't be undone without quorum. Then waits until it works as a voter.
 * Throws Failure `task-failed` where it is not in sync or the server refuses, `not-settled` where it does not become one.
 */
export async function promote(host: Host, access: ClusterAccess, id: string): Promise<void> {
  const { client, cluster } = await readCluster(host, access);
  const learner = cluster.members.find(m => m.id === id);
  if (!learner) throw new Failure('task-failed', `there is no member ${id} any more`, { hint: 'quorate status' });
  if (learner.role === 'voter') return;
  await seenInSync(client, cluster, learner);
  // Never --write-out=json: etcdctl 3.4.23 and 3.5.16 crash then, after the promotion was made.
  const outcome = await change(host, client, ['member', 'promote', id], leaderFirst(cluster));
  if (outcome.kind !== 'done' && roleAmong(await membersAfter(host, access), id) !== 'voter')
    throw new Failure('task-failed', `etcd did not promote ${calls(learner)}: ${outcome.why}`, {
      hint: 'run the playbook again: it waits until the learner is in sync before it promotes it',
    });
  await worksAsVoter(host, access, learner);
}

async function seenInSync(client: Client, cluster: Cluster, learner: Member): Promise<void> {
  let why = '';
  for (let poll = 0; poll < 3; poll += 1) {
    if (poll > 0) await client.probe.clock.sleep(500, client.probe.signal);
    const progress = await readProgress(client, cluster, learner);
    const lacking = 'why' in progress ? progress.why : whyNotInSync(progress.value, PROMOTE_MAX_LAG);
    if (lacking === undefined) return;
    why = 'why' in progress ? lacking : `it ${lacking}`;
  }
  throw new Failure('task-failed', `${calls(learner)} is not in sync, so it is not promoted: ${why}`, {
    hint: 'wait for it with the module wait_for_learner first',
  });
}

/**
 * Waits until each healthy voter lists the member as a voter and the member itself works as one, at most 10 s.
 * etcd-io/etcd #18347: a list can differ from what another member has, and from what raft has.
 */
async function worksAsVoter(host: Host, access: ClusterAccess, member: Member): Promise<void> {
  let doubts: readonly string[] = [];
  for (let poll = 0; poll < 10; poll += 1) {
    if (poll > 0) await host.clock.sleep(1000, host.signal);
    const { client, cluster } = await readCluster(host, access);
    const voters = votersOf(cluster.members).filter(m => m.health === 'healthy');
    const lists = await Promise.all(voters.map(v => listMembers(client, v.clientUrls)));
    doubts = voters
      .filter((_, i) => !saysVoter(lists[i], member.id))
      .map(v => `${calls(v)} does not list it as a voter`);
    const itself = voters.find(v => v.id === member.id);
    if (!itself) doubts = [...doubts, 'it does not answer as a voter'];
    if (doubts.length > 0 || !itself) continue;
    const doubt = await doubtAbout(host, client, itself);
    if (doubt === undefined) return;
    doubts = [doubt];
  }
  throw new Failure('not-settled', `${calls(member)} was promoted, and ${doubts.join(', ')}`, {
    hint: 'look at the cluster: quorate status',
  });
}

/** Why a new voter is none yet, though all lists say so. */
async function doubtAbout(host: Host, client: Client, voter: ObservedMember): Promise<string | undefined> {
  const written = await change(host, client, ['put', WRITTEN_THROUGH, calls(voter)], voter.clientUrls);
  if (written.kind !== 'done') return `nothing can be written through it: ${written.why}`;
  await change(host, client, ['del', WRITTEN_THROUGH], voter.clientUrls);
  const byLog = await votersByLog(host, calls(voter));
  return byLog === undefined || byLog.includes(voter.id) ? undefined : 'its own log still has it as a learner';
}

const saysVoter = (list: Awaited<ReturnType<typeof listMembers>> | undefined, id: string): boolean =>
  list !== undefined && 'value' in list && roleAmong(list.value.members, id) === 'voter';

const roleAmong = (members: readonly Member[], id: string) => members.find(m => m.id === id)?.role;
