import { entry, type MapNode, type Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { fileOf, includedPath } from './files.ts';
import { folderOfRole, pathsOfPart, type RoleUse, rootsInside, useIn } from './find-role.ts';
import type { Place } from './place.ts';
import { withoutPrefix } from './prefix.ts';
import { readVars } from './read-values.ts';

type Vars = ReadonlyMap<string, TypedTemplate>;

/** The vars of a node of a role: read once, so that where they are seen inside and outside of it they are the same. */
export function varsOfRole({ r, rolesOfPlay: { read } }: Place, node: Node, what: string): Vars {
  const vars = read.get(node) ?? readVars(r, node, what);
  read.set(node, vars);
  return vars;
}

/** Gives what a role has to the whole play; of two roles the later one's. */
export function expose(
  { rolesOfPlay, names }: Place,
  { vars, defaults }: { readonly vars: Vars; readonly defaults: Vars },
) {
  for (const [name, template] of vars) rolesOfPlay.vars.set(name, template);
  for (const [name, template] of defaults) rolesOfPlay.defaults.set(name, template);
  names.renewed();
}

/**
 * All of a play sees the vars and defaults of the roles that it names for good, what stands before them too, as in Ansible: those of
 * `roles`, what they depend on, and each `import_role`. `play`: what is wrong with it is found when it is read.
 */
export function exposeRoles(place: Place, play: MapNode): void {
  const { files, rolesOfPlay } = place;
  const isThere = (path: string) => files.get(path) !== undefined;
  const enter = (use: RoleUse, node: Node, roots: readonly string[]): void => {
    const dir = folderOfRole(use, roots, isThere);
    if (dir === undefined || rolesOfPlay.exposed.has(use.node)) return;
    rolesOfPlay.exposed.add(use.node);
    const inside = rootsInside(dir, roots);
    const part = (which: 'meta' | 'tasks' | 'vars' | 'defaults') => {
      const path = pathsOfPart(dir, which, use.from[which]).find(isThere);
      const there = path === undefined ? undefined : files.get(path)?.node;
      return path !== undefined && there ? { path, node: there } : undefined;
    };
    const meta = part('meta')?.node;
    if (meta?.kind === 'map') listOf(meta, 'dependencies', inside);
    const varsIn = (which: 'vars' | 'defaults'): Vars => {
      const there = part(which)?.node;
      return there ? varsOfRole(place, there, `${which} of the role ${use.name}`) : new Map();
    };
    const given = node.kind === 'map' && entry(node, 'vars')?.value;
    const own = given ? varsOfRole(place, given, '`vars` of an item of `roles`') : new Map<string, TypedTemplate>();
    expose(place, { vars: new Map([...own, ...varsIn('vars')]), defaults: varsIn('defaults') });
    const tasks = part('tasks');
    if (tasks) visit(tasks.node, tasks.path, inside);
  };
  const listOf = (map: MapNode, key: string, roots: readonly string[]): void => {
    const list = entry(map, key)?.value;
    for (const item of list?.kind === 'list' ? list.items : []) {
      for (const use of useIn(item)) enter(use, item, roots);
    }
  };
  const entered = new Set<string>();
  const visit = (steps: Node, path: string, roots: readonly string[]): void => {
    for (const step of steps.kind === 'list' ? steps.items : []) {
      for (const { key, value } of step.kind === 'map' ? step.entries : []) {
        const keyword = withoutPrefix(key);
        if (/^(block|rescue|always)$/.test(keyword)) visit(value, path, roots);
        if (keyword === 'import_role') for (const use of useIn(value)) enter(use, value, roots);
        if (keyword !== 'import_tasks') continue;
        const file = fileOf(value);
        const found = file?.kind === 'scalar' ? includedPath(path, String(file.value)) : '';
        const there = files.get(found)?.node;
        if (!there || entered.has(found)) continue;
        entered.add(found);
        visit(there, found, roots);
      }
    }
  };
  listOf(play, 'roles', place.roots);
  for (const key of ['pre_tasks', 'tasks', 'post_tasks']) {
    const steps = entry(play, key)?.value;
    if (steps) visit(steps, place.path.at(-1) ?? '', place.roots);
  }
}
