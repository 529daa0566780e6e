import { posix } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { entry, holdsExpression, type Node } from './document.ts';
import { parseYaml } from './yaml.ts';

/** Gives a file's text; undefined where it cannot be read. */
export type ReadFile = (path: string) => Promise<string | undefined>;

export interface ReadSource {
  readonly source: Source;
  /** Absent where it has errors of syntax, or nothing in it. */
  readonly node?: Node;
  readonly diagnostics: readonly Diagnostic[];
}

/** A playbook's file and every tasks file that it reaches, by path; undefined for what cannot be read. */
export type Files = ReadonlyMap<string, ReadSource | undefined>;

/** Keys, and module names, come with or without the prefix of Ansible's own collection. */
export function withoutPrefix(key: string): string {
  return key.replace(/^ansible\.(builtin|legacy)\./, '');
}

/** The path of an included file, from the path of the file that names it. */
export function includedPath(from: string, file: string): string {
  return posix.isAbsolute(file) ? posix.normalize(file) : posix.join(posix.dirname(from), file);
}

/** Reads a file and what it includes, directly and through others, each once. */
export async function readFiles(path: string, readFile: ReadFile): Promise<Map<string, ReadSource | undefined>> {
  const files = new Map<string, ReadSource | undefined>();
  const wanted = [path];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (files.has(next)) continue;
    const read = await readOne(next, readFile);
    files.set(next, read);
    if (read?.node) for (const file of includedBy(read.node)) wanted.push(includedPath(next, file));
  }
  return files;
}

/** Undefined where it cannot be read. */
export async function readOne(path: string, readFile: ReadFile): Promise<ReadSource | undefined> {
  const text = await readFile(path);
  if (text === undefined) return undefined;
  const source = { name: path, text };
  const { value, diagnostics } = parseYaml(source);
  return { source, diagnostics, ...(value ? { node: value } : {}) };
}

/** The names of the tasks files that stand in it, wherever; what is wrong with them is found when steps are read. */
function* includedBy(node: Node): Generator<string> {
  if (node.kind === 'list') for (const item of node.items) yield* includedBy(item);
  if (node.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    if (/^(include|import)_tasks$/.test(withoutPrefix(key))) {
      const file = fileOf(value);
      if (file?.kind === 'scalar' && typeof file.value === 'string' && !holdsExpression(file)) yield file.value;
    } else yield* includedBy(value);
  }
}

/** The file of an include: its text, or the `file` of a map. */
export function fileOf(value: Node): Node | undefined {
  return value.kind === 'map' ? entry(value, 'file')?.value : value;
}
