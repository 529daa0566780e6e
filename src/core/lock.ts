import type { ClusterAccess } from './guard.ts';
import type { Host } from './host.ts';

/** Who holds the lock on a membership, in its own words. */
export interface LockHolder {
  readonly run: string;
  /** A person and a host: `root on headnode`. */
  readonly who: string;
  readonly sinceMs: number;
  /** The process, by which somebody on the same host can tell that it is dead. */
  readonly process: string;
}

/** Keeps the changes of a cluster's membership to one run at a time. */
export interface MembershipLock {
  /**
   * Takes the lock of a cluster, and renews it until it is released. Throws Failure `locked` where another run holds it,
   * and what looking at a cluster throws (`no-quorum` where etcd cannot keep it).
   */
  take(host: Host, access: ClusterAccess): Promise<HeldLock>;
  /** Frees it where an earlier process of this run was killed before it could. Never throws: else the lock expires. */
  free(host: Host, access: ClusterAccess): Promise<void>;
}

export interface HeldLock {
  /**
   * Makes sure that it is still this run's, and takes it again where it had expired and nobody else has it. Throws as
   * `take` does.
   */
  confirm(): Promise<void>;
  /** Frees it for others. Never throws: where etcd can't be asked, the lock expires. */
  release(): Promise<void>;
}
