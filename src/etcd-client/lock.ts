import { Failure } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Host } from '../core/host.ts';
import type { HeldLock, LockHolder, MembershipLock } from '../core/lock.ts';
import {
  grantLease,
  keepAlive,
  LOCK_TTL_S,
  type LockEntry,
  lockSeen,
  putLock,
  readLock,
  readTtl,
  revokeLease,
} from './lock-key.ts';
import { readCluster } from './read-cluster.ts';

/** Four times in the lock's life, so that one outage of etcd does not cost it. */
const RENEW_EVERY_MS = (LOCK_TTL_S * 1000) / 4;
/** Where two runs are after the lock at the same moment, one of them looks again. */
const TRIES = 3;

/** What the lock needs to know of the run that takes it. */
export interface LockOwner extends LockHolder {
  /** True where that process is surely gone: it was one of this host, and is not there any more. */
  isDead(process: string): boolean;
}

/**
 * The lock on a membership is a key in that very etcd, with a lease: it reaches every operator wherever they run, survives the
 * restart of all voters, and goes by itself two minutes after its holder has died. A lock that another cluster's snapshot
 * brought along is not one; nor is that of a run which is known to be dead, or of this run itself before it was resumed.
 */
export function etcdLock(owner: LockOwner): MembershipLock {
  return {
    take: async (host, access) => {
      const held = await takeOver(host, access, owner);
      return new Held(host, access, owner, held);
    },
    free: async (host, access) => {
      const entry = await lockSeen(host, access);
      if (entry?.holder?.run === owner.run) await revokeLease(host, access, entry.lease);
    },
  };
}

class Held implements HeldLock {
  readonly #host: Host;
  readonly #access: ClusterAccess;
  readonly #owner: LockOwner;
  readonly #over = new AbortController();
  #lease: string;

  constructor(host: Host, access: ClusterAccess, owner: LockOwner, lease: string) {
    this.#host = host;
    this.#access = access;
    this.#owner = owner;
    this.#lease = lease;
    void this.#renew();
  }

  async confirm(): Promise<void> {
    const entry = await lockSeen(this.#host, this.#access);
    if (entry?.lease === this.#lease) return;
    this.#lease = await takeOver(this.#host, this.#access, this.#owner);
  }

  async release(): Promise<void> {
    this.#over.abort();
    await revokeLease(this.#host, this.#access, this.#lease);
  }

  /** Until the release. What goes wrong here is found out by the next `confirm`. */
  async #renew(): Promise<void> {
    const { clock } = this.#host;
    try {
      for (;;) {
        await clock.sleep(RENEW_EVERY_MS, this.#over.signal);
        await keepAlive(this.#host, this.#access, this.#lease);
      }
    } catch {
      // Released, or the run is over.
    }
  }
}

/** Takes the lock where it is free or may be taken over; gives its lease. */
async function takeOver(host: Host, access: ClusterAccess, owner: LockOwner): Promise<string> {
  const { client, cluster } = await readCluster(host, access);
  if (!cluster.linearizable)
    throw new Failure('no-quorum', 'etcd has no quorum, so it cannot keep the lock on its membership');
  const lease = await grantLease(host, client);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const entry = await readLock(client);
    if (entry && !isFree(entry, cluster.id, owner)) {
      await revokeLease(host, access, lease);
      throw locked(entry, await readTtl(client, entry.lease));
    }
    await putLock(host, client, { cluster: cluster.id, ...holderOf(owner) }, { lease, over: entry?.modRevision ?? 0 });
    // Whatever the answer was, what is there decides.
    const now = await readLock(client);
    if (now?.lease === lease) return lease;
  }
  await revokeLease(host, access, lease);
  throw new Failure('unknown-state', 'the lock on the membership could not be taken, and nobody is seen to hold it', {
    hint: 'look at the cluster, then run the playbook again: quorate status',
  });
}

const holderOf = ({ run, who, sinceMs, process }: LockOwner): LockHolder => ({ run, who, sinceMs, process });

function isFree({ holder }: LockEntry, clusterId: string, { run, isDead }: LockOwner): boolean {
  return holder === undefined || holder.cluster !== clusterId || holder.run === run || isDead(holder.process);
}

function locked({ holder }: LockEntry, ttlS: number | undefined): Failure {
  const since = holder ? new Date(holder.sinceMs).toISOString() : '';
  const left = ttlS === undefined ? '' : `; if that run is dead, its lock goes in ${ttlS} s`;
  return new Failure(
    'locked',
    `another run is changing this cluster: ${holder?.run}, by ${holder?.who}, since ${since}`,
    { hint: `wait for its end, or stop it${left}` },
  );
}
