import type { Module } from '../core/module.ts';
import type { Span } from '../core/source.ts';
import type { Node } from './document.ts';
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
  roleEntryKeywords,
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
  roleEntryKeywords,
];

/** What may be the name of a module, with the place where it stands first: the keys of lists' maps, less the keywords. */
function named(files: Files): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  const look = (node: Node): void => {
    if (node.kind === 'list') {
      for (const item of node.items) {
        for (const { key, keySpan } of item.kind === 'map' ? item.entries : []) {
          const name = withoutPrefix(key);
          if (!found.has(name) && !keywords.some(table => Object.hasOwn(table, name))) found.set(name, keySpan);
        }
        look(item);
      }
    }
    if (node.kind === 'map') for (const { value } of node.entries) look(value);
  };
  for (const file of files.values()) if (file?.node) look(file.node);
  return found;
}
