import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Module } from '../core/module.ts';
import { modules } from '../modules/index.ts';
import { playbookSchema } from './editor-schema.ts';
import { exit, type Io } from './io.ts';
import { findModules, missingFolders } from './own-modules.ts';
import { report } from './report.ts';

/** `quorate schema`: the JSON Schema of playbooks for an editor, with the modules of one's own that lie in modules/ and in `folders`. */
export async function schemaCommand(io: Io, folders: readonly string[]): Promise<number> {
  const missing = await missingFolders(io, folders);
  if (missing.length > 0) {
    await report(io, missing);
    return exit.invalid;
  }
  const find = findModules(io, folders);
  const own: Module[] = [];
  for (const folder of ['modules', ...folders]) {
    const entries = await readdir(resolve(io.cwd, folder)).catch(() => []);
    for (const name of new Set(entries.flatMap(entry => /^([a-z][a-z0-9_]*)\.m?[jt]s$/.exec(entry)?.[1] ?? []))) {
      const found = await find(name, 'any.yml');
      if (found && 'why' in found) {
        io.err.write(`quorate: ${found.why}\n  → ${found.hint}\n`);
        return exit.invalid;
      }
      if (found) own.push(found);
    }
  }
  io.out.write(`${JSON.stringify(playbookSchema([...modules, ...own]), undefined, 2)}\n`);
  return exit.done;
}
