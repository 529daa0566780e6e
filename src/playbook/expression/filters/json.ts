import { isList, isMap, type Value } from '../../../core/value.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { numberText } from '../text.ts';
import { anything, booleanType, integerType, nullType, stringType, union } from '../types.ts';

interface Layout {
  /** Spaces of each level; undefined: all on one line. */
  readonly indent?: number;
  readonly sorted: boolean;
  readonly ascii: boolean;
}

/** JSON with Python's spacing and, unless told otherwise, its `\u` escapes for all that is not ASCII, as Ansible writes it. */
function toJson(value: Value, layout: Layout, level = 0): string {
  if (isList(value))
    return framed(
      '[]',
      value.map(item => toJson(item, layout, level + 1)),
      layout,
      level,
    );
  if (isMap(value)) {
    const entries = Object.entries(value);
    if (layout.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = entries.map(([key, v]) => `${jsonText(key, layout)}: ${toJson(v, layout, level + 1)}`);
    return framed('{}', lines, layout, level);
  }
  if (typeof value === 'string') return jsonText(value, layout);
  return typeof value === 'number' ? numberText(value) : String(value);
}

function framed(braces: string, lines: readonly string[], { indent }: Layout, level: number): string {
  if (indent === undefined || lines.length === 0) return braces[0] + lines.join(', ') + braces[1];
  const [inner, outer] = [level + 1, level].map(depth => `\n${' '.repeat(indent * depth)}`);
  return braces[0] + lines.map(line => inner + line).join(',') + outer + braces[1];
}

function layoutOf(call: Call): Layout {
  const indent = call.argument('indent') === null ? undefined : call.wholeArgument('indent');
  if (indent !== undefined && (indent < 0 || indent > 16)) throw new Fault('`indent` is a number from 0 to 16');
  const ascii = call.flag('ensure_ascii');
  return { sorted: call.flag('sort_keys'), ascii, ...(indent === undefined ? {} : { indent }) };
}

function jsonText(text: string, { ascii }: Layout): string {
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(/[\x7f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const number = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Whole numbers that a number cannot hold exactly, such as etcd's 64-bit identifiers, are put in quotes before they are
 * read: as text they stay what they are.
 */
function parseExact(text: string): unknown {
  const exact = text.replace(number, token => {
    if (token.startsWith('"') || !/^-?\d+$/.test(token) || Number.isSafeInteger(Number(token))) return token;
    return `"${token}"`;
  });
  return JSON.parse(exact);
}

/** A value of the language out of what JSON.parse gave. */
function asValue(parsed: unknown): Value {
  if (parsed === null || typeof parsed === 'boolean' || typeof parsed === 'number' || typeof parsed === 'string') {
    return parsed;
  }
  if (Array.isArray(parsed)) return parsed.map(asValue);
  if (typeof parsed !== 'object') throw new Fault('the text is not JSON');
  return Object.fromEntries(Object.entries(parsed).map(([key, v]) => [key, asValue(v)]));
}

function fromJson(text: string): Value {
  let parsed: unknown;
  try {
    parsed = parseExact(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message of JSON.parse quotes the text, which may be secret: only the place is said.
    const place = /position (\d+)/.exec(error.message)?.[1];
    throw new Fault(`the text is not JSON${place === undefined ? '' : ` (from character ${Number(place) + 1} on)`}`);
  }
  return asValue(parsed);
}

const layout = (indent: number | null, sorted: boolean, ascii: boolean): readonly ParameterSpec[] => [
  { name: 'indent', type: union(integerType, nullType), default: indent },
  { name: 'sort_keys', type: booleanType, default: sorted },
  { name: 'ensure_ascii', type: booleanType, default: ascii, byNameOnly: true },
];

export const jsonFilters: readonly FilterSpec[] = [
  {
    name: 'to_json',
    summary: 'The value as JSON, on one line; with `indent` an entry a line.',
    examples: [{ expression: "{'a': [1, true, none]} | to_json", value: '{"a": [1, true, null]}' }],
    input: anything,
    parameters: layout(null, false, true),
    returns: () => stringType,
    apply: call => toJson(call.input, layoutOf(call)),
  },
  {
    name: 'to_nice_json',
    summary: 'The value as JSON, an entry a line, with its keys sorted.',
    examples: [
      { expression: "{'b': [], 'a': [1]} | to_nice_json(indent=1)", value: '{\n "a": [\n  1\n ],\n "b": []\n}' },
    ],
    input: anything,
    parameters: layout(4, true, true),
    returns: () => stringType,
    apply: call => toJson(call.input, layoutOf(call)),
  },
  {
    name: 'from_json',
    summary:
      'The value that a text of JSON stands for. Whole numbers beyond 2^53 become text, so that they stay exact.',
    examples: [
      { expression: `'{"a": [1, true]}' | from_json`, value: { a: [1, true] } },
      { expression: `'{"ID": 13803658152347727308}' | from_json`, value: { ID: '13803658152347727308' } },
    ],
    input: stringType,
    parameters: [],
    returns: () => anything,
    apply: call => fromJson(call.text()),
  },
];
