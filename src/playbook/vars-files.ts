import { posix } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Json } from '../core/value.ts';
import { entry, type Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anything, stringType } from './expression/types.ts';
import { type Files, includedPath, type ReadSource } from './files.ts';
import { Findings } from './findings.ts';
import { type Inputs, inputsOf, scopeOf } from './inputs.ts';
import { warnOfWords } from './inventory/vars-file.ts';
import { type Layer, magicNames, type Named } from './names.ts';
import { checked, type Place } from './place.ts';
import { type Param, readParams } from './read-params.ts';
import { readTemplate, readVars } from './read-values.ts';
import type { Reading } from './reading.ts';

/** What a play may need to know to name its files: its params, and what they are where that is known. */
interface Naming {
  readonly params: readonly Param[];
  /** Absent in lint: then a name that a param says is one of several, or not known. */
  readonly inputs: Inputs | undefined;
}

/** The most names that one text may stand for in lint. */
const MOST_NAMES = 100;

/** The vars of a play's files. */
export interface FileVars {
  readonly vars: ReadonlyMap<string, TypedTemplate>;
  /** The names that there are or may be. */
  readonly names: Layer;
  /** True where a file is not known before the run, so that any name may be in it. */
  readonly open: boolean;
}

/** Of each play in the files that names files of vars: reads those that it may use, as far as they can be known. */
export async function readVarsFiles(
  files: Map<string, ReadSource | undefined>,
  inputs: Inputs | undefined,
  read: (path: string) => Promise<ReadSource | undefined>,
  scratch: () => Reading,
): Promise<void> {
  for (const [path, file] of [...files]) {
    for (const play of file?.node?.kind === 'list' ? file.node.items : []) {
      const node = play.kind === 'map' ? entry(play, 'vars_files')?.value : undefined;
      if (play.kind !== 'map' || !node) continue;
      const params = entry(play, 'params')?.value;
      const naming = { params: params ? readParams(scratch(), params, new Set()) : [], inputs };
      for (const item of itemsOf(node)) await readOne(files, path, namesOf(item, naming), read);
    }
  }
}

/** All that a name may stand for is read; of several names, those after the first that there is are not. */
async function readOne(
  files: Map<string, ReadSource | undefined>,
  from: string,
  named: readonly Names[],
  read: (path: string) => Promise<ReadSource | undefined>,
): Promise<void> {
  for (const { names, isSure } of named) {
    for (const path of names.flatMap(name => pathsOf(from, name))) {
      if (!files.has(path)) files.set(path, await read(path));
      if (files.get(path) && isSure) return;
    }
  }
}

/** The vars that `vars_files` of a play gives; what is wrong with the names and the files is reported. */
export function varsOfFiles(place: Place, from: string, node: Node | undefined, naming: Naming): FileVars {
  const { r, files } = place;
  const vars = new Map<string, TypedTemplate>();
  const maybe = new Map<string, Named>();
  let open = false;
  for (const item of node ? itemsOf(node, r) : []) {
    if (!isNamed(item, place)) {
      open = true;
      continue;
    }
    const named = namesOf(item, naming);
    const found = named.map(({ names, isSure }) => ({ isSure, paths: existing(files, from, names) }));
    const sure = found.every(({ isSure }) => isSure);
    const first = found.flatMap(({ paths }) => paths)[0];
    const isMissing = sure && first === undefined;
    if (isMissing) missing(r, item, from, named);
    // What is in a file that is not known, or not there, is not reported once more where it is used.
    open ||= isMissing || named.some(({ isOpen }) => isOpen);
    const chosen = sure ? (first === undefined ? [] : [first]) : found.flatMap(({ paths }) => paths);
    if (!sure) reportMissing(r, item, from, named, files);
    for (const path of chosen) {
      for (const [name, template] of varsIn(r, files.get(path))) {
        if (sure) vars.set(name, template);
        maybe.set(name, sure ? template : anything);
      }
    }
  }
  return { vars, names: maybe, open };
}

function varsIn(r: Reading, file: ReadSource | undefined): ReadonlyMap<string, TypedTemplate> {
  r.report(...(file?.diagnostics ?? []));
  if (!file?.node) return new Map();
  warnOfWords(file.node, r);
  return readVars(r, file.node, 'a file of vars');
}

/** `from` is the playbook. As in Ansible a folder `vars` beside it is looked into first. */
function pathsOf(from: string, name: string): readonly string[] {
  return posix.isAbsolute(name) ? [name] : [includedPath(from, posix.join('vars', name)), includedPath(from, name)];
}

function existing(files: Files, from: string, names: readonly string[]): readonly string[] {
  return names.flatMap(name => pathsOf(from, name).find(path => files.get(path) !== undefined) ?? []);
}

function missing(r: Reading, item: Node, from: string, named: readonly Names[]): void {
  const names = named.flatMap(one => one.names);
  const paths = names.flatMap(name => pathsOf(from, name));
  if (names.length === 0) return;
  r.error('file-not-found', item.span, `there is no file ${names.join(', nor ')} that can be read`, {
    hint: `it was looked for as ${paths.join(', ')}`,
  });
}

/** In lint: a value that a param may have, for which there is no file. */
function reportMissing(r: Reading, item: Node, from: string, named: readonly Names[], files: Files): void {
  const [only, ...others] = named;
  if (!only || others.length > 0 || only.isOpen) return;
  for (const name of only.names.filter(one => existing(files, from, [one]).length === 0)) {
    missing(r, item, from, [{ ...only, names: [name] }]);
  }
}

/** What a text that names a file may stand for. */
interface Names {
  readonly names: readonly string[];
  /** It stands for the one name that is given, or for none, which is reported elsewhere. */
  readonly isSure: boolean;
  /** It may stand for others, too. */
  readonly isOpen: boolean;
}

function namesOf(item: Node, naming: Naming): readonly Names[] {
  const texts = item.kind === 'list' ? item.items : [item];
  return texts.map(text => namesIn(readTemplate(new Findings(), text), naming));
}

/** What tries patterns, in an expression: on some texts that takes long, and nothing can stop it. */
const PATTERNS = /\{\{(?:(?!\}\})[\s\S])*?\b(?:regex\w*|match|search)\b/;

function namesIn(template: TypedTemplate, { params, inputs }: Naming): Names {
  const open: Names = { names: [], isSure: false, isOpen: true };
  if (template.literal) return rendered(template, [new Map()]) ?? open;
  if (inputs) return rendered(template, [inputsOf({ params }, inputs).values]) ?? { ...open, isSure: true };
  const { source, start, end } = template.span;
  if (PATTERNS.test(source.text.slice(start, end))) return open;
  let scopes: ReadonlyMap<string, Json>[] = [new Map()];
  for (const name of new Set(template.uses.map(use => use.name))) {
    const values = params.find(param => param.name === name)?.schema.enum;
    if (!Array.isArray(values) || scopes.length * values.length > MOST_NAMES) return open;
    scopes = scopes.flatMap(scope => values.map(value => new Map([...scope, [name, value]])));
  }
  return rendered(template, scopes) ?? open;
}

function rendered(template: TypedTemplate, scopes: readonly ReadonlyMap<string, Json>[]): Names | undefined {
  try {
    const values = scopes.map(scope => template.render(scopeOf(scope)));
    const names = values.filter(value => typeof value === 'string');
    // That another value names no file is found where the types are.
    return names.length < values.length ? undefined : { names, isSure: names.length === 1, isOpen: false };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A name, or a list of names of which the first that there is counts; each a text that may hold expressions over params. */
function isNamed(item: Node, before: Place): boolean {
  const texts = item.kind === 'list' ? item.items : [item];
  const wrong = texts.find(text => text.kind !== 'scalar' || typeof text.value !== 'string' || text.value === '');
  if (wrong) {
    before.r.invalid(wrong, 'an item of `vars_files`', 'the name of a file, or a list of names');
    return false;
  }
  return texts.every(text => {
    const template = readTemplate(before.r, text);
    const use = template.uses.find(({ name }) => magicNames.has(name));
    if (!use) {
      checked(before, template, stringType, 'the name of a file');
      return true;
    }
    before.r.error(
      'invalid-value',
      use.span,
      `\`${use.name}\` cannot name a file: it is read before the run, for all hosts`,
      {
        hint: 'put vars of a host into host_vars/, those of a group into group_vars/',
      },
    );
    return false;
  });
}

function itemsOf(node: Node, r?: Reading): readonly Node[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'map') r?.invalid(node, '`vars_files`', 'a list of names of files');
  return node.kind === 'scalar' && node.value !== null ? [node] : [];
}
