import type { Value } from '../../../core/value.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { longest } from '../operators.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { textOf } from '../text.ts';
import { anything, booleanType, integerType, listOf, nullType, stringType, union } from '../types.ts';

const optionalText = (name: string): ParameterSpec => ({ name, type: union(stringType, nullType), default: null });

/** White space, or any of the characters that are given, off an end. */
export function strip(text: string, characters: string | undefined, ends: 'both' | 'left' | 'right'): string {
  if (characters === undefined) {
    if (ends === 'both') return text.trim();
    return ends === 'left' ? text.trimStart() : text.trimEnd();
  }
  const set = new Set(characters);
  const all = Array.from(text);
  let from = 0;
  let to = all.length;
  if (ends !== 'right') while (from < to && set.has(all[from] ?? '')) from += 1;
  if (ends !== 'left') while (to > from && set.has(all[to - 1] ?? '')) to -= 1;
  return all.slice(from, to).join('');
}

/** Python's `split`: without a separator at any white space, with no empty parts. `most` splits at most; −1 for all. */
export function split(text: string, separator: string | undefined, most: number): readonly string[] {
  if (separator === '') throw new Fault('the separator of a split cannot be empty');
  const parts: string[] = [];
  let rest = separator === undefined ? text.trimStart() : text;
  const pattern = separator === undefined ? /\s+/ : undefined;
  while (most < 0 || parts.length < most) {
    const found = pattern ? pattern.exec(rest) : undefined;
    const at = pattern ? (found?.index ?? -1) : rest.indexOf(separator ?? ' ');
    if (at < 0) break;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + (found ? found[0].length : (separator ?? ' ').length));
  }
  if (separator !== undefined || rest !== '') parts.push(rest);
  return parts;
}

export function replace(text: string, old: string, by: string, count: number): string {
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  if (parts.length * by.length > longest) throw new Fault('the text would be too long');
  if (count < 0) return parts.join(by);
  return [parts.slice(0, count + 1).join(by), ...parts.slice(count + 1)].join(old);
}

const count = (call: Call): number => (call.argument('count') === null ? -1 : call.wholeArgument('count'));

/** What a shell reads as one word, as it was. */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

function scalarText(value: Value): string {
  if (value !== null && typeof value === 'object')
    throw new Fault('only a single value can be quoted, not a list or a map');
  return textOf(value);
}

export const textFilters: readonly FilterSpec[] = [
  {
    name: 'lower',
    summary: 'The text in small letters.',
    examples: [{ expression: "'Node001' | lower", value: 'node001' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => call.text().toLowerCase(),
  },
  {
    name: 'upper',
    summary: 'The text in capital letters.',
    examples: [{ expression: "'tls' | upper", value: 'TLS' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => call.text().toUpperCase(),
  },
  {
    name: 'trim',
    summary: 'The text without white space, or without the given characters, at both ends.',
    examples: [
      { expression: "'  a b\n' | trim", value: 'a b' },
      { expression: "'--a-' | trim('-')", value: 'a' },
    ],
    input: stringType,
    parameters: [optionalText('chars')],
    returns: () => stringType,
    apply: call => strip(call.text(), call.optionalText('chars'), 'both'),
  },
  {
    name: 'replace',
    summary: 'The text with one part replaced by another wherever it stands, or `count` times from the left.',
    examples: [
      { expression: "'a-b-c' | replace('-', '.')", value: 'a.b.c' },
      { expression: "'a-b-c' | replace('-', '.', 1)", value: 'a.b-c' },
    ],
    input: stringType,
    parameters: [
      { name: 'old', type: stringType },
      { name: 'new', type: stringType },
      { name: 'count', type: union(integerType, nullType), default: null },
    ],
    returns: () => stringType,
    apply: call => replace(call.text(), call.textArgument('old'), call.textArgument('new'), count(call)),
  },
  {
    name: 'split',
    summary: 'The parts of a text between separators; without one, its words.',
    examples: [
      { expression: "'node001,node002' | split(',')", value: ['node001', 'node002'] },
      { expression: "' a  b ' | split", value: ['a', 'b'] },
    ],
    input: stringType,
    parameters: [optionalText('separator'), { name: 'maxsplit', type: integerType, default: -1 }],
    returns: () => listOf(stringType),
    apply: call => split(call.text(), call.optionalText('separator'), call.wholeArgument('maxsplit')),
  },
  {
    name: 'string',
    summary: 'The value as text, as it would read inside one.',
    examples: [
      { expression: '3 | string', value: '3' },
      { expression: 'true | string', value: 'True' },
    ],
    input: anything,
    parameters: [],
    returns: input => (input.kind === 'string' ? input : stringType),
    apply: call => textOf(call.input),
  },
  {
    name: 'quote',
    summary: 'The value as one word for a shell.',
    examples: [
      { expression: "'a b' | quote", value: "'a b'" },
      { expression: "'/var/lib/etcd' | quote", value: '/var/lib/etcd' },
    ],
    input: union(stringType, integerType, booleanType, nullType),
    parameters: [],
    returns: () => stringType,
    apply: call => shellWord(scalarText(call.input)),
  },
  {
    name: 'basename',
    summary: 'The last part of a path.',
    examples: [{ expression: "'/var/lib/etcd' | basename", value: 'etcd' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => {
      const path = call.text();
      return path.slice(path.lastIndexOf('/') + 1);
    },
  },
  {
    name: 'dirname',
    summary: 'A path without its last part.',
    examples: [{ expression: "'/var/lib/etcd' | dirname", value: '/var/lib' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => {
      const path = call.text();
      const head = path.slice(0, path.lastIndexOf('/') + 1);
      return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
    },
  },
];
