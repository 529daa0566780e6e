import { describe, type Entry, entry, type MapNode, type Node } from '../document.ts';
import { didYouMean } from '../expression/nearest.ts';
import type { Findings } from '../findings.ts';
import { hostNames, portEntry } from './host-names.ts';
import { Writing, type Written } from './written.ts';

/** What a host can have in an inventory of ours. */
const ours = ['address', 'user', 'port', 'connection', 'identity_file', 'vars'];
const parts = ['hosts', 'children', 'vars'];

/**
 * True for an inventory in Ansible's YAML, in which what stands below a host is its vars: one that has a name which begins with
 * `ansible_`, or whose hosts have keys of which none is, or nearly is, a property of ours.
 */
export function isAnsible(root: MapNode): boolean {
  if (isPlugin(root)) return true;
  const keys = [...keysIn(root)];
  if (keys.some(({ key }) => key.startsWith('ansible_'))) return true;
  const ofHosts = keys.filter(({ ofHost }) => ofHost).map(({ key }) => key);
  return ofHosts.length > 0 && !ofHosts.some(key => ours.includes(key) || didYouMean(key, ours) !== undefined);
}

function isPlugin(root: MapNode): boolean {
  return entry(root, 'plugin')?.value.kind === 'scalar';
}

function* keysIn(groups: MapNode): Generator<{ readonly key: string; readonly ofHost: boolean }> {
  for (const { value: group } of groups.entries) {
    if (group.kind !== 'map') continue;
    const hosts = entry(group, 'hosts')?.value;
    for (const host of hosts?.kind === 'map' ? hosts.entries : []) {
      if (host.value.kind === 'map') for (const { key } of host.value.entries) yield { key, ofHost: true };
    }
    const vars = entry(group, 'vars')?.value;
    if (vars?.kind === 'map') for (const { key } of vars.entries) yield { key, ofHost: false };
    const children = entry(group, 'children')?.value;
    if (children?.kind === 'map') yield* keysIn(children);
  }
}

/** Reads Ansible's YAML: groups by name, each with `hosts` (name → vars), `children` and `vars`. */
export function readAnsibleYaml(origin: string, root: MapNode, found: Findings): Written {
  const writing = new Writing(origin, found);
  const plugin = entry(root, 'plugin');
  if (plugin && isPlugin(root)) {
    found.error('invalid-inventory', plugin.keySpan, "an inventory of one of Ansible's plugins is not read", {
      hint: 'write down what it gives: ansible-inventory -i FILE --list --export --yaml > hosts.yml',
    });
    return writing;
  }
  readGroups(writing, root, [], found);
  return writing;
}

function readGroups(writing: Writing, groups: MapNode, parents: readonly string[], found: Findings): void {
  for (const { key: name, keySpan, value } of groups.entries) {
    const parent = parents.at(-1);
    if (parent === undefined) writing.group(name);
    else if (!writing.child(parent, name, keySpan)) continue;
    if (value.kind === 'scalar' && value.value === null) continue;
    if (value.kind === 'map') readGroup(writing, name, value, [...parents, name], found);
    else wrong(found, value, `the group \`${name}\``, 'a map of hosts, children and vars');
  }
}

function readGroup(writing: Writing, name: string, map: MapNode, path: readonly string[], found: Findings): void {
  for (const { key, keySpan } of map.entries) {
    if (parts.includes(key)) continue;
    const hint = didYouMean(key, parts) ?? 'a group has hosts, children and vars';
    found.error('invalid-inventory', keySpan, `the group \`${name}\` has no part \`${key}\``, { hint });
  }
  const group = writing.group(name);
  for (const variable of entriesOf(map, 'vars', found)) group.vars.set(variable.key, variable);
  for (const { key, keySpan, value } of entriesOf(map, 'hosts', found)) {
    const { names, port } = hostNames(key, keySpan, found);
    const isNothing = value.kind === 'scalar' && value.value === null;
    if (value.kind !== 'map' && !isNothing) wrong(found, value, `\`${key}\``, 'a map of vars');
    const vars = value.kind === 'map' ? value.entries : [];
    warnOfOurs(vars, found);
    for (const host of names) writing.host(name, host, {}, [...portEntry(port, keySpan), ...vars]);
  }
  readGroups(writing, { ...map, entries: entriesOf(map, 'children', found) }, path, found);
}

/** Nothing, a map, or as in Ansible the text of a single name. */
function entriesOf(map: MapNode, part: string, found: Findings): readonly Entry[] {
  const value = entry(map, part)?.value;
  if (!value || (value.kind === 'scalar' && value.value === null)) return [];
  if (value.kind === 'map') return value.entries;
  if (value.kind === 'scalar' && typeof value.value === 'string' && part !== 'vars') {
    const nothing: Node = { kind: 'scalar', span: value.span, value: null, locate: () => value.span };
    return [{ key: value.value, keySpan: value.span, value: nothing }];
  }
  wrong(found, value, `\`${part}\``, 'a map');
  return [];
}

/** Half an inventory of ours: these would be without effect. */
function warnOfOurs(vars: readonly Entry[], found: Findings): void {
  const said: readonly (readonly [string, string])[] = [
    ['address', 'ansible_host'],
    ['connection', 'ansible_connection'],
    ['identity_file', 'ansible_ssh_private_key_file'],
  ];
  for (const [own, theirs] of said) {
    const at = vars.find(({ key }) => key === own);
    if (!at || vars.some(({ key }) => key === theirs)) continue;
    found.warning('invalid-inventory', at.keySpan, `\`${own}\` is a var here: the file is read as Ansible's`, {
      hint: `write ${theirs}, or none of the names that begin with ansible_`,
    });
  }
}

function wrong(found: Findings, node: Node, what: string, wanted: string): void {
  found.error('invalid-inventory', node.span, `${what} must be ${wanted}, not ${describe(node)}`);
}
