import type { Member } from './cluster.ts';
import { calls, hasPeerUrl } from './cluster.ts';

/** A member as it is expected to be; of one that was only just added the ID is not known yet. */
export type Expected = Omit<Member, 'id'> & { readonly id?: string };

/** In which points the members differ from those that were expected, a clause each; empty where they don't. */
export function driftOf(expected: readonly Expected[], now: readonly Member[]): readonly string[] {
  const pairs = now.map(member => [member, expected.find(other => isSame(other, member))] as const);
  const kept = new Set(pairs.map(([, was]) => was));
  return [
    ...pairs.flatMap(([member, was]) => changeOf(member, was)),
    ...expected.filter(member => !kept.has(member)).map(member => `${calls({ ...member, id: '' })} was removed`),
  ];
}

/** The same URL with another ID is another member: it was removed and added again. */
function isSame({ id, peerUrls }: Expected, member: Member): boolean {
  return id === undefined ? peerUrls.some(url => hasPeerUrl(member, url)) : id === member.id;
}

function changeOf(member: Member, was: Expected | undefined): readonly string[] {
  if (!was) return [`${calls(member)} was added as a ${member.role}`];
  if (was.role !== member.role) return [`${calls(member)} became a ${member.role}`];
  const moved = was.peerUrls.length !== member.peerUrls.length || was.peerUrls.some(url => !hasPeerUrl(member, url));
  return moved ? [`${calls(member)} has other peer URLs: ${member.peerUrls.join(', ')}`] : [];
}
