import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { FindModule } from '../playbook/own-modules.ts';
import type { Io } from './io.ts';
import { kindOfLocal } from './local-file.ts';

const ENDINGS = ['ts', 'mts', 'js', 'mjs'];

/**
 * Finds the user's own modules: in `modules/` beside the playbook, or above it where a tasks file lies in a folder of its own;
 * then in `folders` (`--modules`). The text of each that is found goes into `files`.
 */
export function findModules(io: Io, folders: readonly string[], files?: Map<string, string>): FindModule {
  const kindOf = kindOfLocal(io);
  const loaded = new Map<string, ReturnType<FindModule>>();
  // Most names that are asked for are none of modules: then each folder is looked into once.
  const listed = new Map<string, Promise<ReadonlySet<string>>>();
  const namesIn = (folder: string): Promise<ReadonlySet<string>> => {
    const names =
      listed.get(folder) ??
      readdir(resolve(io.cwd, folder)).then(
        all => new Set(all),
        () => new Set<string>(),
      );
    listed.set(folder, names);
    return names;
  };
  return async (name, playbook) => {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) return undefined;
    const beside = dirname(playbook);
    const places = [join(beside, 'modules'), join(beside, '..', 'modules'), ...folders];
    for (const [folder, ending] of places.flatMap(folder => ENDINGS.map(ending => [folder, ending] as const))) {
      const shown = join(folder, `${name}.${ending}`);
      if (!(await namesIn(folder)).has(`${name}.${ending}`) || (await kindOf(shown)) !== 'file') continue;
      const path = resolve(io.cwd, shown);
      files?.set(shown, await readFile(path, 'utf8').catch(() => ''));
      const { loadModule } = await import('../custom/load.ts');
      const module = loaded.get(path) ?? loadModule({ name, path, shown }, join(io.packageRoot, 'dist'));
      loaded.set(path, module);
      return await module;
    }
    return undefined;
  };
}

/** A finding for each folder that is not there; `by`: what names them. */
export async function missingFolders(
  io: Io,
  folders: readonly string[],
  by = '--modules',
): Promise<readonly Diagnostic[]> {
  const found = folders.map(async (folder): Promise<Diagnostic | undefined> => {
    const there = await stat(resolve(io.cwd, folder)).catch(() => undefined);
    if (there?.isDirectory()) return undefined;
    return {
      code: 'file-not-found',
      severity: 'error',
      message: `there is no folder ${folder}, which ${by} names`,
    };
  });
  return (await Promise.all(found)).filter(finding => finding !== undefined);
}
