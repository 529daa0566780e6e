import type { MembershipRisk } from '../core/guard.ts';
import type { Json } from '../core/value.ts';
import { filled, hasHole } from './known.ts';
import { knownText, type Site } from './program.ts';

/** The changes of the membership that it makes. */
export function changesOf({ risks }: Site): readonly MembershipRisk[] {
  return risks.filter(risk => risk.kind === 'membership');
}

/** True where what it finds of the members decides whether things go on. */
export function looksAtMembers({ task }: Site): boolean {
  if (task.module.kind !== 'observe') return false;
  if (task.module.members === 'judged') return true;
  const isJudged = task.register !== undefined || task.until.length > 0 || (task.failedWhen?.length ?? 0) > 0;
  return task.module.members === 'told' && isJudged;
}

/** True where it waits for a learner, which may be this one. */
export function waitsFor({ task: { module }, params }: Site, member: MembershipRisk['member']): boolean {
  if (module.kind !== 'observe' || !module.awaitsStart) return false;
  const [name, peerUrl] = [params.name, params.peer_url];
  const waited = {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof peerUrl === 'string' ? { peerUrl } : {}),
  };
  return sameness(waited, member) !== 'different';
}

export function takesSnapshot(site: Site): boolean {
  const { module } = site.task;
  return (module.kind === 'act' && module.proves !== undefined) || savesSnapshot(site);
}

/** By a command of etcd's own. */
export function savesSnapshot(site: Site): boolean {
  return site.commands.some(words => programOf(words) === 'etcdctl' && has(words, 'snapshot', 'save'));
}

/** The program of a command, without its folder; empty where it is not known. */
export function programOf([first = '']: readonly string[]): string {
  return hasHole(first) ? '' : first.slice(first.lastIndexOf('/') + 1);
}

/** True where these words stand in it one after the other. */
export function has(words: readonly string[], ...wanted: readonly string[]): boolean {
  return words.some((_, at) => wanted.every((word, i) => words[at + i] === word));
}

export type Sameness = 'same' | 'different' | 'unknown';

type Member = MembershipRisk['member'];

/** Whether two members are one, by how they are written. */
export function sameness(one: Member, other: Member): Sameness {
  const pairs = [
    [one.name, other.name],
    [one.peerUrl, other.peerUrl],
    [one.id, other.id],
  ] as const;
  const all = pairs.map(([a, b]) => sameText(a, b));
  if (all.includes('different')) return 'different';
  return all.includes('same') ? 'same' : 'unknown';
}

/** Whether two texts are one; what is known only in a run may be anything, but in two rounds of a loop it is not the same. */
export function sameText(one: Json | undefined, other: Json | undefined): Sameness {
  if (typeof one !== 'string' || typeof other !== 'string') return 'unknown';
  if (one === other) return 'same';
  if (knownText(one) !== undefined && knownText(other) !== undefined) return 'different';
  const plain = (text: string) => text.replace(/#\d+/g, '');
  return plain(one) === plain(other) ? 'different' : 'unknown';
}

/** A member as messages name it. */
export function named({ name, peerUrl, id }: Member): string {
  return shown(name ?? peerUrl ?? id ?? 'a member');
}

/** A text as messages show it: what is known only in a run as its expression. */
export function shown(text: string): string {
  return filled(text, expression => `{{ ${expression.replace(/[@#].*$/, '')} }}`);
}
