import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { closestMatch } from 'leven';
import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import type { Inventory } from '../core/inventory.ts';
import { validators } from '../generated/validators.js';
import { modules } from '../modules/index.ts';
import type { Inputs } from '../playbook/inputs.ts';
import { type Playbook, type ReadOptions, readPlaybook } from '../playbook/read-playbook.ts';
import type { Io } from './io.ts';
import { kindOfLocal } from './local-file.ts';
import { machineOf } from './machine.ts';
import { leadsOut } from './outside-links.ts';
import { findModules, missingFolders } from './own-modules.ts';
import { readText } from './text-file.ts';
import { varsFolders } from './vars-folders.ts';

/** What every reading of a playbook takes from here; `folders`: where modules of the user's own lie besides. Paths are those of messages: relative to the working directory. */
export function readOptions(io: Io, folders: readonly string[] = [], files?: Map<string, string>): ReadOptions {
  return {
    readFile: readText(io),
    kindOf: kindOfLocal(io),
    leadsOut: leadsOut(io),
    machine: machineOf(io),
    varsFolders: varsFolders(io),
    modules: new Map(modules.map(module => [module.name, module])),
    validators,
    findModule: findModules(io, folders, files),
  };
}

/** Where a playbook lies: a name with a slash or an ending is a path, another one that of a shipped playbook. */
export function playbookPath(io: Io, name: string): string {
  return /[/.]/.test(name) ? name : shown(io, join(io.packageRoot, 'playbooks', `${name}.yml`));
}

/** The names of the playbooks that quorate brings, sorted. */
export async function shippedNames(io: Io): Promise<readonly string[]> {
  const files = await readdir(join(io.packageRoot, 'playbooks'));
  return files.flatMap(file => (file.endsWith('.yml') ? [file.slice(0, -'.yml'.length)] : [])).sort();
}

/** A path as messages show it: from the working directory where that is shorter. */
export function shown(io: Io, path: string): string {
  const short = relative(io.cwd, path);
  return isAbsolute(short) || short.startsWith('..') ? path : short;
}

export interface LoadOptions {
  /** Absent: none was named. */
  readonly inventory?: Outcome<Inventory> | undefined;
  readonly inputs?: Inputs | undefined;
  /** Takes the texts that were read, by path. */
  readonly files?: Map<string, string>;
  /** Where modules of the user's own lie besides `modules/` (`--modules`). */
  readonly folders?: readonly string[] | undefined;
}

/** What reading playbooks takes of an inventory, where one was named. */
export function inventoryOptions(
  read: Outcome<Inventory> | undefined,
): Pick<ReadOptions, 'inventory' | 'isInventoryBroken'> {
  if (!read) return {};
  return read.value ? { inventory: read.value } : { isInventoryBroken: true };
}

/** Reads a playbook by its path or by the name of a shipped one. */
export async function loadPlaybook(
  io: Io,
  name: string,
  { inventory, inputs, files = new Map(), folders = [] }: LoadOptions = {},
): Promise<Outcome<Playbook>> {
  const missing = await missingFolders(io, folders);
  if (missing.length > 0) return { diagnostics: missing };
  const reading = readOptions(io, folders, files);
  const readFile = async (path: string) => {
    const text = await reading.readFile(path);
    if (text !== undefined) files.set(path, text);
    return text;
  };
  const known = { ...inventoryOptions(inventory), ...(inputs ? { inputs } : {}) };
  const options = { ...reading, readFile, ...known };
  if (/[/.]/.test(name)) return readPlaybook(name, options);
  const names = await shippedNames(io);
  if (names.includes(name)) return readPlaybook(playbookPath(io, name), options);
  const unknown: Diagnostic = {
    code: 'file-not-found',
    severity: 'error',
    message: `there is no shipped playbook ${name}`,
    hint: `did you mean ${closestMatch(name, names)}? quorate doc lists them; a path needs a slash or .yml`,
  };
  return { diagnostics: [unknown] };
}
