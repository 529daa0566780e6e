import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { LeadsOut } from '../playbook/local-files.ts';
import type { Io } from './io.ts';

/** Links of this machine. */
export function leadsOut(io: Io): LeadsOut {
  const reals = new Map<string, string | undefined>();
  const realOf = (path: string): string | undefined => {
    if (!reals.has(path)) reals.set(path, real(path));
    return reals.get(path);
  };
  const fileAt = (path: string): string | undefined => {
    const folder = realOf(dirname(path));
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (folder === undefined || !there) return undefined;
    return there.isSymbolicLink() ? real(path) : join(folder, basename(path));
  };
  return async (path, roots) => {
    const written = resolve(io.cwd, path);
    const real = fileAt(written);
    if (real === undefined || real === written) return undefined;
    const folders = roots.map(root => resolve(io.cwd, root));
    if (!folders.some(folder => isInside(written, folder))) return undefined;
    const there = folders.map(realOf).filter(folder => folder !== undefined);
    return there.some(folder => isInside(real, folder)) ? undefined : real;
  };
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../');
}
