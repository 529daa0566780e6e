import type { Template } from '../core/template.ts';
import { isList, isMap, type Json, Unknown, type Value } from '../core/value.ts';
import { outlined } from '../playbook/expression/template.ts';

/** What a name stands for at a place, as far as it is written there; undefined where it is known only in a run. */
export type Names = (name: string) => Json | undefined;

export const nothingKnown: Names = () => undefined;

// What is known only in a run stands in a text as a hole: what the expression says, between two characters of private use.
// So a text keeps its shape, a word stays a word, and equal expressions over equal names are equal.
const HOLE = /\u{E000}([^\u{E001}]*)\u{E001}/gu;

export function hasHole(text: string): boolean {
  return text.includes('\u{E000}');
}

/** True for a word that is nothing but an expression: it could turn out to be several words, or none. */
export function isHole(word: string): boolean {
  return /^\u{E000}[^\u{E001}]*\u{E001}$/u.test(word);
}

/** The expressions in a text, without white space and quotes; after an `@` what is known of the names in one. */
export function expressionsIn(text: string): readonly string[] {
  return [...text.matchAll(HOLE)].map(([, expression = '']) => expression);
}

/** The same with something else in the places of holes. */
export function filled(text: string, by: (expression: string) => string): string {
  return text.replace(HOLE, (_, expression: string) => by(expression));
}

/** A value as it is written, with holes; nothing is evaluated, but names whose values are written are replaced by these. */
export function writtenValue(template: Template, names: Names): Json {
  return asJson(outlined(template, expression => knownExpression(expression, names)));
}

function knownExpression({ span, uses }: Template, names: Names): Json {
  const text = span.source.text
    .slice(span.start, span.end)
    // Of a block scalar, what begins it.
    .replace(/^[|>][-+\d]*\s+/, '')
    .trim()
    .replace(/^["']?\{\{-?|-?\}\}["']?$/g, '')
    .trim();
  const [first = '', ...path] = text.split('.');
  const value = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(text) ? names(first) : undefined;
  if (value !== undefined) {
    const found = path.reduce<Json | undefined>((inside, key) => itemOf(inside, key), value);
    if (found !== undefined) return found;
  }
  const of = [...new Set(uses.map(use => use.name))].flatMap(name => {
    const known = names(name);
    return known === undefined ? [] : [`${name}=${JSON.stringify(known)}`];
  });
  return `\u{E000}${[text, ...of].join('@').replace(/[\s"'`;&|\\\u{E000}\u{E001}]+/gu, '')}\u{E001}`;
}

function itemOf(value: Json | undefined, key: string): Json | undefined {
  return Object.entries(mapIn(value)).find(([name]) => name === key)?.[1];
}

/** A map, or an empty one for anything else. */
export function mapIn(value: Json | undefined): { readonly [key: string]: Json } {
  const isMapHere = (given: Json): given is { readonly [key: string]: Json } =>
    typeof given === 'object' && given !== null && !Array.isArray(given);
  return value !== undefined && isMapHere(value) ? value : {};
}

function asJson(value: Value): Json {
  if (value instanceof Unknown) return '\u{E000}\u{E001}';
  if (isList(value)) return value.map(asJson);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)])) : value;
}

/** More names, nearer than `outer`. Each is worked out once, when it is asked for, from `inside`; of itself it knows nothing. */
export function withNames(
  vars: ReadonlyMap<string, Template>,
  outer: Names,
  { among = outer, hidden }: { readonly among?: Names | 'themselves'; readonly hidden?: ReadonlySet<string> } = {},
): Names {
  if (vars.size === 0) return outer;
  const found = new Map<string, Json | undefined>();
  const names: Names = name => {
    const template = vars.get(name);
    if (!template) return outer(name);
    if (hidden?.has(name)) return undefined;
    if (!found.has(name)) {
      found.set(name, undefined);
      found.set(name, writtenValue(template, among === 'themselves' ? names : among));
    }
    return found.get(name);
  };
  return names;
}

/** One name with its value. */
export function withName(name: string, value: Json, outer: Names): Names {
  return asked => (asked === name ? value : outer(asked));
}
