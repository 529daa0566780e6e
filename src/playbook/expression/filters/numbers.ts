import type { Value } from '../../../core/value.ts';
import { Fault } from '../fault.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { kindOf } from '../text.ts';
import {
  alternatives,
  anything,
  booleanType,
  fits,
  integerType,
  nullType,
  numberType,
  oneOf,
  stringType,
  type Type,
  union,
} from '../types.ts';

const readable: Type = union(numberType, stringType, booleanType, nullType);
/** `none` cannot be told from "not given", and would be no use as a fallback. */
const fallback: ParameterSpec = { name: 'default', type: anything, default: null };

function withFallback(value: number | undefined, input: Value, other: Value, wanted: string): Value {
  if (value !== undefined) return value;
  if (other !== null) return other;
  const what = typeof input === 'string' ? 'the text' : kindOf(input);
  throw new Fault(
    `${what} cannot be read as ${wanted}`,
    `give what to take instead: \`| ${wanted === 'a number' ? 'float' : 'int'}(0)\``,
  );
}

/** Reads a whole number; 0x, 0o and 0b where the base is their own or 0. */
function readInteger(text: string, base: number): number | undefined {
  const found = /^\s*([+-]?)(0[xX]|0[oO]|0[bB])?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)\s*$/.exec(text);
  if (!found) return undefined;
  const [, sign, prefix, digits = ''] = found;
  const own = prefix ? { x: 16, o: 8, b: 2 }[prefix[1]?.toLowerCase() ?? ''] : undefined;
  if (prefix && own !== base && base !== 0) return undefined;
  const radix = own ?? (base === 0 ? 10 : base);
  let value = 0;
  for (const digit of digits.replaceAll('_', '').toLowerCase()) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = value * radix + worth;
  }
  if (!Number.isSafeInteger(value)) throw new Fault('the number is too large to be kept exactly', 'keep it as text');
  return sign === '-' && value !== 0 ? -value : value;
}

function readDecimal(text: string): number | undefined {
  if (!/^\s*[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)([eE][+-]?\d+)?\s*$/.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

function toInteger(value: Value, base: number): number | undefined {
  if (typeof value === 'number') return Math.trunc(value) || 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const decimal = base === 10 ? readDecimal(value) : undefined;
  return readInteger(value, base) ?? (decimal === undefined ? undefined : Math.trunc(decimal) || 0);
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', 'y', 't', '1'].map(word => [word, true] as const),
  ...['false', 'no', 'off', 'n', 'f', '0', ''].map(word => [word, false] as const),
]);

function toBoolean(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  const known =
    typeof value === 'string' || typeof value === 'number' ? words.get(String(value).toLowerCase()) : undefined;
  if (known !== undefined) return known;
  const what = typeof value === 'string' ? 'the text' : kindOf(value);
  throw new Fault(
    `${what} is neither true nor false`,
    'true: true yes on y t 1; false: false no off n f 0 and the empty text',
  );
}

/** Halves go to the even neighbour, as in Python. The exact decimal value decides what is a half. */
function roundEven(value: number, digits: number): number {
  if (Math.abs(value) >= 2 ** 53 && digits >= 0) return value;
  if (digits < 0) {
    const unit = 10 ** -digits;
    return roundEven(value / unit, 0) * unit;
  }
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.length - 100 + digits;
  const half = /^50*$/.test(exact.slice(cut));
  const kept = exact.slice(0, cut);
  const even = /[02468]\.?$/.test(kept);
  const magnitude = half && even ? Number(kept) : Number(Math.abs(value).toFixed(digits));
  return value < 0 ? 0 - magnitude : magnitude;
}

function round(value: number, digits: number, method: string): number {
  if (digits > 15) return value;
  if (method === 'common') return roundEven(value, digits);
  const unit = 10 ** digits;
  if (method === 'ceil') return Math.ceil(value * unit) / unit || 0;
  if (method === 'floor') return Math.floor(value * unit) / unit || 0;
  throw new Fault(`there is no way of rounding called \`${method}\``, 'common, ceil or floor');
}

export const numberFilters: readonly FilterSpec[] = [
  {
    name: 'int',
    summary: 'The value as a whole number, cut off towards zero. What is no number is an error, or becomes `default`.',
    examples: [
      { expression: "'42' | int", value: 42 },
      { expression: '3.9 | int', value: 3 },
      { expression: "'none yet' | int(0)", value: 0 },
      { expression: "'ff' | int(0, 16)", value: 255 },
    ],
    input: readable,
    parameters: [fallback, { name: 'base', type: integerType, default: 10 }],
    returns: (_, argument) => {
      const other = argument('default');
      return other.kind === 'null' ? integerType : union(integerType, other);
    },
    apply: call => {
      const value = toInteger(call.input, call.wholeArgument('base'));
      return withFallback(value, call.input, call.argument('default'), 'a whole number');
    },
  },
  {
    name: 'float',
    summary: 'The value as a number. What is no number is an error, or becomes `default`.',
    examples: [
      { expression: "'0.5' | float", value: 0.5 },
      { expression: "'x' | float(1.5)", value: 1.5 },
    ],
    input: readable,
    parameters: [fallback],
    returns: (_, argument) => {
      const other = argument('default');
      return other.kind === 'null' ? numberType : union(numberType, other);
    },
    apply: call => {
      const { input } = call;
      const value = typeof input === 'string' ? readDecimal(input) : typeof input === 'boolean' ? Number(input) : input;
      return withFallback(typeof value === 'number' ? value : undefined, input, call.argument('default'), 'a number');
    },
  },
  {
    name: 'bool',
    summary: 'The value as true or false: yes, on, true, 1 and their opposites, in any case. Other words are an error.',
    examples: [
      { expression: "'yes' | bool", value: true },
      { expression: '0 | bool', value: false },
    ],
    input: readable,
    parameters: [],
    returns: () => booleanType,
    apply: call => toBoolean(call.input),
  },
  {
    name: 'abs',
    summary: 'The number without its sign.',
    examples: [{ expression: '-3 | abs', value: 3 }],
    input: numberType,
    parameters: [],
    returns: input =>
      fits(input, integerType) && alternatives(input).every(t => t.kind === 'integer') ? integerType : numberType,
    apply: call => Math.abs(call.number()),
  },
  {
    name: 'round',
    summary: 'The number with so many digits behind the point; `method` is common (halves to even), ceil or floor.',
    examples: [
      { expression: '2.567 | round(1)', value: 2.6 },
      { expression: "2.1 | round(method='ceil')", value: 3 },
    ],
    input: numberType,
    parameters: [
      { name: 'precision', type: integerType, default: 0 },
      { name: 'method', type: oneOf('common', 'ceil', 'floor'), default: 'common' },
    ],
    returns: () => numberType,
    apply: call => round(call.number(), call.wholeArgument('precision'), call.textArgument('method')),
  },
];
