import type { Inventory } from '../core/inventory.ts';
import { didYouMean } from './expression/nearest.ts';
import { expandRange } from './ranges.ts';

/** What a pattern selects: hosts in the inventory's order, and the parts of it that match nothing, with a hint each. */
export interface Selected {
  readonly hosts: readonly string[];
  readonly unmatched: readonly { readonly part: string; readonly hint?: string }[];
}

/**
 * Selects hosts as Ansible does: names, groups, `all` or `*`, globs, ranges, joined with `,` or `:`; then `:&group`
 * keeps those that are in it too, and `:!group` takes those away. A part that matches nothing is reported, also in a `!`.
 */
export function selectHosts(patterns: readonly string[], inventory: Inventory): Selected {
  const parts = patterns.flatMap(splitPattern);
  const unmatched: { part: string; hint?: string }[] = [];
  const matching = (part: string): ReadonlySet<string> => {
    const hosts = matchOne(part, inventory);
    if (hosts.length === 0 && !inventory.groups.has(part)) {
      const hint = didYouMean(part, [...inventory.hosts.keys(), ...inventory.groups.keys()]);
      unmatched.push(hint === undefined ? { part } : { part, hint });
    }
    return new Set(hosts);
  };
  const plain = parts.filter(p => !/^[!&]/.test(p));
  // `:!d` alone takes away from all, as in Ansible.
  const sets = (plain.length > 0 ? plain : parts.length > 0 ? ['all'] : []).map(matching);
  const kept = parts.filter(p => p.startsWith('&')).map(p => matching(p.slice(1)));
  const away = parts.filter(p => p.startsWith('!')).map(p => matching(p.slice(1)));
  const hosts = [...inventory.hosts.keys()].filter(
    host => sets.some(s => s.has(host)) && kept.every(s => s.has(host)) && !away.some(s => s.has(host)),
  );
  return { hosts, unmatched };
}

/** At `,` and `:`, but not inside brackets, where they belong to a range. */
function splitPattern(pattern: string): readonly string[] {
  const parts: string[] = pattern.match(/(?:\[[^\]]*\]?|[^,:[\s])+/g) ?? [];
  return parts;
}

function matchOne(part: string, inventory: Inventory): readonly string[] {
  if (part === 'all' || part === '*') return [...inventory.hosts.keys()];
  const group = inventory.groups.get(part);
  if (group) return group;
  if (/[*?]/.test(part)) {
    const glob = new RegExp(
      `^${part
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      'u',
    );
    const groups = [...inventory.groups].filter(([name]) => name !== 'all' && glob.test(name));
    return [...[...inventory.hosts.keys()].filter(host => glob.test(host)), ...groups.flatMap(([, hosts]) => hosts)];
  }
  const names = expandRange(part) ?? [];
  return names.every(name => inventory.hosts.has(name)) ? names : [];
}
