import { hasErrors } from '../core/diagnostic.ts';
import type { IncludedVars } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import { mapTemplate, type TypedTemplate } from './expression/template.ts';
import { anything } from './expression/types.ts';
import { warnOfWords } from './inventory/vars-file.ts';
import { foldersBeside } from './local-files.ts';
import type { Layer, Named, Names } from './names.ts';
import { findText, namesIn } from './read-rendered.ts';
import { readVars } from './read-values.ts';
import type { Reading } from './reading.ts';
import { parseYaml } from './yaml.ts';

/** A task that gives names the values of a file. */
export interface Including {
  /** The parameter that names the file. */
  readonly name: TypedTemplate;
  /** The one name that is to have them all; undefined: each has its own. */
  readonly under: TypedTemplate | undefined;
  readonly folders: readonly string[];
}

/**
 * The vars of the files that a task may name, by that name. The files are part of the playbook: they are read and checked with it, so
 * which it is must be known before the run, or be one of a few. Later tasks see their names.
 */
export function readIncludedVars(r: Reading, { name, under, folders }: Including, names: Names): IncludedVars {
  const type = names.check(name);
  const files = name.literal ? writtenName(name) : namesIn(type);
  if (files === undefined) {
    r.error('invalid-value', name.span, 'which file it is must be known before the run', {
      hint: 'write its name, or take it from a loop that is written out, or from a param with an `enum`; vars of a host belong into host_vars/',
    });
    r.lacksNames = true;
    return new Map();
  }
  const single = under && oneName(r, under);
  const found = new Map<string, ReadonlyMap<string, TypedTemplate>>();
  for (const file of files) {
    const vars = varsIn(r, file, folders, name.span);
    if (vars) found.set(file, single === undefined ? vars : new Map([[single, mapTemplate([...vars], name.span)]]));
    else r.lacksNames = true;
  }
  names.include(layerOf([...found.values()]));
  return found;
}

/** What is no text is found by the module's schema. */
function writtenName(name: TypedTemplate): readonly string[] {
  const value = name.render({ get: () => undefined });
  return typeof value === 'string' ? [value] : [];
}

function oneName(r: Reading, under: TypedTemplate): string | undefined {
  if (under.literal) return String(under.render({ get: () => undefined }));
  r.error('invalid-value', under.span, '`name` must be written out', { hint: 'its name is checked before the run' });
  return undefined;
}

function varsIn(
  r: Reading,
  file: string,
  folders: readonly string[],
  span: Span,
): ReadonlyMap<string, TypedTemplate> | undefined {
  const source = findText(r, file, foldersBeside(folders, 'vars'), { span, what: 'file of vars' });
  if (!source) return undefined;
  const { value, diagnostics } = parseYaml(source);
  r.report(...diagnostics);
  if (!value) return hasErrors(diagnostics) ? undefined : new Map();
  warnOfWords(value, r);
  return readVars(r, value, 'a file of vars');
}

/** Of several files, which it is and so what it has is not known. */
function layerOf(files: readonly ReadonlyMap<string, TypedTemplate>[]): Layer {
  const [only] = files;
  if (files.length === 1 && only) return only;
  return new Map(files.flatMap(vars => [...vars.keys()].map((name): [string, Named] => [name, anything])));
}
