import { isList, isMap, Unknown, unknownIn, type Value } from '../../core/value.ts';
import { Fault } from './fault.ts';
import type { ArithmeticOperator, CompareOperator } from './syntax.ts';
import { kindOf } from './text.ts';

/** Longest text or list that one operator or filter makes, in characters or items. */
export const longest = 1_000_000;

/** Arithmetic on known values. Booleans are not numbers. Throws `Fault`. */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return ofNumbers(operator, left, right);
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (isList(left) && isList(right)) return [...left, ...right];
  }
  if (operator === '*') {
    if (typeof right === 'number') return repeated(left, right);
    if (typeof left === 'number') return repeated(right, left);
  }
  if (operator === '%' && typeof left === 'string') {
    throw new Fault('`%` does not fill in a text', 'write {{ }} in the text, or join with ~');
  }
  throw new Fault(`\`${operator}\` cannot take ${kindOf(left)} and ${kindOf(right)}`, mixHint(operator, left, right));
}

function mixHint(operator: ArithmeticOperator, left: Value, right: Value): string | undefined {
  const text = typeof left === 'string' || typeof right === 'string';
  const number = typeof left === 'number' || typeof right === 'number';
  if (operator === '+' && text) return 'join texts with ~';
  if (text && number) return 'make a number of a text with `| int`';
  if (operator === '+' && isMap(left) && isMap(right)) return 'put maps together with `| combine(…)`';
  return undefined;
}

function ofNumbers(operator: ArithmeticOperator, left: number, right: number): number {
  if (right === 0 && (operator === '/' || operator === '//' || operator === '%')) throw new Fault('division by zero');
  const result = compute(operator, left, right);
  if (!Number.isFinite(result)) throw new Fault(`the result of \`${operator}\` is not a number that can be written`);
  const exact = Number.isSafeInteger(left) && Number.isSafeInteger(right) && operator !== '/';
  if (exact && Number.isInteger(result) && !Number.isSafeInteger(result)) {
    throw new Fault(`the result of \`${operator}\` is too large to be kept exactly`);
  }
  return result === 0 ? 0 : result;
}

function compute(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.round((left - modulo(left, right)) / right);
    case '%':
      return modulo(left, right);
    case '**':
      return left ** right;
  }
}

/** Has the sign of the divisor, as in Python. */
function modulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

function repeated(value: Value, times: number): Value {
  if (typeof value !== 'string' && !isList(value)) {
    throw new Fault(`\`*\` cannot take ${kindOf(value)} and a number`);
  }
  if (!Number.isInteger(times)) throw new Fault('only a whole number can say how often something is repeated');
  const count = Math.max(0, times);
  if (value.length * count > longest) throw new Fault('the repeated value would be too long');
  return typeof value === 'string' ? value.repeat(count) : Array.from({ length: count }, () => value).flat();
}

/** Equal all the way down; kinds are never equal to each other, so `true == 1` is false. */
export function equal(left: Value, right: Value): boolean | Unknown {
  if (left instanceof Unknown) return left;
  if (right instanceof Unknown) return right;
  if (isList(left) && isList(right)) {
    if (left.length !== right.length) return false;
    return every(left.map((item, i) => [item, right[i] ?? null]));
  }
  if (isMap(left) && isMap(right)) {
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length || !keys.every(key => Object.hasOwn(right, key))) return false;
    return every(keys.map(key => [left[key] ?? null, right[key] ?? null]));
  }
  return left === right;
}

function every(pairs: readonly (readonly [Value, Value])[]): boolean | Unknown {
  let unknown: Unknown | undefined;
  for (const [a, b] of pairs) {
    const same = equal(a, b);
    if (same === false) return false;
    if (same instanceof Unknown) unknown ??= same;
  }
  return unknown ?? true;
}

/** Negative, zero or positive. Each kind with its own: numbers, texts, booleans (false first), lists item by item. Throws `Fault`. */
export function order(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : left < right ? -1 : 1;
  if (isList(left) && isList(right)) {
    for (const [i, item] of left.entries()) {
      const other = right[i];
      if (other === undefined) return 1;
      if (equal(item, other) !== true) return order(item, other);
    }
    return left.length - right.length;
  }
  const text = typeof left === 'string' || typeof right === 'string';
  const hint = text ? 'make a number of a text with `| int`; compare versions with `is version`' : undefined;
  throw new Fault(`${kindOf(left)} and ${kindOf(right)} have no order`, hint);
}

/** `item in container`: part of a text, item of a list, key of a map. Throws `Fault`. */
function isIn(item: Value, container: Value): boolean | Unknown {
  if (container instanceof Unknown) return container;
  if (isList(container)) {
    let unknown: Unknown | undefined;
    for (const candidate of container) {
      const same = equal(item, candidate);
      if (same === true) return true;
      if (same instanceof Unknown) unknown ??= same;
    }
    return unknown ?? false;
  }
  if (item instanceof Unknown) return item;
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item);
    throw new Fault(`${kindOf(item)} cannot be part of a text`, 'make a text of it with `| string`');
  }
  if (isMap(container)) return typeof item === 'string' && Object.hasOwn(container, item);
  throw new Fault(`\`in\` looks into a list, a map or a text, not into ${kindOf(container)}`);
}

/** One comparison. Throws `Fault`. */
export function compare(operator: CompareOperator, left: Value, right: Value): boolean | Unknown {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return not(equal(left, right));
    case 'in':
      return isIn(left, right);
    case 'not in':
      return not(isIn(left, right));
    default: {
      const unknown = unknownIn(left) ?? unknownIn(right);
      if (unknown) return unknown;
      const sign = order(left, right);
      if (operator === '<') return sign < 0;
      if (operator === '<=') return sign <= 0;
      return operator === '>' ? sign > 0 : sign >= 0;
    }
  }
}

export function not(value: boolean | Unknown): boolean | Unknown {
  return value instanceof Unknown ? value : !value;
}
