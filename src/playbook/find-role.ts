import { posix } from 'node:path';
import { entry, type MapNode, type Node } from './document.ts';
import { withoutPrefix } from './prefix.ts';

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta'] as const;
type Part = (typeof parts)[number];

/** A role that a node names: as an entry of `roles` or `dependencies`, or in an `include_role` or `import_role`. */
export interface RoleUse {
  readonly node: Node;
  readonly name: string;
  /** The names of its files, where not `main`. */
  readonly from: Readonly<Partial<Record<Part, string>>>;
}

/** Where the roles of a playbook lie: in `roles/` beside it, or beside it. */
export function rootsBeside(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return [posix.join(folder, 'roles'), folder];
}

/** From inside a role, the roles that lie beside it come first. */
export function rootsInside(dir: string, roots: readonly string[]): readonly string[] {
  const beside = posix.dirname(dir);
  return [beside, ...roots.filter(root => root !== beside)];
}

/** The paths at which a file of a role may lie, in order. */
export function pathsOfPart(dir: string, part: Part, name = 'main'): readonly string[] {
  const file = posix.join(dir, part, name);
  return /\.ya?ml$/.test(name) ? [file] : [`${file}.yml`, `${file}.yaml`];
}

/** The paths of all files of a role that may be there, by part. */
export function pathsOfRole(dir: string, from: RoleUse['from'] = {}): readonly (readonly string[])[] {
  return [...parts.map(part => pathsOfPart(dir, part, from[part])), pathsOfPart(dir, 'meta', 'argument_specs')];
}

/** The folder of a role: the first of those in which any of its files is. */
export function folderOfRole(
  { name, from }: RoleUse,
  roots: readonly string[],
  isThere: (path: string) => boolean,
): string | undefined {
  const folders = roots.map(root => posix.join(root, name));
  return folders.find(dir => pathsOfRole(dir, from).flat().some(isThere));
}

/** The roles that a list of plays, of tasks, or a role's meta/main.yml names, wherever they stand in it. */
export function* rolesIn(node: Node): Generator<RoleUse> {
  if (node.kind === 'list') for (const item of node.items) yield* rolesIn(item);
  if (node.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    const keyword = withoutPrefix(key);
    if ((keyword === 'roles' && entry(node, 'hosts')) || keyword === 'dependencies') {
      for (const item of value.kind === 'list' ? value.items : []) yield* useIn(item);
    } else if (keyword === 'include_role' || keyword === 'import_role') yield* useIn(value);
    else yield* rolesIn(value);
  }
}

/** The name of a role, as a text, or as `role` or `name` of a map; nothing where it is no usable name. */
export function* useIn(node: Node): Generator<RoleUse> {
  const named = node.kind === 'map' ? nameIn(node) : node;
  if (named?.kind !== 'scalar' || typeof named.value !== 'string' || !isRoleName(named.value)) return;
  yield { node: named, name: named.value, from: node.kind === 'map' ? fromIn(node) : {} };
}

export function nameIn(map: MapNode): Node | undefined {
  return (entry(map, 'role') ?? entry(map, 'name'))?.value;
}

function isRoleName(name: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)*$/.test(name) && !name.split('/').includes('..');
}

function fromIn(map: MapNode): RoleUse['from'] {
  const given = parts.flatMap((part): [Part, string][] => {
    const value = entry(map, `${part}_from`)?.value;
    const name = value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
    return name !== undefined && isRoleName(name) ? [[part, name]] : [];
  });
  return Object.fromEntries(given);
}
