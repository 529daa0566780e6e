import type { Span } from '../core/source.ts';
import { entry, type Node } from './document.ts';
import { type Files, includedBy, includedPath } from './files.ts';
import { folderOfRole, pathsOfPart, type RoleUse, rolesIn, rootsInside } from './find-role.ts';

/** A role that a play enters somewhere. */
export interface ReachedRole {
  readonly name: string;
  readonly dir: string;
  /** Its handlers/main.yml, where it has one. */
  readonly handlers?: { readonly path: string; readonly node: Node };
}

/** What a node of a playbook reaches: its own lists of tasks and those of the files and roles that it enters, and these roles. */
export interface Reach {
  readonly nodes: readonly Node[];
  readonly roles: readonly ReachedRole[];
}

/** `roots`: where roles are looked for. Each file is reached once. */
export function reachOf(node: Node, path: string, files: Files, roots: readonly string[]): Reach {
  const nodes = [node];
  const roles = new Map<string, ReachedRole>();
  const seen = new Set<string>();
  const open = (file: string, inside: readonly string[]): Node | undefined => {
    const there = files.get(file)?.node;
    if (!there || seen.has(file)) return there;
    seen.add(file);
    nodes.push(there);
    visit(there, file, inside);
    return there;
  };
  const enter = (use: RoleUse, around: readonly string[]): void => {
    const dir = folderOfRole(use, around, one => files.get(one) !== undefined);
    if (dir === undefined) return;
    const inside = rootsInside(dir, around);
    const partOf = (part: 'meta' | 'tasks' | 'handlers') => {
      const at = pathsOfPart(dir, part, use.from[part]).find(one => files.get(one));
      const there = at === undefined ? undefined : open(at, inside);
      return at !== undefined && there ? { path: at, node: there } : undefined;
    };
    const isNew = !roles.has(dir);
    partOf('meta');
    const handlers = partOf('handlers');
    if (isNew) roles.set(dir, { name: use.name, dir, ...(handlers ? { handlers } : {}) });
    partOf('tasks');
  };
  const visit = (at: Node, from: string, around: readonly string[]): void => {
    for (const { file } of includedBy(at)) open(includedPath(from, file), around);
    for (const use of rolesIn(at)) enter(use, around);
  };
  visit(node, path, roots);
  return { nodes, roles: [...roles.values()] };
}

/** Every register of lists of tasks, with the place of the first task that sets it. */
export function registersIn(nodes: readonly Node[]): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  const visit = (at: Node): void => {
    if (at.kind === 'list') for (const item of at.items) visit(item);
    if (at.kind !== 'map') return;
    const register = entry(at, 'register')?.value;
    if (register?.kind === 'scalar' && typeof register.value === 'string' && !found.has(register.value)) {
      found.set(register.value, register.span);
    }
    const lists = ['block', 'rescue', 'always', 'tasks', 'pre_tasks', 'post_tasks', 'handlers'];
    for (const { key, value } of at.entries) if (lists.includes(key)) visit(value);
  };
  for (const node of nodes) visit(node);
  return found;
}
