import type { Inventory, InventoryHost } from '../../core/inventory.ts';
import { byLevel, type Level } from '../../core/precedence.ts';
import type { Template } from '../../core/template.ts';
import type { Json } from '../../core/value.ts';
import type { Entry, Node } from '../document.ts';
import { didYouMean } from '../expression/nearest.ts';
import type { Findings } from '../findings.ts';
import { readTemplate } from '../read-values.ts';
import { toJson } from '../to-json.ts';
import { type Group, groupsInOrder } from './group-order.ts';
import { reachedOf } from './reached.ts';
import type { Vars, Written } from './written.ts';

/** Vars from a file beside the inventory or the playbook, for one group or one host. */
export interface GivenVars {
  readonly level: Level;
  readonly of: { readonly group: string } | { readonly host: string };
  readonly vars: Vars;
}

/** Lays the vars of groups and hosts over each other, by their levels, and works out how each host is reached. */
export function lay(written: Written, given: readonly GivenVars[], found: Findings): Inventory {
  const groups = groupsInOrder(written);
  const ofGroup = Map.groupBy(given, ({ of }) => ('group' in of ? of.group : ''));
  const ofHost = Map.groupBy(given, ({ of }) => ('host' in of ? of.host : ''));
  const layersOf = new Map(
    groups.map(({ name }) => {
      const level: Level = name === 'all' ? 'inventory-all' : 'inventory-groups';
      const own = { level, vars: written.groups.get(name)?.vars ?? new Map() };
      return [name, [own, ...(ofGroup.get(name) ?? [])]];
    }),
  );
  // Vars of a group are those of many hosts.
  const known = new Map<Node, { readonly json: Json; readonly template?: Template }>();
  const read = (node: Node) => {
    const value = known.get(node) ?? { json: toJson(node), ...expressionIn(node, found) };
    known.set(node, value);
    return value;
  };
  const hosts = [...written.hosts].map(([name, host]): [string, InventoryHost] => {
    const layers = [
      ...groups.filter(({ hosts: inside }) => inside.has(name)).flatMap(group => layersOf.get(group.name) ?? []),
      { level: 'inventory-hosts' as const, vars: host.vars },
      ...(ofHost.get(name) ?? []),
    ].toSorted((a, b) => byLevel(a.level, b.level));
    const vars = new Map<string, Entry>(layers.flatMap(layer => [...layer.vars]));
    vars.delete('ansible_group_priority');
    const values = Object.fromEntries([...vars].map(([key, { value }]): [string, Json] => [key, read(value).json]));
    const templates = new Map(
      [...vars].flatMap(([key, { value }]) => {
        const { template } = read(value);
        return template ? [[key, template] as const] : [];
      }),
    );
    const reached = { ...reachedOf(name, vars, { values, templates }, found), ...host.reached };
    return [
      name,
      {
        name,
        connection: 'ssh',
        address: name,
        ...reached,
        vars: values,
        ...(templates.size > 0 ? { templates } : {}),
      },
    ];
  });
  for (const { of, vars } of given) if ('group' in of) warnOfNoGroup(of.group, vars, groups, found);
  const names = [...written.hosts.keys()];
  const inOrder = (inside: ReadonlySet<string>) => names.filter(host => inside.has(host));
  const byName = new Map(groups.map(group => [group.name, group.hosts]));
  const order = new Set(['all', ...written.groups.keys(), ...byName.keys()]);
  return {
    origin: written.origin,
    hosts: new Map(hosts),
    groups: new Map([...order].map(name => [name, inOrder(byName.get(name) ?? new Set())])),
  };
}

/** Files beside an inventory may be for another one, too; but a name that is nearly that of a group is misspelt. */
function warnOfNoGroup(name: string, vars: Vars, groups: readonly Group[], found: Findings): void {
  const all = groups.map(group => group.name);
  const [first] = vars.values();
  const hint = all.includes(name) ? undefined : didYouMean(name, all);
  if (first && hint !== undefined) {
    found.warning('invalid-inventory', first.keySpan, `these vars are for a group \`${name}\`, which there is not`, {
      hint,
    });
  }
}

function expressionIn(node: Node, found: Findings): { readonly template?: Template } {
  const template = readTemplate(found, node);
  for (const { plugin, span } of template.lookups ?? []) {
    if (plugin === 'vars') continue;
    found.error('invalid-inventory', span, `vars of hosts cannot look up \`${plugin}\``, {
      hint: 'look it up in `vars:` of the play',
    });
  }
  return template.literal ? {} : { template };
}
