import { isList, isMap, type Value } from '../../../core/value.ts';
import { Fault } from '../fault.ts';
import type { FilterSpec } from '../signature.ts';
import { numberText } from '../text.ts';
import { anything, stringType } from '../types.ts';

/** JSON with Python's spacing and its `\u` escapes for all that is not ASCII, as Ansible writes it. */
function toJson(value: Value): string {
  if (isList(value)) return `[${value.map(toJson).join(', ')}]`;
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, v]) => `${jsonText(key)}: ${toJson(v)}`)
      .join(', ')}}`;
  }
  if (typeof value === 'string') return jsonText(value);
  return typeof value === 'number' ? numberText(value) : String(value);
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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

export const jsonFilters: readonly FilterSpec[] = [
  {
    name: 'to_json',
    summary: 'The value as JSON, on one line.',
    examples: [{ expression: "{'a': [1, true, none]} | to_json", value: '{"a": [1, true, null]}' }],
    input: anything,
    parameters: [],
    returns: () => stringType,
    apply: call => toJson(call.input),
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
