import type { Validate } from '../../core/validate.ts';
import type { Json } from '../../core/value.ts';
import { entry, type MapNode, type Node } from '../document.ts';
import type { Findings } from '../findings.ts';
import { inventorySchema } from '../inventory-schema.ts';
import { explain } from '../schema-errors.ts';
import { toJson } from '../to-json.ts';
import { hostNames } from './host-names.ts';
import { type Reached, Writing, type Written } from './written.ts';

/**
 * Reads an inventory of ours: groups by name, each with `hosts`, `children` and `vars`; a host has properties, and its vars below
 * `vars`. A group that is only named below `children` must be defined elsewhere.
 */
export function readOwnYaml(origin: string, root: Node, validate: Validate, found: Findings): Written {
  const reading = new OwnReading(origin, validate, found);
  if (reading.check(root)) reading.groups(root, undefined);
  reading.undefinedGroups();
  return reading.writing;
}

class OwnReading {
  readonly writing: Writing;
  readonly #validate: Validate;
  readonly #found: Findings;
  readonly #defined = new Set<string>(['all']);
  /** Groups named below `children` without being defined there. */
  readonly #named: { readonly group: string; readonly node: Node }[] = [];

  constructor(origin: string, validate: Validate, found: Findings) {
    this.writing = new Writing(origin, found);
    this.#validate = validate;
    this.#found = found;
  }

  /** Groups by name, against the schema. True where they can be read. */
  check(node: Node): node is MapNode {
    const errors = this.#validate(structuredClone(toJson(node)));
    const wording = { what: 'the inventory', part: 'property', root: node.span };
    for (const { span, message, hint } of explain(node, inventorySchema, errors, [], wording)) {
      this.#found.error('invalid-inventory', span, message, { hint });
    }
    return errors.length === 0 && node.kind === 'map';
  }

  groups(map: MapNode, parent: string | undefined): void {
    for (const { key, keySpan, value } of map.entries) {
      if (parent !== undefined && !this.writing.child(parent, key, keySpan)) continue;
      if (value.kind === 'map') this.#group(key, value);
      else if (parent === undefined) this.#define(key);
      else this.#named.push({ group: key, node: { ...value, span: keySpan } });
    }
  }

  undefinedGroups(): void {
    for (const { group, node } of this.#named) {
      if (this.#defined.has(group)) continue;
      this.#found.error('invalid-inventory', node.span, `the group \`${group}\` is defined nowhere`);
    }
  }

  #define(name: string) {
    this.#defined.add(name);
    return this.writing.group(name);
  }

  #group(name: string, map: MapNode): void {
    const group = this.#define(name);
    const vars = entry(map, 'vars')?.value;
    if (vars?.kind === 'map') for (const variable of vars.entries) group.vars.set(variable.key, variable);
    const hosts = entry(map, 'hosts')?.value;
    for (const { key, keySpan, value } of hosts?.kind === 'map' ? hosts.entries : []) {
      const own = value.kind === 'map' ? entry(value, 'vars')?.value : undefined;
      const { names, port } = hostNames(key, keySpan, this.#found);
      const reached = { ...(port === undefined ? {} : { port }), ...reachedOf(value) };
      for (const host of names) this.writing.host(name, host, reached, own?.kind === 'map' ? own.entries : []);
    }
    const children = entry(map, 'children')?.value;
    if (children?.kind === 'map' && this.check(children)) this.groups(children, name);
  }
}

function reachedOf(node: Node): Reached {
  if (node.kind !== 'map') return {};
  const named = node.entries
    .filter(({ key }) => key !== 'vars')
    .map(({ key, value }): [string, Json] => [key === 'identity_file' ? 'identityFile' : key, toJson(value)]);
  // The schema has said that these are what a host has.
  return Object.fromEntries(named) as Reached;
}
