import type { Value } from '../../core/value.ts';
import { Fault } from './fault.ts';
import { longest } from './operators.ts';
import { charactersOf, kindOf, numberText, textOf } from './text.ts';

const directive = /%(?:\((\w+)\))?([-+ 0#]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%/g;

/** Widest field, and most digits behind the point. */
const widest = 1000;
const mostDigits = 100;

/**
 * Fills values into a text as Python's `%` does: `%s %r %d %i %u %x %X %o %e %E %f %F %g %G %c %%` with flags, width and
 * precision. Values without names are all to be used, and there must be enough of them. Throws `Fault`.
 */
export function formatted(text: string, values: readonly Value[], named: ReadonlyMap<string, Value>): string {
  let next = 0;
  const result = text.replace(
    directive,
    (all: string, name?: string, flags = '', width = '', precision?: string, kind?: string) => {
      if (kind === '%') return '%';
      if (kind === undefined) throw new Fault('a `%` is followed by nothing that can be filled in', 'write %% for one');
      if (Number(width) > widest || Number(precision ?? 0) > mostDigits) throw new Fault(`\`${all}\` is too wide`);
      const value = name === undefined ? values[next] : named.get(name);
      if (name === undefined) next += 1;
      if (value === undefined) throw new Fault(`there is no value for \`${all}\``);
      const digits = precision === undefined ? undefined : Number(precision);
      return fitted(converted(kind, value, flags, digits, all), flags, Number(width), !'scr'.includes(kind));
    },
  );
  if (named.size === 0 && next < values.length) throw new Fault('there are more values than the text has places for');
  if (result.length > longest) throw new Fault('the text would be too long');
  return result;
}

function fitted(text: string, flags: string, width: number, numeric: boolean): string {
  const rest = width - charactersOf(text).length;
  if (rest <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(rest);
  if (!flags.includes('0') || !numeric) return ' '.repeat(rest) + text;
  const [sign = ''] = /^[-+ ]?(?:0[xXo])?/.exec(text) ?? [];
  return sign + '0'.repeat(rest) + text.slice(sign.length);
}

function converted(kind: string, value: Value, flags: string, precision: number | undefined, all: string): string {
  if (kind === 's' || kind === 'r') {
    const text =
      kind === 'r' && (typeof value === 'string' || value === null) ? textOf([value]).slice(1, -1) : textOf(value);
    return charactersOf(text).slice(0, precision).join('');
  }
  if (kind === 'c' && typeof value === 'string' && charactersOf(value).length === 1) return value;
  if (typeof value !== 'number') throw new Fault(`\`${all}\` wants a number, not ${kindOf(value)}`);
  if (kind === 'c') return String.fromCodePoint(Math.min(Math.max(0, Math.trunc(value)), 0x10ffff));
  const sign = value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + magnitude(kind, Math.abs(value), flags.includes('#'), precision, all);
}

function magnitude(
  kind: string,
  value: number,
  alternate: boolean,
  precision: number | undefined,
  all: string,
): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return whole(Math.trunc(value), 10, precision);
    case 'x':
    case 'X':
    case 'o': {
      if (!Number.isInteger(value)) throw new Fault(`\`${all}\` wants a whole number`);
      const digits = whole(value, kind === 'o' ? 8 : 16, precision);
      const text = alternate ? `0${kind.toLowerCase()}${digits}` : digits;
      return kind === 'X' ? text.toUpperCase() : text;
    }
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case 'e':
    case 'E':
      return cased(twoDigits(exponential(value, precision ?? 6)), kind === 'E');
    case 'g':
    case 'G':
      return cased(general(value, precision ?? 6), kind === 'G');
    default:
      throw new Fault(`\`${all}\` cannot be filled in`, '%s %d %f %e %g %x %o');
  }
}

const whole = (value: number, base: number, least = 0): string => BigInt(value).toString(base).padStart(least, '0');

/** Halves go to the even neighbour, decided by the exact decimal value; `toFixed` takes the larger of two. */
function fixed(value: number, digits: number): string {
  const up = value.toFixed(digits);
  const exact = value >= 1e21 ? '' : value.toFixed(100);
  const cut = exact.length - 100 + digits;
  if (exact === '') return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const half = /^50*$/.test(exact.slice(cut));
  const kept = exact.slice(0, cut).replace(/\.$/, '');
  return half && /[02468]$/.test(kept) ? kept : up;
}

/** The same with an exponent. */
function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(100).split('e');
  const cut = mantissa.indexOf('.') + 1 + digits;
  const kept = mantissa.slice(0, cut).replace(/\.$/, '');
  const half = /^50*$/.test(mantissa.slice(cut));
  return half && /[02468]$/.test(kept) ? `${kept}e${exponent}` : value.toExponential(digits);
}

/** The shortest of both notations, without zeros at the end. */
function general(value: number, precision: number): string {
  const digits = Math.max(1, precision);
  if (value === 0) return '0';
  const text = exponential(value, digits - 1);
  const exponent = Number(text.slice(text.indexOf('e') + 1));
  if (exponent < -4 || exponent >= digits) return twoDigits(text.replace(/\.?0+(?=e)/, ''));
  const plain = fixed(value, digits - 1 - exponent);
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

const twoDigits = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
const cased = (text: string, large: boolean): string => (large ? text.toUpperCase() : text);

/** Also for messages about sizes: `1.5`, `2`. */
export const shortNumber = (value: number, digits: number): string => numberText(Number(fixed(value, digits)));
