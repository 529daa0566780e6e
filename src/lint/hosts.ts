import type { Inventory } from '../core/inventory.ts';
import type { Json } from '../core/value.ts';
import { selectHosts } from '../playbook/host-patterns.ts';
import type { ReadPlay } from '../playbook/read-play.ts';
import { hasHole, nothingKnown, writtenValue } from './known.ts';

/** Why a play works on several hosts at a time; undefined where it does not, or nobody can tell. */
export function manyHosts(
  { hosts, serial, expectHosts, free }: ReadPlay,
  inventory: Inventory | undefined,
): string | undefined {
  if (expectHosts && writtenValue(expectHosts, nothingKnown) === 1) return undefined;
  const written = writtenValue(hosts, nothingKnown);
  const patterns = (Array.isArray(written) ? written : [written]).map(String);
  if (inventory && !patterns.some(hasHole) && selectHosts(patterns, inventory).hosts.length < 2) return undefined;
  if (serial) return manyIn(writtenValue(serial, nothingKnown));
  if (!inventory && !patterns.some(isPlural) && patterns.length < 2) return undefined;
  return free ? 'the play is `strategy: free`' : 'the play has no `serial`';
}

/** Of a `serial` that lets several through at once. */
function manyIn(serial: Json): string | undefined {
  const sizes = Array.isArray(serial) ? serial : [serial];
  const many = sizes.find(size => Number(size) > 1 || /^\s*\d+\s*%$/.test(String(size)));
  return many === undefined ? undefined : `\`serial: ${String(many)}\``;
}

/** A pattern that is for several hosts: all, those of etcd, a wildcard, a range, or more than one part. */
function isPlural(pattern: string): boolean {
  const parts = pattern.replace(/\[[^\]]*\]|\.\./g, '*').split(/[,:]/);
  const wanted = parts.map(part => part.trim()).filter(part => part !== '' && !part.startsWith('!'));
  // What two patterns have in common may be a single host.
  if (hasHole(pattern) || wanted.some(part => part.startsWith('&'))) return false;
  return wanted.length > 1 || wanted.some(part => part.includes('*') || /^(all|etcd)$/.test(part));
}
