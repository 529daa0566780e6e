import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Module } from '../core/module.ts';
import { modules } from '../modules/index.ts';
import { didYouMean } from '../playbook/expression/nearest.ts';
import { exit, type Io } from './io.ts';
import { findModules, missingFolders } from './own-modules.ts';
import { report } from './report.ts';
import { isSchemaName, publishedSchema, schemas } from './schemas.ts';

/** `quorate schema [NAME]`: one of the JSON Schemas, with the modules of one's own that lie in modules/ and in `folders`; `--list` names them. */
export async function schemaCommand(
  io: Io,
  name: string,
  options: { modules?: readonly string[]; list?: true },
): Promise<number> {
  if (options.list) {
    const rows = Object.entries(schemas).map(([key, { about }]) => `${key.padEnd(16)}${about}\n`);
    io.out.write(rows.join(''));
    return exit.done;
  }
  if (!isSchemaName(name)) {
    const hint = didYouMean(name, Object.keys(schemas)) ?? `there are ${Object.keys(schemas).join(', ')}`;
    io.err.write(`quorate: there is no schema ${name}\n  → ${hint}\n`);
    return exit.usage;
  }
  const own = await ownModules(io, options.modules ?? []);
  if (!own) return exit.invalid;
  io.out.write(`${JSON.stringify(publishedSchema(name, [...modules, ...own]), undefined, 2)}\n`);
  return exit.done;
}

/** All modules of the user's own; undefined where one cannot be loaded, which is said. */
async function ownModules(io: Io, folders: readonly string[]): Promise<readonly Module[] | undefined> {
  const missing = await missingFolders(io, folders);
  if (missing.length > 0) {
    await report(io, missing);
    return undefined;
  }
  const find = findModules(io, folders);
  const own: Module[] = [];
  for (const folder of ['modules', ...folders]) {
    const entries = await readdir(resolve(io.cwd, folder)).catch(() => []);
    for (const name of new Set(entries.flatMap(entry => /^([a-z][a-z0-9_]*)\.m?[jt]s$/.exec(entry)?.[1] ?? []))) {
      const found = await find(name, 'any.yml');
      if (found && 'why' in found) {
        io.err.write(`quorate: ${found.why}\n  → ${found.hint}\n`);
        return undefined;
      }
      if (found) own.push(found);
    }
  }
  return own;
}
