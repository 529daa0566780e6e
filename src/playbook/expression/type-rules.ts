import type { ArithmeticOperator, CompareOperator } from './syntax.ts';
import {
  alternatives,
  anything,
  fits,
  integerType,
  isOpen,
  itemsOf,
  listOf,
  nothing,
  numberType,
  stringType,
  type Type,
  union,
} from './types.ts';

const isNumeric = (type: Type): boolean => type.kind === 'integer' || type.kind === 'number';

/** The type of an operation on two values, undefined where no pair of their alternatives has one. */
function pairwise(left: Type, right: Type, rule: (l: Type, r: Type) => Type | undefined): Type | undefined {
  if (isOpen(left) || isOpen(right)) return anything;
  const pairs = alternatives(left).flatMap(l => alternatives(right).map(r => rule(l, r)));
  const found = pairs.filter(type => type !== undefined);
  if (pairs.length === 0) return anything;
  return found.length > 0 ? union(...found) : undefined;
}

/** The type of `left operator right`; undefined where they do not go together. */
export function arithmeticType(operator: ArithmeticOperator, left: Type, right: Type): Type | undefined {
  return pairwise(left, right, (l, r) => {
    if (isNumeric(l) && isNumeric(r)) {
      const whole = l.kind === 'integer' && r.kind === 'integer' && operator !== '/' && operator !== '**';
      return whole ? integerType : numberType;
    }
    if (operator === '+') {
      if (l.kind === 'string' && r.kind === 'string') return stringType;
      if (l.kind === 'list' && r.kind === 'list') return listOf(union(l.items, r.items));
    }
    if (operator === '*') {
      const [repeated, times] = isNumeric(l) ? [r, l] : [l, r];
      if (isNumeric(times) && repeated.kind === 'string') return stringType;
      if (isNumeric(times) && repeated.kind === 'list') return repeated;
    }
    return undefined;
  });
}

function ordered(l: Type, r: Type): boolean {
  return (isNumeric(l) && isNumeric(r)) || (l.kind === r.kind && ['string', 'list', 'boolean'].includes(l.kind));
}

/** `never`: the comparison is legal and always comes out the same; `illegal`: it fails. */
export function comparisonIs(operator: CompareOperator, left: Type, right: Type): 'fine' | 'never' | 'illegal' {
  if (isOpen(left) || isOpen(right)) return 'fine';
  switch (operator) {
    case '==':
    case '!=':
      return fits(left, right) || fits(right, left) ? 'fine' : 'never';
    case 'in':
    case 'not in': {
      const containers = alternatives(right).filter(t => ['list', 'map', 'string'].includes(t.kind));
      if (containers.length === 0) return alternatives(right).length === 0 ? 'fine' : 'illegal';
      if (containers.some(c => c.kind !== 'string' && canHold(c, left))) return 'fine';
      if (containers.some(c => c.kind === 'string')) return fits(left, stringType) ? 'fine' : 'illegal';
      return 'never';
    }
    default:
      return pairwise(left, right, (l, r) => (ordered(l, r) ? anything : undefined)) ? 'fine' : 'illegal';
  }
}

function canHold(container: Type, item: Type): boolean {
  return alternatives(item).length === 0 || fits(item, itemsOf(container));
}

/** The type of a property, or undefined where no alternative of the type has it. */
export function propertyType(type: Type, name: string): Type | undefined {
  if (isOpen(type)) return type;
  const found = alternatives(type).flatMap(t => {
    if (t.kind === 'map') {
      const property = t.properties.get(name)?.type ?? t.rest;
      return property ? [property] : [];
    }
    const isIndex = /^\d+$/.test(name);
    if (t.kind === 'list') return isIndex ? [itemsOf(t)] : [];
    return t.kind === 'string' && isIndex ? [stringType] : [];
  });
  if (found.length > 0) return union(...found);
  return alternatives(type).length === 0 ? nothing : undefined;
}

/** The names of the properties that a type has. */
export function propertyNames(type: Type): readonly string[] {
  return alternatives(type).flatMap(t => (t.kind === 'map' ? [...t.properties.keys()] : []));
}

/** Where a map in the map has the property that the map itself has not: `stat.exists` of the result of `stat`. */
export function deeper(type: Type, name: string): string | undefined {
  const path = propertyNames(type).find(key => propertyNames(propertyType(type, key) ?? type).includes(name));
  return path === undefined ? undefined : `did you mean \`${path}.${name}\`?`;
}

/** How to come from a type that was given to the one that is wanted. */
export function conversionHint(actual: Type, wanted: Type): string | undefined {
  const has = (type: Type, kind: Type['kind']) => alternatives(type).some(t => t.kind === kind);
  const wantsText = has(wanted, 'string');
  const wantsNumber = has(wanted, 'integer') || has(wanted, 'number');
  if (has(actual, 'string') && wantsNumber && !wantsText) return 'make a number of it with `| int` or `| float`';
  if (has(actual, 'string') && has(wanted, 'list'))
    return "make a list of it with `| split(',')`, or write [ … ] around it";
  if (has(actual, 'list') && wantsText) return "make a text of it with `| join(',')`, or take one item of it";
  if (has(actual, 'list') && wantsNumber) return 'count its items with `| length`';
  if (wantsText && (has(actual, 'integer') || has(actual, 'number'))) return 'make a text of it with `| string`';
  return undefined;
}

/** How to make two types comparable: numbers are what is mostly meant. */
export function comparisonHint(left: Type, right: Type): string | undefined {
  const [one, other] = left.kind === 'string' ? [left, right] : [right, left];
  return conversionHint(one, other) ?? conversionHint(other, one);
}
