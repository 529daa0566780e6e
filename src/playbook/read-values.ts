import type { Outcome } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import { describe, holdsExpression, type MapNode, type Node } from './document.ts';
import {
  compileCondition,
  compileText,
  listTemplate,
  literalTemplate,
  mapTemplate,
  type TypedTemplate,
} from './expression/template.ts';
import { magicNames } from './names.ts';
import { type Reader, withOutside } from './outside.ts';
import type { Reading } from './reading.ts';

const words: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
};

/** The boolean that a text such as `no` means where a boolean is wanted. YAML 1.2 reads such words as text. */
function booleanWord(node: Node): boolean | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  const word = node.value.toLowerCase();
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** Takes such a word for the boolean it means, with a warning. */
export function takeWord(r: Reading, node: Node): boolean | undefined {
  const meant = booleanWord(node);
  if (meant === undefined || node.kind !== 'scalar') return undefined;
  r.warning('boolean-string', node.span, `\`${node.value}\` is a text in YAML 1.2, taken for ${meant} here`, {
    hint: `write ${meant}`,
    ...(node.span.source.text.startsWith('|', node.span.start)
      ? {}
      : { fix: { span: node.span, replacement: `${meant}` } }),
  });
  return meant;
}

/** What a compiler gave; where it is nothing, a value that stands in its place so that reading goes on. */
export function take(r: Reader, node: Node, outcome: Outcome<TypedTemplate>): TypedTemplate {
  r.report(...outcome.diagnostics);
  return withOutside(r, outcome.value ?? literalTemplate(null, node.span));
}

/** Any value, with expressions anywhere in it. */
export function readTemplate(r: Reader, node: Node): TypedTemplate {
  switch (node.kind) {
    case 'list':
      return listTemplate(
        node.items.map(item => readTemplate(r, item)),
        node.span,
      );
    case 'map':
      return mapTemplate(
        node.entries.map(e => [e.key, readTemplate(r, e.value)]),
        node.span,
      );
    case 'scalar':
      return typeof node.value === 'string'
        ? take(r, node, compileText(node.value, node.locate))
        : literalTemplate(node.value, node.span);
  }
}

/** `vars:`: a template by name. */
export function readVars(r: Reading, node: Node, what: string): ReadonlyMap<string, TypedTemplate> {
  const vars = new Map<string, TypedTemplate>();
  for (const { key, keySpan, value } of readMap(r, node, what, 'a map of names and values')?.entries ?? []) {
    if (checkIdentifier(r, key, keySpan)) vars.set(key, readTemplate(r, value));
  }
  return vars;
}

/** Bare expressions that must all be true: one, or a list. */
export function readConditions(r: Reading, node: Node, what: string): readonly TypedTemplate[] {
  if (node.kind === 'list') return node.items.flatMap(item => readConditions(r, item, what));
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return [literalTemplate(node.value, node.span)];
  const word = takeWord(r, node);
  if (word !== undefined) return [literalTemplate(word, node.span)];
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return [take(r, node, compileCondition(node.value, node.locate))];
  }
  r.invalid(node, what, 'an expression, a boolean, or a list of these');
  return [];
}

/** A text that may hold expressions. */
export function readLabel(r: Reading, node: Node, what: string): TypedTemplate | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string')
    return take(r, node, compileText(node.value, node.locate));
  if (node.kind === 'scalar' && node.value !== null) return literalTemplate(String(node.value), node.span);
  r.invalid(node, what, 'a text');
  return undefined;
}

function readText(r: Reading, node: Node, what: string): string | undefined {
  const given = node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
  if (given === undefined) r.invalid(node, what, 'a text');
  return given;
}

export function readBoolean(r: Reading, node: Node, what: string): boolean | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  const word = takeWord(r, node);
  if (word === undefined) r.invalid(node, what, 'true or false');
  return word;
}

/** A boolean, or an expression in braces for one. */
export function readSwitch(r: Reading, node: Node, what: string): TypedTemplate | undefined {
  if (holdsExpression(node)) return readTemplate(r, node);
  const value = readBoolean(r, node, what);
  return value === undefined ? undefined : literalTemplate(value, node.span);
}

/** One of some words. */
export function readChoice<T extends string>(r: Reading, node: Node, what: string, words: readonly T[]): T | undefined {
  const chosen = node.kind === 'scalar' ? words.find(word => word === node.value) : undefined;
  if (chosen === undefined) r.invalid(node, what, `one of ${words.join(', ')}`);
  return chosen;
}

/** A whole number from 0 or a number of seconds from 0, or an expression for one. */
export function readNumber(r: Reading, node: Node, what: string, integer: boolean): TypedTemplate | undefined {
  const wanted = integer ? 'a whole number from 0 on' : 'a number from 0 on';
  if (node.kind === 'scalar') {
    const { value } = node;
    if (typeof value === 'string' && value.includes('{{')) return take(r, node, compileText(value, node.locate));
    if (typeof value === 'number' && value >= 0 && (!integer || Number.isInteger(value))) {
      return literalTemplate(value, node.span);
    }
    const meant = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? value : undefined;
    r.invalid(node, what, `${wanted}, or an expression for one`, meant && `write ${meant} without quotes`);
    return undefined;
  }
  r.invalid(node, what, wanted);
  return undefined;
}

/** Names, as a list or a text with commas between them. */
export function readNames(r: Reading, node: Node, what: string): readonly string[] {
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap(item => {
    if (item.kind === 'scalar' && item.value !== null && !holdsExpression(item)) {
      return String(item.value)
        .split(',')
        .flatMap(name => name.trim() || []);
    }
    r.invalid(item, what, 'a name or a list of names, without expressions');
    return [];
  });
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const reserved = new Set('and or not in is if else true false none True False None'.split(' '));

export function readIdentifier(r: Reading, node: Node, what: string): string | undefined {
  const name = readText(r, node, what);
  return name !== undefined && checkIdentifier(r, name, node.span) ? name : undefined;
}

export function checkIdentifier(r: Reading, name: string, span: Span): boolean {
  if (magicNames.has(name)) {
    r.error('invalid-value', span, `\`${name}\` always has a meaning of its own; nothing else can be called so`);
    return false;
  }
  if (IDENTIFIER.test(name) && !reserved.has(name)) return true;
  r.error('invalid-value', span, `\`${name}\` cannot be a name in expressions`, {
    hint: reserved.has(name) ? 'it is a word of the expression language' : 'use letters, digits and _, no digit first',
  });
  return false;
}

/** Nothing at all counts as an empty map. */
export function readMap(r: Reading, node: Node, what: string, wanted: string): MapNode | undefined {
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar' && node.value === null) return { kind: 'map', span: node.span, entries: [] };
  r.invalid(node, what, wanted);
  return undefined;
}

export function readList(r: Reading, node: Node, what: string, wanted: string): readonly Node[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'scalar' && node.value === null) return [];
  r.error('invalid-value', node.span, `${what} must be ${wanted}, not ${describe(node)}`, {
    hint: node.kind === 'map' ? 'begin each item with "- "' : undefined,
  });
  return [];
}
