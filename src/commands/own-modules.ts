import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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
  return async (name, playbook) => {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) return undefined;
    const beside = dirname(playbook);
    const places = [join(beside, 'modules'), join(beside, '..', 'modules'), ...folders];
    for (const shown of places.flatMap(folder => ENDINGS.map(ending => join(folder, `${name}.${ending}`)))) {
      if ((await kindOf(shown)) !== 'file') continue;
      const path = resolve(io.cwd, shown);
      files?.set(shown, await readFile(path, 'utf8').catch(() => ''));
      const { loadModule } = await import('../custom/load.ts');
      const module = loaded.get(path) ?? loadModule({ name, path, shown }, join(io.packageRoot, 'dist/api.js'));
      loaded.set(path, module);
      return await module;
    }
    return undefined;
  };
}
