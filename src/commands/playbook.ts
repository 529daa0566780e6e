import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { closestMatch } from 'leven';
import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import type { Inventory } from '../core/inventory.ts';
import { validators } from '../generated/validators.js';
import { modules } from '../modules/index.ts';
import { type Playbook, type ReadOptions, readPlaybook } from '../playbook/read-playbook.ts';
import type { Io } from './io.ts';
import { kindOfLocal } from './local-file.ts';
import { machineOf } from './machine.ts';

/** What every reading of a playbook takes from here. Paths are those of messages: relative to the working directory. */
export function readOptions(io: Io): ReadOptions {
  return {
    readFile: path => readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined),
    kindOf: kindOfLocal(io),
    machine: machineOf(io),
    modules: new Map(modules.map(module => [module.name, module])),
    validators,
  };
}

/** A path as messages show it: from the working directory where that is shorter. */
function shown(io: Io, path: string): string {
  const short = relative(io.cwd, path);
  return isAbsolute(short) || short.startsWith('..') ? path : short;
}

/**
 * Reads a playbook by its path or by the name of a shipped one. A name with a slash or an ending is a path. The texts that
 * were read go into `files`.
 */
export async function loadPlaybook(
  io: Io,
  name: string,
  inventory?: Inventory,
  files = new Map<string, string>(),
): Promise<Outcome<Playbook>> {
  const reading = readOptions(io);
  const readFile = async (path: string) => {
    const text = await reading.readFile(path);
    if (text !== undefined) files.set(path, text);
    return text;
  };
  const options = { ...reading, readFile, ...(inventory ? { inventory } : {}) };
  if (/[/.]/.test(name)) return readPlaybook(name, options);
  const shipped = join(io.packageRoot, 'playbooks');
  const names = (await readdir(shipped)).filter(f => f.endsWith('.yml')).map(f => f.replace(/\.yml$/, ''));
  if (names.includes(name)) return readPlaybook(shown(io, join(shipped, `${name}.yml`)), options);
  const missing: Diagnostic = {
    code: 'file-not-found',
    severity: 'error',
    message: `there is no shipped playbook ${name}`,
    hint: `did you mean ${closestMatch(name, names)}? quorate doc lists them; a path needs a slash or .yml`,
  };
  return { diagnostics: [missing] };
}
