import { Failure } from '../core/failure.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { calls, votersOf } from '../etcd/cluster.ts';
import type { Client } from './client.ts';
import { readHash, readStatus } from './reads.ts';

/** Compactions move on while hashes are taken; so often it is tried to get them all from the same one. */
const ATTEMPTS = 5;
const PAUSE_MS = 1000;

/**
 * The hash that the data of all voters have at one revision. Only this finds an acknowledged write that one of them lost:
 * term and index can be equal all the same. Learners refuse to be asked. Undefined where there is no voter yet that could be:
 * in check mode, after all that there are were left behind.
 * Throws Failure `task-failed` where the data differ, or where they can't be compared.
 */
export async function readEqualHash(
  client: Client,
  cluster: Cluster,
): Promise<{ readonly revision: number; readonly hash: number } | undefined> {
  const voters = votersOf(cluster.members).filter(answersAsVoter);
  if (voters.length === 0) return undefined;
  let why = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await client.probe.clock.sleep(PAUSE_MS, client.probe.signal);
    const looked = await hashesOf(client, voters);
    if ('why' in looked) {
      why = looked.why;
      continue;
    }
    const { revision, hashes } = looked;
    const [first] = hashes;
    if (first && hashes.every(h => h.compactRevision === first.compactRevision)) {
      if (hashes.every(h => h.hash === first.hash)) return { revision, hash: first.hash };
      throw differ(hashes, revision);
    }
    why = 'they were compacted at different revisions';
  }
  throw new Failure('task-failed', `the data of the voters cannot be compared: ${why}`, {
    hint: 'run the playbook again',
  });
}

/**
 * False in check mode alone, for one that would be a voter by then and is none yet, and for one that would be started by then:
 * only that makes a member healthy of which nothing is known.
 */
function answersAsVoter({ clientUrls, status, health }: ObservedMember): boolean {
  const wouldBeUp = health === 'healthy' && status === undefined;
  return clientUrls.length > 0 && status?.role !== 'learner' && !wouldBeUp;
}

interface NamedHash {
  readonly name: string;
  readonly hash: number;
  readonly compactRevision: number;
}

async function hashesOf(
  client: Client,
  voters: readonly ObservedMember[],
): Promise<{ revision: number; hashes: readonly NamedHash[] } | { why: string }> {
  const statuses = await Promise.all(voters.map(v => readStatus(client, v.clientUrls)));
  const revisions = statuses.flatMap(s => ('value' in s ? [s.value.revision] : []));
  if (revisions.length < voters.length) return { why: 'not all voters answer' };
  // What all of them have by now.
  const revision = Math.min(...revisions);
  const answers = await Promise.all(voters.map(v => readHash(client, v.clientUrls, revision)));
  const hashes: NamedHash[] = [];
  for (const [i, voter] of voters.entries()) {
    const answer = answers[i];
    if (!answer || 'why' in answer) return { why: `${calls(voter)}: ${answer?.why ?? 'no answer'}` };
    hashes.push({ name: calls(voter), ...answer.value });
  }
  return { revision, hashes };
}

function differ(hashes: readonly NamedHash[], revision: number): Failure {
  const each = hashes.map(h => `${h.name} ${h.hash.toString(16)}`).join(', ');
  return new Failure('task-failed', `the data of the voters differ at revision ${revision}: ${each}`, {
    hint: 'one of them has lost or corrupted data: find out which, remove that member and add it again with an empty directory',
  });
}
