import { isList, isMap, type Value } from '../../../core/value.ts';
import { Missing } from '../missing.ts';
import type { TestSpec } from '../signature.ts';
import { truthy } from '../text.ts';
import { anything } from '../types.ts';

function kind(
  name: string,
  summary: string,
  yes: string,
  no: string,
  holds: (value: Value) => boolean,
  partsMatter = false,
): TestSpec {
  return {
    name,
    summary,
    examples: [
      { expression: `${yes} is ${name}`, value: true },
      { expression: `${no} is ${name}`, value: false },
    ],
    input: anything,
    parameters: [],
    takesUnknownParts: !partsMatter,
    holds: call => holds(call.input),
  };
}

const whole = (value: Value): boolean => typeof value === 'number' && Number.isInteger(value);
const hasLength = (value: Value): boolean => typeof value === 'string' || isList(value) || isMap(value);

function cased(value: Value, as: 'lower' | 'upper'): boolean {
  if (typeof value !== 'string') return false;
  const same = as === 'lower' ? value.toLowerCase() : value.toUpperCase();
  return value === same && /[\p{Ll}\p{Lu}]/u.test(value);
}

export const kindTests: readonly TestSpec[] = [
  {
    name: 'defined',
    summary: 'True where the value is defined; the input may be any path: `a.b.c is defined`.',
    examples: [
      { expression: '1 is defined', value: true },
      { expression: 'nowhere.at.all is defined', value: false },
    ],
    input: anything,
    parameters: [],
    takesUndefined: true,
    takesUnknownParts: true,
    holds: call => !(call.slot instanceof Missing),
  },
  {
    name: 'undefined',
    summary: 'True where the value is not defined.',
    examples: [{ expression: 'nowhere is undefined', value: true }],
    input: anything,
    parameters: [],
    takesUndefined: true,
    takesUnknownParts: true,
    holds: call => call.slot instanceof Missing,
  },
  kind('none', 'True for none.', 'none', "''", value => value === null),
  kind('true', 'True for true alone.', 'true', '1', value => value === true),
  kind('false', 'True for false alone.', 'false', '0', value => value === false),
  kind('boolean', 'True for true and false.', 'false', '0', value => typeof value === 'boolean'),
  kind('string', 'True for a text.', "'a'", '1', value => typeof value === 'string'),
  kind('lower', 'True for a text without capital letters that has a letter.', "'abc 1'", "'aB'", v =>
    cased(v, 'lower'),
  ),
  kind('upper', 'True for a text without small letters that has a letter.', "'ABC 1'", "'aB'", v => cased(v, 'upper')),
  kind('abs', 'True for an absolute path.', "'/var'", "'var'", v => typeof v === 'string' && v.startsWith('/')),
  kind('number', 'True for a number; booleans are none.', '1.5', "'1'", value => typeof value === 'number'),
  kind('integer', 'True for a whole number.', '3', '3.5', whole),
  kind('float', 'True for a number that is not whole.', '3.5', '3', v => typeof v === 'number' && !whole(v)),
  kind('mapping', 'True for a map.', "{'a': 1}", '[1]', isMap),
  kind('sequence', 'True for a list, a map or a text.', '[1]', '1', hasLength),
  kind('iterable', 'True for what a loop can go through: a list, a map or a text.', "{'a': 1}", '1', hasLength),
  kind('truthy', 'True where the value counts as true: not empty, not zero, not none.', "'a'", "''", truthy),
  kind('falsy', 'True where the value counts as false.', '[]', '[0]', value => !truthy(value)),
];
