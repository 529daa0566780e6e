/** Two kinds of member: one that votes, and one that only receives the data until it is promoted. */
export type Role = 'voter' | 'learner';

/**
 * Of a voter: it answers linearizable reads (without quorum, when none can: it answers at all). Of a learner: it answers
 * at all. Unknown: it was not asked, because it never started. Unknown counts as down.
 */
export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** A member as `member list` has it. IDs are hex, without padding. */
export interface Member {
  readonly id: string;
  /** Empty until it starts for the first time. */
  readonly name: string;
  readonly role: Role;
  readonly peerUrls: readonly string[];
  /** None until it starts for the first time. */
  readonly clientUrls: readonly string[];
}

/** What a member says of itself: `endpoint status`. */
export interface MemberStatus {
  readonly memberId: string;
  readonly clusterId: string;
  /** As it sees itself. */
  readonly role: Role;
  /** Absent where it knows of no leader. */
  readonly leaderId?: string;
  readonly version: string;
  readonly dbSizeBytes: number;
  readonly revision: number;
  readonly raftTerm: number;
  /** Its own commit index. */
  readonly raftIndex: number;
  readonly raftAppliedIndex: number;
}

export interface ObservedMember extends Member {
  readonly health: Health;
  /** Absent where it did not answer. */
  readonly status?: MemberStatus;
}

export interface Alarm {
  readonly memberId: string;
  /** `NOSPACE`, `CORRUPT`, or the number of another. */
  readonly kind: string;
}

/** A cluster as it was seen at one moment. */
export interface Cluster {
  readonly id: string;
  readonly members: readonly ObservedMember[];
  /** The one that all answering members name; absent where there is none, or where they disagree. */
  readonly leaderId?: string;
  readonly alarms: readonly Alarm[];
  /** False where no member answered a linearizable read: no quorum. The list of members may then be out of date. */
  readonly linearizable: boolean;
}

export const votersOf = <M extends { readonly role: Role }>(members: readonly M[]): readonly M[] =>
  members.filter(m => m.role === 'voter');

export const learnersOf = <M extends { readonly role: Role }>(members: readonly M[]): readonly M[] =>
  members.filter(m => m.role === 'learner');

/** A member gets its client URLs with its name, when it starts for the first time. */
export const isStarted = (m: Member): boolean => m.name !== '';

/** What people call a member: its name, and before it has one its peer URL. */
export const calls = (m: Member): string => m.name || (m.peerUrls[0] ?? m.id);

/** True for URLs that mean the same: scheme and host in any case, with or without a slash at the end. */
export function sameUrl(a: string, b: string): boolean {
  return plainUrl(a) === plainUrl(b);
}

export function hasPeerUrl(m: Member, url: string): boolean {
  return m.peerUrls.some(u => sameUrl(u, url));
}

/** Sorted `id:role`: the same as long as the membership is. */
export function fingerprint(members: readonly Member[]): string {
  return members
    .map(m => `${m.id}:${m.role}`)
    .sort()
    .join(' ');
}

function plainUrl(url: string): string {
  return url.trim().toLowerCase().replace(/\/+$/, '');
}
