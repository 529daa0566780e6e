import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exit, type Io } from './io.ts';
import { kindOfLocal } from './local-file.ts';
import type { SchemaName } from './schemas.ts';

/** Says why nothing was written; gives the exit code. */
export function refuse(io: Io, message: string, hint: string): number {
  io.err.write(`quorate: ${message}\n  → ${hint}\n`);
  return exit.usage;
}

/**
 * Writes the texts, by path, and says which they are and what to type next. Where one of the paths, or of those in `taken`, is there
 * already, it says that and writes none of them.
 */
export async function writeNew(
  io: Io,
  files: ReadonlyMap<string, string>,
  next: string,
  taken: readonly string[] = [],
): Promise<number> {
  const kindOf = kindOfLocal(io);
  for (const path of [...files.keys(), ...taken]) {
    if ((await kindOf(path)) !== undefined)
      return refuse(io, `${path} is there already`, 'take another name, or remove it first');
  }
  for (const [path, text] of files) {
    await mkdir(resolve(io.cwd, dirname(path)), { recursive: true });
    await writeFile(resolve(io.cwd, path), text, { flag: 'wx' });
  }
  io.out.write(`${[...files.keys()].join('\n')}\n\n${next}`);
  return exit.done;
}

/**
 * The line by which an editor finds the schema of a file: relative where quorate lies below the working directory (in its
 * `node_modules`), so that it holds on other machines too, otherwise where it is installed.
 */
export function schemaLine(
  { cwd, packageRoot }: Pick<Io, 'cwd' | 'packageRoot'>,
  file: string,
  name: SchemaName,
): string {
  const schema = join(packageRoot, 'schemas', `${name}.schema.json`);
  const isBelow = !relative(cwd, schema).startsWith('..');
  const address = isBelow ? relative(dirname(resolve(cwd, file)), schema) : pathToFileURL(schema).href;
  return `# yaml-language-server: $schema=${address}\n`;
}
