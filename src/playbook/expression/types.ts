import { isList, isMap, Unknown, type Value } from '../../core/value.ts';
import type { Doubt } from './doubt.ts';

/** A property of a map: `optional` where it may be absent. */
export interface Property {
  readonly type: Type;
  readonly optional: boolean;
}

/**
 * What is known of a value before the run. `any` (a schema that allows everything) and `unknown` (known only when
 * something has run) fit everywhere and have every attribute: only what is surely wrong is an error.
 */
export type Type =
  | { readonly kind: 'any' }
  | { readonly kind: 'unknown'; readonly dependsOn: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'number' }
  /** `values`: one of these. */
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'list'; readonly items: Type }
  /** `rest`: the type of properties that are not named; absent: there are no others. `doubt`: of a result that may lack most of them. */
  | {
      readonly kind: 'map';
      readonly properties: ReadonlyMap<string, Property>;
      readonly rest?: Type;
      readonly doubt?: Doubt;
    }
  /** No alternatives at all: the type of what an empty list holds. */
  | { readonly kind: 'union'; readonly of: readonly Type[] };

export const anything: Type = { kind: 'any' };
export const nothing: Type = { kind: 'union', of: [] };
export const nullType: Type = { kind: 'null' };
export const booleanType: Type = { kind: 'boolean' };
export const integerType: Type = { kind: 'integer' };
export const numberType: Type = { kind: 'number' };
export const stringType: Type = { kind: 'string' };
export const anyMap: Type = { kind: 'map', properties: new Map(), rest: anything };
export const anyList: Type = { kind: 'list', items: anything };

export const unknownUntilRun = (dependsOn: string): Type => ({ kind: 'unknown', dependsOn });
export const listOf = (items: Type): Type => ({ kind: 'list', items });
export const oneOf = (...values: readonly string[]): Type => ({ kind: 'string', values });
/** A map of which all properties are known and always there. */
export const recordOf = (properties: Readonly<Record<string, Type>>): Type => ({
  kind: 'map',
  properties: new Map(Object.entries(properties).map(([name, type]) => [name, { type, optional: false }])),
});
/** A map of any names to values of one type. */
export const mapOf = (rest: Type): Type => ({ kind: 'map', properties: new Map(), rest });

/** True where nothing can be said against a use of it. */
export function isOpen(type: Type): boolean {
  return type.kind === 'any' || type.kind === 'unknown';
}

/** The alternatives of a type: itself, unless it is a union. */
export function alternatives(type: Type): readonly Type[] {
  return type.kind === 'union' ? type.of : [type];
}

function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind === 'string' && b.kind === 'string') return a.values?.join('\0') === b.values?.join('\0');
  if (a.kind === 'list' && b.kind === 'list') return sameType(a.items, b.items);
  if (a.kind === 'map' || b.kind === 'map' || a.kind === 'union' || b.kind === 'union') return false;
  return a.kind === b.kind;
}

/** Either of them. `any` and `unknown` swallow the rest; strings with values are put together. */
export function union(...types: readonly Type[]): Type {
  const flat = types.flatMap(alternatives);
  const open = flat.find(isOpen);
  if (open) return open;
  const kept: Type[] = [];
  const strings = flat.filter(t => t.kind === 'string');
  if (strings.length > 0) {
    const values = new Set<string>();
    for (const s of strings) for (const v of s.values ?? []) values.add(v);
    kept.push(strings.some(s => s.values === undefined) ? stringType : oneOf(...values));
  }
  for (const type of flat) if (type.kind !== 'string' && !kept.some(k => sameType(k, type))) kept.push(type);
  const [only] = kept;
  return kept.length === 1 && only ? only : { kind: 'union', of: kept };
}

/** True unless a value of `actual` can never be one of `wanted`. */
export function fits(actual: Type, wanted: Type): boolean {
  if (isOpen(actual) || isOpen(wanted)) return true;
  if (actual.kind === 'union') return actual.of.length === 0 || actual.of.some(a => fits(a, wanted));
  if (wanted.kind === 'union') return wanted.of.some(w => fits(actual, w));
  if (actual.kind === 'list' && wanted.kind === 'list') return fits(actual.items, wanted.items);
  if (actual.kind === 'map' && wanted.kind === 'map') return mapFits(actual, wanted);
  if (actual.kind === 'string' && wanted.kind === 'string') {
    const { values } = wanted;
    return !actual.values || !values || actual.values.some(v => values.includes(v));
  }
  const numeric = (t: Type) => t.kind === 'integer' || t.kind === 'number';
  return actual.kind === wanted.kind || (numeric(actual) && numeric(wanted));
}

function mapFits(actual: Type & { kind: 'map' }, wanted: Type & { kind: 'map' }): boolean {
  for (const [name, property] of wanted.properties) {
    const given = actual.properties.get(name);
    if (given ? !fits(given.type, property.type) && !given.optional : !property.optional && !actual.rest) return false;
  }
  for (const [name, given] of actual.properties) {
    if (wanted.properties.has(name) || given.optional) continue;
    if (!wanted.rest || !fits(given.type, wanted.rest)) return false;
  }
  return true;
}

/** For messages: "a list of strings", "a map with id, name". */
export function describe(type: Type): string {
  switch (type.kind) {
    case 'any':
      return 'any value';
    case 'unknown':
      return `a value that is known only after ${type.dependsOn}`;
    case 'null':
      return 'none';
    case 'boolean':
      return 'a boolean';
    case 'integer':
      return 'an integer';
    case 'number':
      return 'a number';
    case 'string':
      if (!type.values) return 'a string';
      if (type.values.length > 8) return `one of ${type.values.length} strings`;
      return (type.values.length > 1 ? 'one of ' : '') + type.values.map(v => JSON.stringify(v)).join(', ');
    case 'list':
      return isOpen(type.items) || type.items.kind === 'union' ? 'a list' : `a list of ${plural(type.items)}`;
    case 'map': {
      const names = [...type.properties.keys()];
      return names.length > 0 && names.length <= 8 ? `a map with ${names.join(', ')}` : 'a map';
    }
    case 'union':
      return type.of.map(describe).join(' or ') || 'nothing';
  }
}

function plural(type: Type): string {
  if (type.kind === 'string') return 'strings';
  return type.kind === 'null' ? 'none' : `${type.kind}s`;
}

/** The type of a value that is there already. */
export function typeOfValue(value: Value): Type {
  if (value === null) return nullType;
  if (value instanceof Unknown) return unknownUntilRun(value.dependsOn);
  if (typeof value === 'boolean') return booleanType;
  if (typeof value === 'number') return Number.isInteger(value) ? integerType : numberType;
  if (typeof value === 'string') return oneOf(value);
  if (isList(value)) return listOf(union(...value.map(typeOfValue)));
  if (!isMap(value)) return anything;
  const properties = Object.entries(value).map(([name, v]): [string, Property] => [
    name,
    { type: typeOfValue(v), optional: false },
  ]);
  return { kind: 'map', properties: new Map(properties) };
}

/** The type of what a loop over a value of this type meets: items of a list, keys of a map, characters of a text. */
export function itemsOf(type: Type): Type {
  if (isOpen(type)) return type;
  const items = alternatives(type).flatMap(t => {
    if (t.kind === 'list') return [t.items];
    return t.kind === 'map' || t.kind === 'string' ? [stringType] : [];
  });
  const found = union(...items);
  return alternatives(found).length === 0 ? anything : found;
}

/** The type without the values of its strings: what a variable that was set to `fast` can be set to as well. */
export function widen(type: Type): Type {
  switch (type.kind) {
    case 'string':
      return stringType;
    case 'list':
      return listOf(widen(type.items));
    case 'map': {
      const properties = [...type.properties].map(([name, p]): [string, Property] => [
        name,
        { type: widen(p.type), optional: p.optional },
      ]);
      return { kind: 'map', properties: new Map(properties), ...(type.rest ? { rest: widen(type.rest) } : {}) };
    }
    case 'union':
      return union(...type.of.map(widen));
    default:
      return type;
  }
}
