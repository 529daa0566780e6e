import { posix } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { entry, holdsExpression, type Node } from './document.ts';
import { pathsOfRole, type RoleUse, rolesIn, rootsBeside, rootsInside } from './find-role.ts';
import { withoutPrefix } from './prefix.ts';
import { parseYaml } from './yaml.ts';

/** Gives a file's text; undefined where it cannot be read. */
export type ReadFile = (path: string) => Promise<string | undefined>;

export interface ReadSource {
  readonly source: Source;
  /** Absent where it has errors of syntax, or nothing in it. */
  readonly node?: Node;
  readonly diagnostics: readonly Diagnostic[];
}

/** Gives a file that is parsed; undefined where it cannot be read. */
export type ReadSources = (path: string) => Promise<ReadSource | undefined>;

/** A playbook's file and every file that it reaches, by path; undefined for what cannot be read. */
export type Files = ReadonlyMap<string, ReadSource | undefined>;

/** The path of an included file, from the path of the file that names it. */
export function includedPath(from: string, file: string): string {
  return posix.isAbsolute(file) ? posix.normalize(file) : posix.join(posix.dirname(from), file);
}

/** Reads a file, what it includes, and the roles that it names, directly and through others, each once. */
export async function readFiles(path: string, readSource: ReadSources): Promise<Map<string, ReadSource | undefined>> {
  const reader = new FilesReader(readSource);
  await reader.enter(path, rootsBeside(path));
  return reader.files;
}

class FilesReader {
  readonly files = new Map<string, ReadSource | undefined>();
  readonly #readSource: ReadSources;

  constructor(readSource: ReadSources) {
    this.#readSource = readSource;
  }

  /** `roots`: where roles are looked for. */
  async enter(path: string, roots: readonly string[]): Promise<void> {
    if (this.files.has(path)) return;
    this.files.set(path, undefined);
    const read = await this.#readSource(path);
    this.files.set(path, read);
    const value = read?.node;
    if (!value) return;
    for (const { file, isPlaybook } of includedBy(value)) {
      const included = includedPath(path, file);
      await this.enter(included, isPlaybook ? rootsBeside(included) : roots);
    }
    for (const use of rolesIn(value)) await this.#enterRole(use, roots);
  }

  async #enterRole({ name, from }: RoleUse, roots: readonly string[]): Promise<void> {
    for (const root of roots) {
      const dir = posix.join(root, name);
      const inside = rootsInside(dir, roots);
      for (const paths of pathsOfRole(dir, from)) {
        for (const path of paths) {
          await this.enter(path, inside);
          if (this.files.get(path)) break;
        }
      }
      if (
        pathsOfRole(dir, from)
          .flat()
          .some(path => this.files.get(path))
      )
        return;
    }
  }
}

/** Reads and parses each file anew. */
export function readingSources(readFile: ReadFile): ReadSources {
  return async path => {
    const text = await readFile(path);
    if (text === undefined) return undefined;
    const source = { name: path, text };
    const { value, diagnostics } = parseYaml(source);
    return { source, diagnostics, ...(value ? { node: value } : {}) };
  };
}

/** Reads and parses each file once, for playbooks that share files. */
export function readingOnce(readFile: ReadFile) {
  const sources = new Map<string, Source>();
  const known = new Map<string, Promise<ReadSource | undefined>>();
  const parsed = readingSources(readFile);
  const file = memo(async path => {
    const read = await parsed(path);
    if (read) sources.set(path, read.source);
    return read;
  }, known);
  /** For a file that hardly anything asks for again: nodes take a hundred times the memory of their text. */
  const forget = (path: string): void => {
    known.delete(path);
  };
  return { file, forget, sources };
}

/** What gives the same for the same name, asked once for each that is not `known`. */
export function memo<T>(
  find: (name: string) => Promise<T>,
  known = new Map<string, Promise<T>>(),
): (name: string) => Promise<T> {
  return name => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

/** The names of the tasks files and playbooks that stand in it, wherever; what is wrong with them is found when steps are read. */
export function* includedBy(node: Node): Generator<{ readonly file: string; readonly isPlaybook: boolean }> {
  if (node.kind === 'list') for (const item of node.items) yield* includedBy(item);
  if (node.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    const keyword = withoutPrefix(key);
    if (/^(include_tasks|import_tasks|import_playbook)$/.test(keyword)) {
      const file = fileOf(value);
      if (file?.kind === 'scalar' && typeof file.value === 'string' && !holdsExpression(file))
        yield { file: file.value, isPlaybook: keyword === 'import_playbook' };
    } else yield* includedBy(value);
  }
}

/** The file of an include: its text, or the `file` of a map. */
export function fileOf(value: Node): Node | undefined {
  return value.kind === 'map' ? entry(value, 'file')?.value : value;
}

/** True for a list of tasks, which a play includes and which cannot be run by itself. */
export function isTasksFile(node: Node): boolean {
  if (node.kind !== 'list' || node.items.length === 0) return false;
  const playKeys = ['hosts', 'tasks', 'pre_tasks', 'post_tasks', 'params', 'roles', 'import_playbook', 'handlers'];
  return node.items.every(
    item => item.kind === 'map' && !item.entries.some(e => playKeys.includes(withoutPrefix(e.key))),
  );
}
