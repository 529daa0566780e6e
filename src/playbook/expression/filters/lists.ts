import { isList, isMap, type Value } from '../../../core/value.ts';
import { followPath } from '../access.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { Missing, need } from '../missing.ts';
import { arithmetic, longest, order } from '../operators.ts';
import type { FilterSpec } from '../signature.ts';
import { charactersOf, kindOf, textOf } from '../text.ts';
import {
  alternatives,
  anyList,
  anyMap,
  anything,
  booleanType,
  integerType,
  isOpen,
  itemsOf,
  listOf,
  nullType,
  numberType,
  stringType,
  type Type,
  union,
} from '../types.ts';
import { attribute, caseSensitive, keyOf, keysOf } from './keys.ts';

const iterable: Type = union(anyList, anyMap);
const countable: Type = union(anyList, anyMap, stringType);

const sameList = (input: Type): Type => listOf(itemsOf(input));
const anItem = (input: Type): Type => itemsOf(input);

function sorted(call: Call): readonly Value[] {
  const key = keysOf(call);
  const keyed = call.items().map(item => ({ item, key: key(item) }));
  const sign = call.flag('reverse') ? -1 : 1;
  return keyed.sort((a, b) => sign * order(a.key, b.key)).map(({ item }) => item);
}

function extreme(call: Call, sign: 1 | -1): Value | Missing {
  const key = keyOf(call);
  let best: { item: Value; key: Value } | undefined;
  for (const item of call.items()) {
    const k = key(item);
    if (!best || sign * order(k, best.key) < 0) best = { item, key: k };
  }
  return best ? best.item : new Missing(() => new Fault(`\`${call.name}\` of an empty list is undefined`));
}

/** Numbers; with a list as the start, lists are put together. */
function sum(call: Call): Value {
  const path = call.argument('attribute');
  return call.items().reduce<Value>((total, item) => {
    const value = path === null ? item : need(followPath(item, path));
    return arithmetic('+', total, value);
  }, call.argument('start'));
}

function flatten(items: readonly Value[], levels: number, skipNulls: boolean): readonly Value[] {
  return items.flatMap(item => {
    if (isList(item)) return levels === 0 ? [item] : flatten(item, levels - 1, skipNulls);
    return skipNulls && item === null ? [] : [item];
  });
}

function joined(call: Call): Value {
  const path = call.argument('attribute');
  const parts = call.items().map(item => textOf(path === null ? item : need(followPath(item, path))));
  return parts.join(call.textArgument('d'));
}

function end(call: Call, at: 0 | -1): Value | Missing {
  const { input } = call;
  const items = typeof input === 'string' ? charactersOf(input) : call.items();
  const found = items.at(at);
  return found === undefined
    ? new Missing(() => new Fault(`\`${call.name}\` of ${kindOf(input)} that is empty is undefined`))
    : found;
}

function zipped(call: Call): Value {
  const lists = [call.items(), ...call.rest().map(value => (isList(value) ? value : []))];
  const wrong = call.rest().find(value => !isList(value));
  if (wrong !== undefined) throw new Fault(`\`zip\` wants lists, not ${kindOf(wrong)}`);
  const shortest = Math.min(...lists.map(list => list.length));
  return Array.from({ length: shortest }, (_, i) => lists.map(list => list[i] ?? null));
}

export const listFilters: readonly FilterSpec[] = [
  {
    name: 'length',
    aliases: ['count'],
    summary: 'How many items a list, entries a map, or characters a text has.',
    examples: [{ expression: "['a', 'b'] | length", value: 2 }],
    input: countable,
    parameters: [],
    takesUnknownParts: true,
    returns: () => integerType,
    apply: call => {
      const { input } = call;
      if (typeof input === 'string') return charactersOf(input).length;
      if (isList(input)) return input.length;
      if (isMap(input)) return Object.keys(input).length;
      throw new Fault(`\`${call.name}\` wants a list, a map or a string, not ${kindOf(input)}`);
    },
  },
  {
    name: 'join',
    summary: 'The items as one text, with a separator between them.',
    examples: [
      { expression: "['a', 'b', 3] | join(',')", value: 'a,b,3' },
      { expression: "[{'n': 'x'}, {'n': 'y'}] | join('-', attribute='n')", value: 'x-y' },
    ],
    input: iterable,
    parameters: [{ name: 'd', type: stringType, default: '' }, attribute],
    returns: () => stringType,
    apply: joined,
  },
  {
    name: 'first',
    summary: 'The first item; undefined where there is none.',
    examples: [{ expression: "['a', 'b'] | first", value: 'a' }],
    input: countable,
    parameters: [],
    takesUnknownParts: true,
    returns: anItem,
    apply: call => end(call, 0),
  },
  {
    name: 'last',
    summary: 'The last item; undefined where there is none.',
    examples: [{ expression: "['a', 'b'] | last", value: 'b' }],
    input: countable,
    parameters: [],
    takesUnknownParts: true,
    returns: anItem,
    apply: call => end(call, -1),
  },
  {
    name: 'list',
    summary: 'The value as a list: of a map its keys, of a text its characters.',
    examples: [{ expression: "{'a': 1, 'b': 2} | list", value: ['a', 'b'] }],
    input: countable,
    parameters: [],
    takesUnknownParts: true,
    returns: sameList,
    apply: call => (typeof call.input === 'string' ? charactersOf(call.input) : call.items()),
  },
  {
    name: 'reverse',
    summary: 'The list, or the text, from its end.',
    examples: [{ expression: '[1, 2, 3] | reverse', value: [3, 2, 1] }],
    input: countable,
    parameters: [],
    takesUnknownParts: true,
    returns: input =>
      alternatives(input).some(t => t.kind === 'string') ? union(stringType, sameList(input)) : sameList(input),
    apply: call =>
      typeof call.input === 'string' ? charactersOf(call.input).toReversed().join('') : call.items().toReversed(),
  },
  {
    name: 'sort',
    summary:
      'The list in order, by an attribute if one is named, or by several (`lag,name`); without regard to case unless `case_sensitive` is true.',
    examples: [
      { expression: "['b', 'C', 'a'] | sort", value: ['a', 'b', 'C'] },
      { expression: "[{'n': 2}, {'n': 1}] | sort(attribute='n', reverse=true)", value: [{ n: 2 }, { n: 1 }] },
    ],
    input: iterable,
    parameters: [{ name: 'reverse', type: booleanType, default: false }, caseSensitive, attribute],
    returns: sameList,
    apply: sorted,
  },
  {
    name: 'min',
    summary: 'The smallest item; undefined where there is none.',
    examples: [{ expression: '[3, 1, 2] | min', value: 1 }],
    input: iterable,
    parameters: [caseSensitive, attribute],
    returns: anItem,
    apply: call => extreme(call, 1),
  },
  {
    name: 'max',
    summary: 'The largest item; undefined where there is none.',
    examples: [{ expression: "[{'lag': 3}, {'lag': 7}] | max(attribute='lag')", value: { lag: 7 } }],
    input: iterable,
    parameters: [caseSensitive, attribute],
    returns: anItem,
    apply: call => extreme(call, -1),
  },
  {
    name: 'sum',
    summary: 'The sum of the items, or of an attribute of each; with `start=[]` lists put together.',
    examples: [
      { expression: "[{'n': 1}, {'n': 2}] | sum(attribute='n')", value: 3 },
      { expression: '[[1], [2, 3]] | sum(start=[])', value: [1, 2, 3] },
    ],
    input: iterable,
    parameters: [attribute, { name: 'start', type: union(numberType, anyList), default: 0 }],
    returns: (_, argument) => (argument('start').kind === 'list' ? anyList : numberType),
    apply: sum,
  },
  {
    name: 'flatten',
    summary: 'The list with the lists in it opened, all of them or so many levels; none is left out.',
    examples: [
      { expression: '[1, [2, [3]]] | flatten', value: [1, 2, 3] },
      { expression: '[1, [2, [3]]] | flatten(levels=1)', value: [1, 2, [3]] },
    ],
    input: anyList,
    parameters: [
      { name: 'levels', type: union(integerType, nullType), default: null },
      { name: 'skip_nulls', type: booleanType, default: true },
    ],
    takesUnknownParts: true,
    returns: input => {
      const items = itemsOf(input);
      return listOf(isOpen(items) || items.kind === 'list' || items.kind === 'union' ? anything : items);
    },
    apply: call => {
      const levels = call.argument('levels') === null ? longest : call.wholeArgument('levels');
      return flatten(call.items(), levels, call.flag('skip_nulls'));
    },
  },
  {
    name: 'zip',
    summary: 'Lists of the first items, the second items, and so on, as long as every list has one.',
    examples: [
      {
        expression: "['a', 'b'] | zip([1, 2])",
        value: [
          ['a', 1],
          ['b', 2],
        ],
      },
    ],
    input: iterable,
    parameters: [{ name: 'others', type: anyList, takes: 'rest' }],
    takesUnknownParts: true,
    returns: () => listOf(anyList),
    apply: zipped,
  },
];
