import type { Module } from '../core/module.ts';
import type { Span } from '../core/source.ts';
import { entry, type MapNode, type Node } from './document.ts';
import type { Files } from './files.ts';
import {
  blockKeywords,
  handlerKeywords,
  importKeywords,
  importPlaybookKeywords,
  importRoleKeywords,
  includeKeywords,
  includeRoleKeywords,
  metaKeywords,
  playKeywords,
} from './keywords.ts';
import { withoutPrefix } from './prefix.ts';

/** Why a file that should define a module doesn't. */
export interface ModuleProblem {
  readonly why: string;
  readonly hint: string;
}

/** Finds and loads the module of that name which the user wrote for a playbook, by the playbook's path; undefined: there is none. */
export type FindModule = (name: string, playbook: string) => Promise<Module | ModuleProblem | undefined>;

/** The user's own modules that a playbook names. */
export interface OwnModules {
  readonly modules: readonly Module[];
  /** By name: where it is named first, and what is wrong with it. */
  readonly broken: ReadonlyMap<string, ModuleProblem & { readonly span: Span }>;
}

/** Loads, of the modules that the files name and that are not `known`, those that the user wrote. */
export async function ownModules(
  path: string,
  files: Files,
  known: ReadonlyMap<string, Module>,
  find: FindModule | undefined,
): Promise<OwnModules> {
  const modules: Module[] = [];
  const broken = new Map<string, ModuleProblem & { readonly span: Span }>();
  for (const [name, span] of find ? named(files) : []) {
    if (known.has(name)) continue;
    const found = await find?.(name, path);
    if (!found) continue;
    if ('why' in found) broken.set(name, { ...found, span });
    else modules.push(found);
  }
  return { modules, broken };
}

const keywords = [
  playKeywords,
  blockKeywords,
  handlerKeywords,
  includeKeywords,
  importKeywords,
  includeRoleKeywords,
  importRoleKeywords,
  importPlaybookKeywords,
  metaKeywords,
];

const stepsOfPlay = ['pre_tasks', 'tasks', 'post_tasks', 'handlers'];
const stepsOfBlock = ['block', 'rescue', 'always'];

/** What may be the name of a module, with the place where it stands first: the keys of tasks, less the keywords. */
function named(files: Files): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  const lookInto = (map: MapNode, keys: readonly string[]): void => {
    for (const { key, value } of map.entries) if (keys.includes(key)) look(value);
  };
  /** A list of tasks, or of plays, by what stands in them. */
  const look = (node: Node): void => {
    for (const item of node.kind === 'list' ? node.items : []) {
      if (item.kind !== 'map') continue;
      if (['hosts', ...stepsOfPlay].some(key => entry(item, key))) {
        lookInto(item, stepsOfPlay);
        continue;
      }
      for (const { key, keySpan } of item.entries) {
        const name = withoutPrefix(key);
        if (!found.has(name) && !keywords.some(table => Object.hasOwn(table, name))) found.set(name, keySpan);
      }
      lookInto(item, stepsOfBlock);
    }
  };
  for (const file of files.values()) if (file?.node) look(file.node);
  return found;
}
