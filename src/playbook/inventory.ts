import { hasErrors, type Outcome } from '../core/diagnostic.ts';
import type { Inventory, InventoryHost } from '../core/inventory.ts';
import type { Source } from '../core/source.ts';
import type { Validate } from '../core/validate.ts';
import type { Json } from '../core/value.ts';
import { entry, holdsExpression, type MapNode, type Node, startOf } from './document.ts';
import { Findings } from './findings.ts';
import { inventorySchema } from './inventory-schema.ts';
import { expandRange } from './ranges.ts';
import { explain } from './schema-errors.ts';
import { toJson } from './to-json.ts';
import { parseYaml } from './yaml.ts';

/** What Ansible calls the properties of a host. */
const ansibleNames: Readonly<Record<string, string>> = {
  ansible_host: 'write `address`',
  ansible_ssh_host: 'write `address`',
  ansible_user: 'write `user`',
  ansible_port: 'write `port`',
  ansible_connection: 'write `connection`',
};

/**
 * Reads an inventory file: groups by name, each with `hosts`, `children` and `vars`, as in Ansible's YAML. Host names may be
 * ranges. Vars of an outer group give way to those of an inner one, and these to a host's own. Never throws.
 */
export function readInventory(source: Source, validate: Validate): Outcome<Inventory> {
  const { value: root, diagnostics } = parseYaml(source);
  if (diagnostics.length > 0) return { diagnostics };
  const reading = new InventoryReading(validate);
  const groups = root ?? { kind: 'map', span: startOf(source), entries: [] };
  if (reading.check(groups)) reading.groups(groups, []);
  reading.undefinedGroups();
  const inventory = reading.inventory(source.name);
  if (inventory.hosts.size === 0 && !hasErrors(reading.found.diagnostics)) {
    reading.found.error('invalid-inventory', groups.span, `${source.name} has no hosts`, {
      hint: 'a group has `hosts:`, and below it a name a line',
    });
  }
  const { diagnostics: found } = reading.found;
  return hasErrors(found) ? { diagnostics: found } : { value: inventory, diagnostics: found };
}

class InventoryReading {
  readonly validate: Validate;
  readonly found = new Findings();
  readonly hosts = new Map<string, InventoryHost>();
  readonly members = new Map<string, Set<string>>([['all', new Set()]]);
  /** Groups named below `children` without being defined there. */
  readonly named = new Map<string, Node>();
  readonly children: (readonly [parent: string, child: string])[] = [];
  readonly vars = new Map<string, Record<string, Json>>();
  readonly own = new Map<string, Record<string, Json>>();

  constructor(validate: Validate) {
    this.validate = validate;
  }

  /** Groups by name, against the schema. True where they can be read. */
  check(node: Node): node is MapNode {
    const errors = this.validate(structuredClone(toJson(node)));
    const wording = { what: 'the inventory', part: 'property', root: node.span };
    for (const f of explain(node, inventorySchema, errors, [], wording)) {
      const hint = f.key !== undefined && Object.hasOwn(ansibleNames, f.key) ? ansibleNames[f.key] : f.hint;
      this.found.error('invalid-inventory', f.span, f.message, { hint });
    }
    return errors.length === 0 && node.kind === 'map';
  }

  groups(map: MapNode, parents: readonly string[]): void {
    for (const { key, keySpan, value } of map.entries) {
      const parent = parents.at(-1);
      if (parents.includes(key)) {
        this.found.error('invalid-inventory', keySpan, `the group \`${key}\` belongs to itself`);
        continue;
      }
      if (parent !== undefined) this.children.push([parent, key]);
      if (value.kind === 'map') this.group(key, value, parents);
      else if (parent === undefined) this.groupOf(key);
      else if (!this.members.has(key)) this.named.set(key, { ...value, span: keySpan });
    }
  }

  private group(name: string, map: MapNode, parents: readonly string[]): void {
    const members = this.groupOf(name);
    const hosts = entry(map, 'hosts')?.value;
    const vars = entry(map, 'vars')?.value;
    if (vars) this.vars.set(name, { ...this.vars.get(name), ...this.literals(vars) });
    for (const host of hosts?.kind === 'map' ? hosts.entries : []) {
      const names = expandRange(host.key);
      if (!names || names.some(n => !/^[A-Za-z0-9_.-]+$/.test(n))) {
        this.found.error(
          'invalid-inventory',
          host.keySpan,
          `\`${host.key}\` is neither a host's name nor a range of them`,
          {
            hint: 'a range is written node[001:003] or node001..node003',
          },
        );
      }
      for (const n of names ?? []) {
        members.add(n);
        this.host(n, host.value);
      }
    }
    const children = entry(map, 'children')?.value;
    if (children?.kind === 'map' && this.check(children)) this.groups(children, [...parents, name]);
  }

  private host(name: string, node: Node): void {
    const given = node.kind === 'map' ? toJson(node) : {};
    const { vars: _, ...properties } = given as Readonly<Record<string, Json>>;
    const before = this.hosts.get(name) ?? { name, connection: 'ssh', address: name, vars: {} };
    // The schema has said that these are what a host has.
    this.hosts.set(name, { ...before, ...(properties as Partial<InventoryHost>) });
    const vars = node.kind === 'map' ? entry(node, 'vars')?.value : undefined;
    if (vars) this.own.set(name, { ...this.own.get(name), ...this.literals(vars) });
  }

  private literals(node: Node): Record<string, Json> {
    const visit = (at: Node): void => {
      if (holdsExpression(at)) {
        this.found.error('invalid-inventory', at.span, 'values of an inventory are literal; they hold no expressions', {
          hint: 'put it into `vars:` of the play',
        });
      }
      if (at.kind === 'list') at.items.forEach(visit);
      if (at.kind === 'map') for (const e of at.entries) visit(e.value);
    };
    visit(node);
    return node.kind === 'map' ? Object.fromEntries(node.entries.map(e => [e.key, toJson(e.value)])) : {};
  }

  private groupOf(name: string): Set<string> {
    const members = this.members.get(name) ?? new Set();
    this.members.set(name, members);
    return members;
  }

  undefinedGroups(): void {
    for (const [name, { span }] of this.named) {
      if (this.members.has(name)) continue;
      this.found.error('invalid-inventory', span, `the group \`${name}\` is defined nowhere`);
    }
  }

  /** The hosts of a group and of the groups below it. */
  private all(group: string, seen: readonly string[] = []): readonly string[] {
    if (seen.includes(group)) return [];
    const below = this.children.filter(([parent]) => parent === group);
    return [...(this.members.get(group) ?? []), ...below.flatMap(([, child]) => this.all(child, [...seen, group]))];
  }

  /** How many groups it stands in, one inside the other. */
  private depth(group: string, seen: readonly string[] = []): number {
    if (group === 'all' || seen.includes(group)) return 0;
    const parents = this.children.filter(([, child]) => child === group).map(([parent]) => parent);
    return 1 + Math.max(0, ...parents.map(parent => this.depth(parent, [...seen, group])));
  }

  inventory(origin: string): Inventory {
    const names = [...this.hosts.keys()];
    const groups = new Map<string, readonly string[]>([['all', names]]);
    for (const name of this.members.keys()) {
      const members = new Set(this.all(name));
      if (name !== 'all')
        groups.set(
          name,
          names.filter(host => members.has(host)),
        );
    }
    const outerFirst = [...groups].toSorted(([a], [b]) => this.depth(a) - this.depth(b));
    const hosts = [...this.hosts].map(([name, host]): [string, InventoryHost] => {
      const inherited = outerFirst
        .filter(([, members]) => members.includes(name))
        .map(([group]) => this.vars.get(group));
      return [name, { ...host, vars: Object.assign({}, ...inherited, this.own.get(name)) }];
    });
    return { origin, hosts: new Map(hosts), groups };
  }
}

/** A device of BCM's, as far as an inventory needs it. */
export interface InventoryDevice {
  readonly name: string;
  /** '' where it is not known. */
  readonly ip: string;
  /** '' for a head node. */
  readonly category: string;
  readonly kind: 'head' | 'node';
}

/**
 * The inventory of a BCM cluster: groups `headnode`, `etcd` (the nodes on which the role is in effect) and one for each
 * category. `local` is the name of the machine that quorate runs on; it is not reached by ssh.
 */
export function inventoryFromDevices(
  devices: readonly InventoryDevice[],
  etcd: readonly string[],
  { origin, local }: { readonly origin: string; readonly local: string },
): Inventory {
  const short = (name: string): string => name.replace(/\..*$/, '');
  const hosts = devices.map(({ name, ip }): [string, InventoryHost] => [
    name,
    { name, connection: short(name) === short(local) ? 'local' : 'ssh', address: ip || name, vars: {} },
  ]);
  const named = (some: readonly InventoryDevice[]): readonly string[] => some.map(device => device.name);
  const categories = [...new Set(devices.map(device => device.category).filter(category => category !== ''))];
  const groups = new Map<string, readonly string[]>(
    categories.map(category => [category, named(devices.filter(device => device.category === category))]),
  );
  groups.set('all', named(devices));
  groups.set('headnode', named(devices.filter(device => device.kind === 'head')));
  groups.set(
    'etcd',
    named(devices).filter(name => etcd.includes(name)),
  );
  return { origin, hosts: new Map(hosts), groups };
}
