// The examples of docs/language.md: each a folder of docs/examples with a playbook, what else it needs, and what happens when it is
// run (expected.txt, written by test/language/examples.test.ts).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export const examplesFolder = 'docs/examples';

/** A file of an example; `name` from its folder. */
interface ExampleFile {
  readonly name: string;
  readonly text: string;
}

export interface Example {
  readonly name: string;
  /** The playbook first. */
  readonly files: readonly ExampleFile[];
  /** The words of the command line. */
  readonly options: string;
  readonly expected: string;
  /** The keywords that it uses: `play serial`, `task when`, `param enum`. */
  readonly uses: ReadonlySet<string>;
}

export async function readExamples(): Promise<readonly Example[]> {
  const names = (await readdir(examplesFolder)).toSorted();
  return await Promise.all(names.map(readExample));
}

async function readExample(name: string): Promise<Example> {
  const folder = join(examplesFolder, name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const texts = await Promise.all(paths.map(async path => [path, await readFile(path, 'utf8')] as const));
  const all = new Map(texts.map(([path, text]) => [path.slice(folder.length + 1), text]));
  const yaml = [...all].filter(([file]) => file.endsWith('.yml')).map(([file, text]) => ({ name: file, text }));
  const files = yaml.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const uses = new Set(files.flatMap(usesOf));
  return { name, files, options: all.get('options.txt')?.trim() ?? '', expected: all.get('expected.txt') ?? '', uses };
}

function rank({ name }: ExampleFile): number {
  return name === 'playbook.yml' ? 0 : 1;
}

type Yaml = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Yaml {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapsIn(value: unknown): readonly Yaml[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

/** The keywords of a playbook, a tasks file or a file of handlers; other files have none. */
function usesOf({ name, text }: ExampleFile): readonly string[] {
  const file: unknown = parse(text);
  if (name.endsWith('meta/main.yml') && isMap(file)) return keysOf('role_meta', file);
  return mapsIn(file).flatMap(item => {
    if ('import_playbook' in item) return keysOf('import_playbook', item);
    return 'hosts' in item ? usesOfPlay(item) : usesOfStep('task', item);
  });
}

function usesOfPlay(play: Yaml): readonly string[] {
  const steps = ['pre_tasks', 'tasks', 'post_tasks'].flatMap(key => mapsIn(play[key]));
  return [
    ...keysOf('play', play),
    ...(isMap(play.params) ? Object.values(play.params).flatMap(usesOfParam) : []),
    ...mapsIn(play.roles).flatMap(role => keysOf('role_entry', role)),
    ...steps.flatMap(step => usesOfStep('task', step)),
    ...mapsIn(play.handlers).flatMap(handler => usesOfStep('handler', handler)),
  ];
}

function usesOfParam(schema: unknown): readonly string[] {
  if (!isMap(schema)) return [];
  const inner = [schema.items, ...(isMap(schema.properties) ? Object.values(schema.properties) : [])];
  return [...keysOf('param', schema), ...inner.flatMap(usesOfParam)];
}

const kinds = ['block', 'meta', 'include_tasks', 'import_tasks'];

function usesOfStep(otherwise: 'task' | 'handler', step: Yaml): readonly string[] {
  const kind = kinds.find(key => key in step) ?? otherwise;
  const control = step.loop_control;
  const parts = ['block', 'rescue', 'always'].flatMap(key => mapsIn(step[key]));
  const role = step.include_role ?? step.import_role;
  return [
    ...keysOf(kind, step),
    ...(isMap(step.include_tasks) ? keysOf('included_file', step.include_tasks) : []),
    ...(isMap(control) ? keysOf('loop_control', control) : []),
    ...(isMap(role) ? keysOf('role', role) : []),
    ...parts.flatMap(inner => usesOfStep('task', inner)),
  ];
}

function keysOf(kind: string, map: Yaml): readonly string[] {
  return Object.keys(map).map(key => `${kind} ${key}`);
}
