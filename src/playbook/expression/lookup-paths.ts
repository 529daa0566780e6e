import { posix } from 'node:path';

/**
 * Where a lookup of a file looks: an absolute name there, others in `files/` beside the file that the expression stands in and
 * beside it; from a template in `templates/`, first likewise in the folder above.
 */
export function lookupPaths(name: string, from: string): readonly string[] {
  return posix.isAbsolute(name) ? [name] : lookupFolders(from).map(folder => posix.join(folder, name));
}

export function lookupFolders(from: string): readonly string[] {
  const folder = posix.dirname(from);
  const beside = posix.basename(folder) === 'templates' ? [posix.dirname(folder), folder] : [folder];
  return beside.flatMap(one => [posix.join(one, 'files'), one]);
}
