import { Fault } from '../fault.ts';
import { arithmetic } from '../operators.ts';
import { shortNumber } from '../printf.ts';
import type { FilterSpec } from '../signature.ts';
import { booleanType, integerType, nullType, numberType, stringType, union } from '../types.ts';

const units = 'KMGTPEZY';

/** As Jinja writes it: `1 Byte`, `13.6 kB`, `1.0 MiB`; the unit is the one of which there is at least one. */
function fileSize(bytes: number, binary: boolean): string {
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  let size = bytes;
  let at = -1;
  while (size >= base && at < units.length - 1) {
    size /= base;
    at += 1;
  }
  const letter = binary || at > 0 ? units[at] : 'k';
  return `${size.toFixed(1)} ${letter}${binary ? 'iB' : 'B'}`;
}

/** As Ansible writes it: `2.00 GB`, of 1024s. */
function humanReadable(size: number, bits: boolean, unit: string | undefined): string {
  const wanted = unit?.toUpperCase();
  const fitting = [...units].findLastIndex((letter, i) =>
    wanted === undefined ? size >= 1024 ** (i + 1) : wanted === letter || wanted === `${letter}B`,
  );
  if (wanted !== undefined && fitting < 0 && wanted !== 'B') throw new Fault(`there is no unit \`${unit}\``, 'K M G T');
  const name = bits ? (fitting < 0 ? 'bits' : 'b') : fitting < 0 ? 'Bytes' : 'B';
  return `${(size / 1024 ** (fitting + 1)).toFixed(2)} ${units[fitting] ?? ''}${name}`;
}

function bytesOf(text: string, usual: string | undefined): number {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  const unit = (found?.[2] || usual || 'B').toUpperCase();
  const at = units.indexOf(unit[0] ?? '');
  const known = at >= 0 ? /^.(B|BYTES?)?$/.test(unit) : /^B(YTES?)?$/.test(unit);
  if (!found || !known) throw new Fault('the text is no size', "a number and a unit: '20M', '1.5 GB'");
  const bytes = Math.round(Number(found[1]) * 1024 ** (at + 1));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new Fault('the size is too large to be kept exactly');
}

function finite(value: number, name: string): number {
  if (Number.isFinite(value)) return value;
  throw new Fault(`\`${name}\` of these numbers is no number`);
}

export const sizeFilters: readonly FilterSpec[] = [
  {
    name: 'pow',
    summary: 'The number to the power of another one.',
    examples: [{ expression: '2 | pow(10)', value: 1024 }],
    input: numberType,
    parameters: [{ name: 'y', type: numberType }],
    returns: () => numberType,
    apply: call => arithmetic('**', call.number(), call.numberArgument('y')),
  },
  {
    name: 'root',
    summary: 'The square root of the number, or another one.',
    examples: [{ expression: '9 | root', value: 3 }],
    input: numberType,
    parameters: [{ name: 'base', type: numberType, default: 2 }],
    returns: () => numberType,
    apply: call => {
      const base = call.numberArgument('base');
      return finite(base === 2 ? Math.sqrt(call.number()) : call.number() ** (1 / base), 'root');
    },
  },
  {
    name: 'log',
    summary: 'The natural logarithm of the number, or that to a base.',
    examples: [{ expression: '8 | log(2)', value: 3 }],
    input: numberType,
    parameters: [{ name: 'base', type: union(numberType, nullType), default: null }],
    returns: () => numberType,
    apply: call => {
      const value = call.number();
      const base = call.argument('base') === null ? undefined : call.numberArgument('base');
      if (base === 10) return finite(Math.log10(value), 'log');
      if (base === 2) return finite(Math.log2(value), 'log');
      return finite(base === undefined ? Math.log(value) : Math.log(value) / Math.log(base), 'log');
    },
  },
  {
    name: 'filesizeformat',
    summary: 'A number of bytes for people, in steps of 1000, or of 1024 with `binary`.',
    examples: [
      { expression: '13579 | filesizeformat', value: '13.6 kB' },
      { expression: '2097152 | filesizeformat(true)', value: '2.0 MiB' },
    ],
    input: numberType,
    parameters: [{ name: 'binary', type: booleanType, default: false }],
    returns: () => stringType,
    apply: call => fileSize(call.number(), call.flag('binary')),
  },
  {
    name: 'human_readable',
    summary: 'A number of bytes, or of bits with `isbits`, for people, in steps of 1024; `unit` chooses the unit.',
    examples: [
      { expression: '2147483648 | human_readable', value: '2.00 GB' },
      { expression: "1024 | human_readable(unit='M')", value: '0.00 MB' },
    ],
    input: numberType,
    parameters: [
      { name: 'isbits', type: booleanType, default: false },
      { name: 'unit', type: union(stringType, nullType), default: null },
    ],
    returns: () => stringType,
    apply: call => humanReadable(call.number(), call.flag('isbits'), call.optionalText('unit')),
  },
  {
    name: 'human_to_bytes',
    summary: 'The number of bytes that a size such as `8G` or `1.5 MB` means, in steps of 1024.',
    examples: [{ expression: "'8G' | human_to_bytes", value: 8_589_934_592 }],
    input: union(stringType, integerType),
    parameters: [{ name: 'default_unit', type: union(stringType, nullType), default: null }],
    returns: () => integerType,
    apply: call => {
      const { input } = call;
      return bytesOf(
        typeof input === 'number' ? shortNumber(input, 6) : call.text(),
        call.optionalText('default_unit'),
      );
    },
  },
];
