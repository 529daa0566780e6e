import { glob, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Io } from './io.ts';

/** What there is to lint. Paths are as they were named, or begin with the folder that was. */
export interface Found {
  readonly files: readonly string[];
  /** Those of them that nobody named: they were found in a folder, or by a glob. */
  readonly unnamed: ReadonlySet<string>;
  /** `file-not-found` for what names nothing. */
  readonly missing: readonly Diagnostic[];
}

/** Files, folders (their YAML files at any depth), and globs that no shell has expanded. `excluded` holds for what is not named itself. */
export async function filesToLint(
  io: Io,
  paths: readonly string[],
  excluded: (path: string) => boolean,
): Promise<Found> {
  const files = new Set<string>();
  const unnamed = new Set<string>();
  const missing: Diagnostic[] = [];
  for (const path of paths) {
    const there = await stat(resolve(io.cwd, path)).catch(() => undefined);
    const found = there?.isDirectory() ? await below(io, path) : there ? undefined : await matching(io, path);
    if (there && !found) {
      files.add(path);
      unnamed.delete(path);
    }
    for (const file of found ?? []) {
      if (excluded(file) || files.has(file)) continue;
      files.add(file);
      unnamed.add(file);
    }
    if (!there && found?.length === 0) missing.push(nothing(path));
  }
  return { files: [...files], unnamed, missing };
}

function nothing(path: string): Diagnostic {
  const message = isGlob(path) ? `no file matches ${path}` : `there is no file or folder ${path}`;
  return { code: 'file-not-found', severity: 'error', message };
}

const isGlob = (path: string): boolean => /[*?[{]/.test(path);

/** Hidden ones, such as those of .git, belong to other programs. */
const isSkipped = (name: string): boolean => name === 'node_modules' || name.startsWith('.');

/** Links to folders are not followed. */
async function below(io: Io, folder: string): Promise<readonly string[]> {
  const entries = await readdir(resolve(io.cwd, folder), { withFileTypes: true }).catch(() => []);
  const kept = entries.filter(entry => !isSkipped(entry.name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const found = kept.map(async entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return below(io, path);
    return /\.ya?ml$/.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

async function matching(io: Io, pattern: string): Promise<readonly string[]> {
  if (!isGlob(pattern)) return [];
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: io.cwd, exclude: name => isSkipped(name) && name !== '.' }))
    found.push(path);
  const files = await Promise.all(found.map(path => stat(resolve(io.cwd, path)).catch(() => undefined)));
  return found.filter((_, i) => files[i]?.isFile()).toSorted();
}
