import type { Health, Role } from './cluster.ts';

/** Where a cluster stands towards its quorum. Unknown health counts as down. */
export interface Standing {
  readonly voters: number;
  readonly healthy: number;
  readonly learners: number;
  readonly quorum: number;
  /** Voters that may still fail: healthy − quorum. Negative: no quorum. */
  readonly margin: number;
}

/** As much of a member as its weight depends on. */
export interface Weight {
  readonly id: string;
  readonly role: Role;
  readonly health: Health;
}

/** The smallest majority of so many voters. */
export const quorumOf = (voters: number): number => Math.floor(voters / 2) + 1;

export function standingOf(members: readonly Weight[]): Standing {
  const voters = members.filter(m => m.role === 'voter');
  const healthy = voters.filter(m => m.health === 'healthy').length;
  const quorum = quorumOf(voters.length);
  return {
    voters: voters.length,
    healthy,
    learners: members.length - voters.length,
    quorum,
    margin: healthy - quorum,
  };
}

/** How many voters may fail now: never negative. */
export const faultTolerance = (standing: Standing): number => Math.max(0, standing.margin);
