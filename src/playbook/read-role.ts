import { posix } from 'node:path';
import type { Include, Step } from '../core/plan.ts';
import { entry, type MapNode, type Node } from './document.ts';
import { expose, varsOfRole } from './exposed-roles.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anything } from './expression/types.ts';
import { folderOfRole, nameIn, pathsOfPart, type RoleUse, rootsInside, useIn } from './find-role.ts';
import { type Inherited, readInherited } from './inherited.ts';
import {
  importRoleKeywords,
  includedRoleKeywords,
  includeRoleKeywords,
  replaced,
  roleEntryKeywords,
  roleFileKeywords,
  roleMetaKeywords,
} from './keywords.ts';
import { type ModuleDefaults, readModuleDefaults } from './module-defaults.ts';
import { optional, type Place, readBase, type TypedScope, withLoop } from './place.ts';
import { withoutPrefix } from './prefix.ts';
import { withApply } from './read-apply.ts';
import { readSteps } from './read-steps.ts';
import { checkIdentifier, readBoolean, readList, readTemplate } from './read-values.ts';
import { argumentsTask } from './role-arguments.ts';
import { toJson } from './to-json.ts';

type Vars = ReadonlyMap<string, TypedTemplate>;

/** How a role is entered: what stands with its name. */
interface Entered {
  readonly use: RoleUse;
  readonly id: string;
  readonly node: Node;
  readonly name?: TypedTemplate;
  readonly when: readonly TypedTemplate[];
  readonly tags: readonly string[];
  readonly inherited: Inherited;
  readonly moduleDefaults: ModuleDefaults;
  /** Farther than the role's own vars. */
  readonly vars: Vars;
  readonly params: Vars;
  /** `vars` of an `import_role`. */
  readonly around?: Vars;
  /** What is given to it, where the same role with the same is not done again. */
  readonly once?: string;
  /** True where the rest of the play sees its vars and defaults. */
  readonly exposes: boolean;
  /** True for an `include_role`, whose handlers are those of another entry where there is one. */
  readonly dynamic?: true;
}

/** The roles of a play, or those that a role depends on: each is done once, unless it is given something else or says that it may be done again. */
export function readRoles(place: Place, node: Node, prefix: string, what: string, exposes = true): readonly Step[] {
  return readList(place.r, node, what, 'a list of roles').flatMap((item, i) => {
    const entered = readEntry(place, item, `${prefix}${i}`, what);
    return entered ? enter(place, { ...entered, exposes, once: once(item) }) : [];
  });
}

function readEntry(place: Place, node: Node, id: string, what: string): Omit<Entered, 'exposes'> | undefined {
  const { r } = place;
  const [use] = useIn(node);
  if (!use) {
    r.invalid(node.kind === 'map' ? (nameIn(node) ?? node) : node, `an item of ${what}`, 'the name of a role');
    return undefined;
  }
  const map: MapNode = node.kind === 'map' ? node : { kind: 'map', span: node.span, entries: [] };
  const { value, vars, when, tags } = readBase(place, map, roleEntryKeywords, `an item of ${what}`);
  const params = new Map<string, TypedTemplate>();
  for (const { key, keySpan, value: given } of map.entries) {
    if (Object.hasOwn(roleEntryKeywords, key)) continue;
    if (checkIdentifier(r, key, keySpan)) params.set(key, readTemplate(r, given));
  }
  const inherited = readInherited(place, value);
  const moduleDefaults = readModuleDefaults(r, place.moduleDefaults, value('module_defaults'));
  const own = value('vars');
  const known = own ? varsOfRole(place, own, '`vars`') : vars;
  return { use, id, node, when, tags, inherited, moduleDefaults, vars: known, params };
}

/** `include_role` or `import_role`. */
export function readRoleStep(place: Place, map: MapNode, mode: Include['mode'], id: string): Include | readonly Step[] {
  const { r, names } = place;
  const keyword = `${mode}_role`;
  const keywords = mode === 'include' ? includeRoleKeywords : importRoleKeywords;
  const given = map.entries.find(e => withoutPrefix(e.key) === keyword)?.value;
  r.checkKeywords(map, keywords, `\`${keyword}\``, key => withoutPrefix(key) === keyword);
  const inside = mode === 'include' ? includedRoleKeywords : roleFileKeywords;
  if (given?.kind === 'map') r.checkKeywords(given, inside, `\`${keyword}\``);
  const { value, name, vars, when, tags } = readBase(place, map, keywords, `\`${keyword}\``);
  const [use] = given?.kind === 'map' ? useIn(given) : [];
  if (given?.kind !== 'map' || !use) {
    r.invalid(given ?? map, `\`${keyword}\``, 'a map with the `name` of a role, without expressions');
    return [];
  }
  const common = { use, id, node: map, ...optional('name', name), when, tags };
  if (mode === 'import') {
    const inherited = readInherited(place, value);
    const moduleDefaults = readModuleDefaults(r, place.moduleDefaults, value('module_defaults'));
    return enter(place, {
      ...common,
      inherited,
      moduleDefaults,
      vars: new Map(),
      params: new Map(),
      around: vars,
      exposes: true,
    });
  }
  const apply = entry(given, 'apply')?.value;
  const publicNode = entry(given, 'public')?.value;
  return withLoop(place, value('loop'), value('loop_control'), loop =>
    names.within('handed', vars, () => {
      if (name) names.check(name);
      names.checkConditions(when);
      // Worked out once, on entering.
      const values = new Map([...vars.keys()].map(key => [key, names.get(key) ?? anything]));
      return names.within('handed', values, () => {
        const exposes = publicNode ? readBoolean(r, publicNode, '`public`') === true : false;
        return withApply({ ...place, tags }, apply, id, (holding, wrap) => {
          const own = {
            ...common,
            ...holding,
            when: [],
            vars: new Map(),
            params: new Map(),
            exposes,
            dynamic: true as const,
          };
          return enter(place, own).map(entered => ({
            ...entered,
            body: wrap(entered.body),
            mode,
            when,
            vars,
            ...optional('loop', loop),
          }));
        });
      });
    }),
  );
}

/** The role as a step, or nothing where it is not there. */
function enter(place: Place, entered: Entered): readonly Include[] {
  const { r, files, names } = place;
  const { use, id } = entered;
  const isThere = (path: string) => files.get(path) !== undefined;
  const dir = folderOfRole(use, place.roots, isThere);
  if (dir === undefined) {
    const looked = place.roots.map(root => posix.join(root, use.name)).join(', ');
    r.error('file-not-found', use.node.span, `there is no role ${use.name}`, {
      hint: `it was looked for as ${looked}`,
    });
    return [];
  }
  if (place.roleDirs.includes(dir)) {
    const way = [...place.roleDirs.slice(place.roleDirs.indexOf(dir)), dir].join(' → ');
    r.error('include-loop', use.node.span, `the role ${use.name} enters itself: ${way}`);
    return [];
  }
  const part = (which: 'tasks' | 'defaults' | 'vars' | 'meta'): Node | undefined => {
    const paths = pathsOfPart(dir, which, use.from[which]);
    const file = paths.map(path => files.get(path)).find(one => one !== undefined);
    if (!file && use.from[which] !== undefined) {
      r.error('file-not-found', use.node.span, `the role ${use.name} has no ${paths[0]} that can be read`);
    }
    r.report(...(file?.diagnostics ?? []));
    return file?.node;
  };
  const varsIn = (which: 'defaults' | 'vars'): Vars => {
    const node = part(which);
    return node ? varsOfRole(place, node, `${which} of the role ${use.name}`) : new Map();
  };
  const meta = part('meta');
  if (meta?.kind === 'map') checkMeta(place, meta);
  const own: TypedScope = {
    name: use.name,
    params: entered.params,
    around: entered.around ?? new Map(),
    vars: new Map([...entered.vars, ...varsIn('vars')]),
    defaults: varsIn('defaults'),
  };
  const tasksPath = pathsOfPart(dir, 'tasks', use.from.tasks).find(isThere);
  const inside: Place = {
    ...place,
    path: tasksPath === undefined ? place.path : [...place.path, tasksPath],
    roots: rootsInside(dir, place.roots),
    roleDirs: [...place.roleDirs, dir],
    scopes: [...place.scopes, own],
    tags: entered.tags,
    inherited: entered.inherited,
    moduleDefaults: entered.moduleDefaults,
  };
  if (!entered.dynamic || !place.rolesOfPlay.entered.has(dir)) place.rolesOfPlay.entered.set(dir, inside);
  const body = names.inRole(own, () =>
    names.within('handed', new Map(), () => {
      if (entered.name) names.check(entered.name);
      names.checkConditions(entered.when);
      const depends = meta?.kind === 'map' ? entry(meta, 'dependencies')?.value : undefined;
      const tasks = part('tasks');
      return [
        ...(depends ? readRoles(inside, depends, `${id}.d`, '`dependencies`', entered.exposes) : []),
        ...argumentsTask(inside, { dir, use, id, given: entered }),
        ...(tasks ? readSteps(inside, tasks, `${id}.t`, `\`${tasksPath}\``) : []),
      ];
    }),
  );
  const exposes = entered.exposes && !place.rolesOfPlay.exposed.has(use.node);
  if (exposes) expose(place, own);
  return [
    {
      kind: 'include',
      mode: 'import',
      id,
      span: entered.node.span,
      ...optional('name', entered.name),
      when: entered.when,
      vars: new Map(),
      tags: entered.tags,
      file: use.name,
      role: own,
      ...(exposes ? { exposes } : {}),
      ...(entered.once === undefined || mayRepeat(place, meta) ? {} : { once: `${dir} ${entered.once}` }),
      body,
    },
  ];
}

/** A role may be somebody else's, so that what tells only Galaxy something is no error. */
function checkMeta({ r }: Place, meta: MapNode): void {
  r.checkKeywords(meta, roleMetaKeywords, 'meta/main.yml', key => key === 'galaxy_info');
  const galaxy = meta.entries.find(({ key }) => key === 'galaxy_info');
  if (!galaxy) return;
  const hint = replaced.galaxy_info;
  r.warning('unknown-keyword', galaxy.keySpan, '`galaxy_info` is not a keyword of meta/main.yml', { hint });
}

function mayRepeat({ r }: Place, meta: Node | undefined): boolean {
  const allowed = meta?.kind === 'map' ? entry(meta, 'allow_duplicates')?.value : undefined;
  return allowed !== undefined && readBoolean(r, allowed, '`allow_duplicates`') === true;
}

/** By what a role in a list is known: what is given to it. */
function once(node: Node): string {
  const given = (node.kind === 'map' ? node.entries : []).filter(({ key }) => key !== 'role' && key !== 'name');
  return JSON.stringify(given.map(({ key, value }) => [key, toJson(value)]));
}
