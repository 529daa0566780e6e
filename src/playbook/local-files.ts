import { posix } from 'node:path';
import type { Span } from '../core/source.ts';

/** What lies at a path of the machine that quorate runs on; undefined where nothing is that can be read. */
export type KindOf = (path: string) => Promise<'file' | 'other' | undefined>;

/**
 * Where a path really lies, where symbolic links lead it out of all the folders `roots` though it is written as one inside of them;
 * undefined otherwise.
 */
export type LeadsOut = (path: string, roots: readonly string[]) => Promise<string | undefined>;

/** A literal name of such a file in a playbook, and where it is looked for. */
export interface NamedFile {
  readonly span: Span;
  readonly name: string;
  readonly folders: readonly string[];
}

/**
 * Where the local files of a task are looked for, in order: in `files/` beside the tasks file that names them and beside it,
 * then likewise beside those that include it, at last beside the playbook; for a file of a role in the role's `files/` and its folder
 * instead. `path`: these files, innermost last; `roles`: the folders of the roles around.
 */
export function foldersOf(path: readonly string[], roles: readonly string[] = []): readonly string[] {
  const beside = path.toReversed().map(file => roles.find(dir => file.startsWith(`${dir}/`)) ?? posix.dirname(file));
  return [...new Set(beside.flatMap(folder => [posix.join(folder, 'files'), folder]))];
}

/** Where templates, or files of vars, are looked for: in a folder of that name where other local files may lie in `files/`. */
export function foldersBeside(folders: readonly string[], kind: 'templates' | 'vars'): readonly string[] {
  return folders.map(folder => (posix.basename(folder) === 'files' ? posix.join(posix.dirname(folder), kind) : folder));
}

/** The paths at which a local file may lie, in order. */
export function pathsOf(name: string, folders: readonly string[]): readonly string[] {
  return posix.isAbsolute(name) ? [name] : folders.map(folder => posix.join(folder, name));
}

/** Why a local file can't be used, and what to do about it; undefined where it can. */
export async function whyNoFile(
  { name, folders }: Omit<NamedFile, 'span'>,
  kindOf: KindOf,
): Promise<{ readonly message: string; readonly hint?: string } | undefined> {
  const paths = pathsOf(name, folders);
  for (const path of paths) {
    const kind = await kindOf(path);
    if (kind === 'file') return undefined;
    if (kind === 'other') return { message: `${path} on this machine is not a regular file` };
  }
  const hint = `it was looked for as ${paths.join(', ')}`;
  return {
    message: `there is no file ${name} on this machine that can be read`,
    ...(paths.length > 1 ? { hint } : {}),
  };
}
