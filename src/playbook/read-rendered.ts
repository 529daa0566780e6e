import type { Module } from '../core/module.ts';
import type { Span } from '../core/source.ts';
import { entry, type MapNode, type Node } from './document.ts';
import { literalTemplate, type TypedTemplate } from './expression/template.ts';
import { alternatives, type Type } from './expression/types.ts';
import { foldersBeside, pathsOf } from './local-files.ts';
import type { Names } from './names.ts';
import { withOutside } from './outside.ts';
import type { Reading } from './reading.ts';
import { chosenTemplate, compileTemplateFile } from './template-file.ts';
import { unreadable } from './unreadable.ts';

/** Most templates that one task can choose among. */
const most = 50;

/** What a task gives a module that writes what a template renders to. */
export interface Rendering {
  readonly module: Module;
  readonly rendered: NonNullable<Module['rendered']>;
  readonly map: MapNode;
  /** The parameter that names the template, and what is known of its value. */
  readonly name: TypedTemplate;
  readonly type: Type;
  readonly folders: readonly string[];
}

/**
 * The text of the template that a task names, as a template over the names at its place. The file is part of the playbook:
 * it is read and checked with it, so its name must be known before the run, or one of a few that are.
 */
export function readRendered(r: Reading, rendering: Rendering, names: Names): TypedTemplate {
  const { map, rendered, name, type, folders } = rendering;
  const given = entry(map, rendered.into);
  if (given) {
    r.error('unknown-parameter', given.keySpan, `${rendering.module.name} has no parameter \`${rendered.into}\``, {
      hint: 'a content is written by `copy`',
    });
  }
  const files = namesIn(type);
  if (files === undefined) {
    r.error('invalid-value', name.span, 'which template it is must be known before the run', {
      hint: 'write its name, or take it from a loop that is written out, or from a param with an `enum`',
    });
    return literalTemplate('', name.span);
  }
  const whiteSpace = {
    trimBlocks: switchOf(r, map, 'trim_blocks', true),
    lstripBlocks: switchOf(r, map, 'lstrip_blocks', false),
  };
  const templates = new Map<string, TypedTemplate>();
  for (const file of files) {
    const source = findText(r, file, foldersBeside(folders, 'templates'), { span: name.span, what: 'template' });
    if (!source) continue;
    const { value, diagnostics } = compileTemplateFile(source, whiteSpace);
    r.report(...diagnostics);
    if (value) {
      const template = withOutside(r, value);
      names.check(template);
      templates.set(file, template);
    }
  }
  const [only] = templates.values();
  return only && files.length === 1 ? only : chosenTemplate(name, templates);
}

/** The texts that a value of this type can be; undefined where that is not known. */
export function namesIn(type: Type): readonly string[] | undefined {
  const found = alternatives(type).map(t => (t.kind === 'string' ? t.values : undefined));
  if (found.length === 0 || found.includes(undefined)) return undefined;
  const values = found.flatMap(texts => texts ?? []);
  return values.length <= most ? values : undefined;
}

/** The first file of that name. Where it was not asked for yet, reading begins anew once it is there. */
export function findText(
  r: Reading,
  file: string,
  folders: readonly string[],
  { span, what }: { readonly span: Span; readonly what: string },
) {
  const paths = pathsOf(file, folders);
  const unread = paths.filter(path => !r.texts.has(path));
  for (const path of unread) r.wanted.add(path);
  if (unread.length > 0) return undefined;
  for (const path of paths) {
    const text = r.texts.get(path);
    if (text === undefined) continue;
    const source = { name: path, text };
    const fault = unreadable(source);
    if (!fault) return source;
    r.report(fault);
    return undefined;
  }
  const hint = `it was looked for as ${paths.join(', ')}`;
  r.error('file-not-found', span, `there is no ${what} ${file} that can be read`, { hint });
  return undefined;
}

/** White space decides how the file is read, so it is written out. */
function switchOf(r: Reading, map: MapNode, key: string, usual: boolean): boolean {
  const node: Node | undefined = entry(map, key)?.value;
  if (!node) return usual;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  // What is no boolean at all is found by the module's schema.
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('{{')) {
    r.error('invalid-value', node.span, `\`${key}\` must be known before the run`, { hint: 'write true or false' });
  }
  return usual;
}
