import { pathToFileURL } from 'node:url';
import type { Module } from '../core/module.ts';
import { isModule, whyNoModule } from './check.ts';
import { ownModule, placeIn } from './own.ts';
import { compileParams } from './params.ts';
import { resolveQuorate } from './resolve.ts';

/** Why a file of the user's own gives no module. */
export interface NoModule {
  readonly why: string;
  readonly hint: string;
}

/** A file that is to define the module `name`. */
export interface ModuleFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** As messages show it. */
  readonly shown: string;
}

/**
 * Imports a module that the user wrote: runs its file, which finds `quorate` in `dist`, the folder of the running program. Node
 * itself strips the types of a .ts file.
 */
export async function loadModule({ name, path, shown }: ModuleFile, dist: string): Promise<Module | NoModule> {
  let exported: { readonly default?: unknown };
  try {
    resolveQuorate(dist);
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    return { why: `${shown} cannot be loaded: ${inOneLine(error)}${placeIn(error, path)}`, hint: hintFor(error) };
  }
  const { default: found } = exported;
  if (!isModule(found, name)) {
    return {
      why: `${shown} ${whyNoModule(found, name)}`,
      hint: 'docs/writing-a-module.md tells what a module is made of',
    };
  }
  try {
    return ownModule(found, shown, compileParams(found.params));
  } catch (error) {
    return {
      why: `${shown} has \`params\` that are no schema: ${inOneLine(error)}`,
      hint: 'build them with `Type` of quorate',
    };
  }
}

const inOneLine = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replace(/\s*\n\s*/g, ' ');

function hintFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'TypeScript needs Node 22.18 or newer; or write it in JavaScript';
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return 'Node only strips types: no enums, no parameter properties';
  if (code === 'ERR_MODULE_NOT_FOUND')
    return 'what a module needs of quorate, `Type` among it, it imports from `quorate`';
  return 'quorate lint loads it too: mend it, and try that first';
}
