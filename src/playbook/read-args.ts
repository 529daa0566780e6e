import type { Module } from '../core/module.ts';
import type { Span } from '../core/source.ts';
import { paramsOf } from '../core/validate.ts';
import type { Json } from '../core/value.ts';
import { describe, entry, type MapNode, type Node, type ScalarNode } from './document.ts';
import { fromSchema } from './expression/schema-types.ts';
import {
  compileCondition,
  compileExpression,
  compileText,
  listTemplate,
  literalTemplate,
  mapTemplate,
  type TypedTemplate,
} from './expression/template.ts';
import { describe as describeType, fits, type Type, typeOfValue, union } from './expression/types.ts';
import { withDefaults } from './module-defaults.ts';
import type { Names } from './names.ts';
import { readRendered } from './read-rendered.ts';
import { readMap, take, takeWord } from './read-values.ts';
import type { Reading } from './reading.ts';
import { explain, nodeAt } from './schema-errors.ts';
import { alternativesOf, at, below, isSchema, keysOf, type Schema } from './schema-walk.ts';

/** Marks a parameter whose text, or each item of whose list, is an expression without braces. */
const BARE = 'x-quorate-expression';

interface Built {
  readonly template: TypedTemplate;
  readonly json: Json;
  /** Of a map. */
  readonly parts?: ReadonlyMap<string, TypedTemplate>;
}

/** A module's parameters: all in one, and each by its name. */
export interface ModuleArgs {
  readonly template: TypedTemplate;
  readonly parts: ReadonlyMap<string, TypedTemplate>;
}

/** What stands in a task for its module. */
export interface Given {
  readonly module: Module;
  readonly key: Span;
  readonly node: Node;
  /** The task's `args`. */
  readonly more: Node | undefined;
  /** Parameters that it has where they do not stand there. */
  readonly defaults: MapNode | undefined;
  /** Where its local files are looked for. */
  readonly folders: readonly string[];
}

/**
 * A module's parameters as a template, checked against the module's own schema: what is literal by its value, what holds
 * expressions by its type where that is known.
 */
export function readArgs(r: Reading, { module, key, node, folders, defaults, more }: Given, names: Names): ModuleArgs {
  const own = asMap(r, module, key, node);
  const added = more && readMap(r, more, '`args`', 'a map of parameters');
  const map = own && withDefaults(withDefaults(own, added), defaults);
  if (!map) return { template: literalTemplate({}, node.span), parts: new Map() };
  const args = new Args(r, module, names);
  const { template, json, parts = new Map() } = args.build(map, at(module.params, []), []);
  const errors = paramsOf(module, r.validators)(structuredClone(json));
  const wording = { what: module.name, part: 'parameter', root: key };
  for (const f of explain(map, module.params, errors, args.holes, wording)) {
    const code = { unknown: 'unknown-parameter', missing: 'missing-parameter', invalid: 'invalid-value' } as const;
    r.error(code[f.kind], f.span, f.message, { hint: f.hint, fix: f.fix });
  }
  if (errors.every(e => args.holes.some(hole => hole.every((k, i) => e.path[i] === k)))) {
    ownFindings(r, module, key, map, json, args.holes);
    noteLocalFiles(r, module, map, { json, holes: args.holes, folders });
  }
  const name = module.rendered && parts.get(module.rendered.from);
  if (!module.rendered || !name) return { template, parts };
  const type = args.types.get(module.rendered.from) ?? typeOfValue(name.literal ? name.render(noNames) : '');
  const text = readRendered(r, { module, rendered: module.rendered, map, name, type, folders }, names);
  const all = new Map([...parts, [module.rendered.into, text]]);
  return { template: mapTemplate([...all], node.span), parts: all };
}

const noNames = { get: () => undefined };

function asMap(r: Reading, module: Module, key: Span, node: Node): MapNode | undefined {
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar' && node.value === null) return { kind: 'map', span: key, entries: [] };
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  const pair = /^\s*(\w+)=/.exec(text)?.[1];
  // Ansible's `msg=hello` would be taken for a text here, and do something else than is meant.
  const misread = pair !== undefined && keysOf(at(module.params, [])).includes(pair);
  if (node.kind === 'scalar' && module.freeForm && !misread) {
    return { kind: 'map', span: node.span, entries: [{ key: module.freeForm, keySpan: key, value: node }] };
  }
  r.error('invalid-value', node.span, `${module.name} takes a map of parameters, not ${describe(node)}`, {
    hint: pair === undefined ? undefined : 'write each as `name: value` on a line of its own',
  });
  return undefined;
}

class Args {
  readonly r: Reading;
  readonly module: Module;
  readonly names: Names;
  /** Paths of the values that are known only when the task runs. */
  readonly holes: string[][] = [];
  /** What is known of these, by the parameter. */
  readonly types = new Map<string, Type>();

  constructor(r: Reading, module: Module, names: Names) {
    this.r = r;
    this.module = module;
    this.names = names;
  }

  build(node: Node, schemas: readonly Schema[], path: readonly string[], bare = false): Built {
    const expression = bare || schemas.some(s => s[BARE] === true);
    if (node.kind === 'scalar') return this.leaf(node, schemas, path, expression);
    const inside = (value: Node, key: string): Built =>
      this.build(value, below(schemas, key).filter(isSchema), [...path, key], expression);
    if (node.kind === 'list') {
      const items = node.items.map((item, i) => inside(item, String(i)));
      return {
        template: listTemplate(
          items.map(i => i.template),
          node.span,
        ),
        json: items.map(i => i.json),
      };
    }
    const entries = node.entries.map(e => [e.key, inside(e.value, e.key)] as const);
    const parts = entries.map(([key, built]) => [key, built.template] as const);
    return {
      template: mapTemplate(parts, node.span),
      json: Object.fromEntries(entries.map(([key, built]) => [key, built.json])),
      parts: new Map(parts),
    };
  }

  private leaf(node: ScalarNode, schemas: readonly Schema[], path: readonly string[], bare: boolean): Built {
    const { value } = node;
    if (typeof value !== 'string') return { template: literalTemplate(value, node.span), json: value };
    const wanted = schemas.flatMap(alternativesOf);
    if (bare) {
      const conditions = schemas.length === 0 || wanted.some(s => s.type === 'boolean');
      return this.hole(
        node,
        take(this.r, node, (conditions ? compileCondition : compileExpression)(value, node.locate)),
        [],
        path,
      );
    }
    if (wanted.length > 0 && wanted.every(s => s.type === 'boolean')) {
      const word = takeWord(this.r, node);
      if (word !== undefined) return { template: literalTemplate(word, node.span), json: word };
    }
    const template = take(this.r, node, compileText(value, node.locate));
    return template.literal ? { template, json: value } : this.hole(node, template, schemas, path);
  }

  private hole(node: ScalarNode, template: TypedTemplate, schemas: readonly Schema[], path: readonly string[]): Built {
    this.holes.push([...path]);
    const type = this.names.check(template);
    this.types.set(path.join('.'), type);
    const wanted = union(...schemas.map(fromSchema));
    if (schemas.length > 0 && !fits(type, wanted)) {
      this.r.error(
        'type-mismatch',
        node.span,
        `\`${path.join('.')}\` of ${this.module.name} must be ${describeType(wanted)}; this is ${describeType(type)}`,
        { hint: conversion(wanted.kind) },
      );
    }
    return { template, json: '' };
  }
}

function conversion(wanted: string): string | undefined {
  const filter = { integer: 'int', number: 'float', string: 'string', boolean: 'bool' }[wanted];
  return filter && `convert it with \`| ${filter}\``;
}

/** The module's own findings, about what is literal. */
function ownFindings(
  r: Reading,
  module: Module,
  key: Span,
  map: MapNode,
  json: Json,
  holes: readonly (readonly string[])[],
): void {
  if (!module.lint) return;
  const literal = literalOf(json, holes);
  for (const f of module.lint(literal)) {
    // What a finding about the whole misses may stand in what is not known yet.
    if (f.at.length === 0 && holes.length > 0) continue;
    const [first] = f.at;
    const span =
      first === undefined
        ? key
        : f.at.length === 1
          ? (entry(map, String(first))?.keySpan ?? key)
          : nodeAt(map, f.at).span;
    const report = f.severity === 'error' ? r.error.bind(r) : r.warning.bind(r);
    report('invalid-value', span, f.message, { hint: f.hint });
  }
}

function noteLocalFiles(
  r: Reading,
  module: Module,
  map: MapNode,
  { json, holes, folders }: { json: Json; holes: readonly (readonly string[])[]; folders: readonly string[] },
): void {
  const unknown = Object.fromEntries(holes.map(([name = '']) => [name, null]));
  const params = { ...literalOf(json, holes), ...unknown };
  for (const [at, name] of Object.entries(module.localFiles?.(params) ?? {})) {
    const value = entry(map, at)?.value;
    if (value) r.named.push({ span: value.span, name, folders });
  }
}

/** The parameters that hold no expression. */
function literalOf(json: Json, holes: readonly (readonly string[])[]): Readonly<Record<string, Json>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return {};
  return Object.fromEntries(Object.entries(json).filter(([key]) => !holes.some(hole => hole[0] === key)));
}
