import type { Inventory } from '../core/inventory.ts';
import { Fault } from './expression/fault.ts';
import { didYouMean } from './expression/nearest.ts';
import { readPattern } from './expression/pattern.ts';
import { expandRange } from './ranges.ts';

/** What a pattern selects: hosts in the inventory's order, and the parts of it that match nothing, with a hint each. */
export interface Selected {
  readonly hosts: readonly string[];
  readonly unmatched: readonly { readonly part: string; readonly hint?: string }[];
}

/**
 * Selects hosts as Ansible does: names, groups, `all` or `*`, globs, regular expressions after `~`, ranges, `group[0]` and
 * `group[1:3]`, joined with `,` or `:`; then `:&group` keeps those that are in it too, and `:!group` takes those away. A part that
 * matches nothing is reported, also in a `!`.
 */
export function selectHosts(patterns: readonly string[], inventory: Inventory): Selected {
  const parts = patterns.flatMap(text => (inventory.hosts.has(text.trim()) ? [text.trim()] : splitPattern(text)));
  const unmatched: { part: string; hint?: string }[] = [];
  const matching = (part: string): ReadonlySet<string> => {
    try {
      const hosts = matchOne(part, inventory);
      if (hosts.length === 0 && !inventory.groups.has(part)) {
        const hint = didYouMean(part, [...inventory.hosts.keys(), ...inventory.groups.keys()]);
        unmatched.push(hint === undefined ? { part } : { part, hint });
      }
      return new Set(hosts);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unmatched.push({ part, hint: error.hint === undefined ? error.message : `${error.message}: ${error.hint}` });
      return new Set();
    }
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

/** At `,`, `:` and blanks, but not in brackets, where they belong to a range, and in a `~` part in no parentheses either. */
export function splitPattern(pattern: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  const open: string[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const isRegex = /^[!&]?~/.test(part);
    if (open.length === 0 && /[,:\s]/.test(character)) {
      if (part !== '') parts.push(part);
      part = '';
      continue;
    }
    if (isRegex && character === '\\') {
      part += character + pattern.charAt(at + 1);
      at += 1;
      continue;
    }
    const inClass = open.at(-1) === ']';
    if (character === open.at(-1)) open.pop();
    else if (character === '[' && !inClass) open.push(']');
    else if (isRegex && character === '(' && !inClass) open.push(')');
    else if (isRegex && character === '{' && !inClass) open.push('}');
    part += character;
  }
  return part === '' ? parts : [...parts, part];
}

function matchOne(part: string, inventory: Inventory): readonly string[] {
  const { hosts, groups } = inventory;
  if (part === 'all' || part === '*') return [...hosts.keys()];
  const group = groups.get(part);
  if (group) return group;
  if (hosts.has(part)) return [part];
  if (part.startsWith('~')) return matchedBy(startingWith(part.slice(1)), inventory);
  const [, base = '', index = ''] = /^(.+)\[(-?\d+|\d+[:-]\d*)\]$/.exec(part) ?? [];
  // A host's name with brackets is a range: only of several hosts can some be chosen.
  if (base === 'all' || groups.has(base) || /[*?]/.test(base)) return chosen(matchOne(base, inventory), index);
  const names = expandRange(part);
  if (/[*?]/.test(part) || (part.includes('[') && !names)) return matchedBy(globOf(part), inventory);
  return names?.every(name => hosts.has(name)) ? names : [];
}

/** Hosts whose names match, and those of groups whose names do. */
function matchedBy(matches: (name: string) => boolean, { hosts, groups }: Inventory): readonly string[] {
  const some = [...groups].filter(([name]) => name !== 'all' && matches(name));
  const found = new Set([...some.flatMap(([, inside]) => inside), ...[...hosts.keys()].filter(matches)]);
  return [...hosts.keys()].filter(host => found.has(host));
}

/** As Python's `match`: from the beginning of a name, not up to its end. Throws `Fault` for what cannot be a bounded pattern. */
function startingWith(pattern: string): (name: string) => boolean {
  const regex = readPattern(pattern, { ignorecase: false, multiline: false });
  return name => regex.exec(name)?.index === 0;
}

/** `*`, `?`, `[ab]`, `[a-c]`, `[!ab]`. */
function globOf(part: string): (name: string) => boolean {
  const pieces = [...part.matchAll(/\[(!?)([^\]]+)\]|[\s\S]/g)].map(([piece, not = '', inside]) => {
    if (inside !== undefined) return `[${not === '' ? '' : '^'}${inside.replaceAll(/[\\\]^[]/g, '\\$&')}]`;
    if (piece === '*') return '.*';
    return piece === '?' ? '.' : piece.replace(/[.+^${}()|[\]\\/-]/, '\\$&');
  });
  try {
    const regex = new RegExp(`^${pieces.join('')}$`, 'u');
    return name => regex.test(name);
  } catch {
    return () => false;
  }
}

/** `0`, `-1`, `1:3` (to the fourth), `2:` (to the last). */
function chosen(hosts: readonly string[], index: string): readonly string[] {
  const [, first = '', last] = /^(-?\d+)(?:[:-](\d*))?$/.exec(index) ?? [];
  if (last === undefined) return hosts.at(Number(first)) === undefined ? [] : [hosts.at(Number(first)) ?? ''];
  return hosts.slice(Number(first), last === '' ? undefined : Number(last) + 1);
}
