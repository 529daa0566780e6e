import { isList, isMap, type Value, type ValueMap } from '../../../core/value.ts';
import { followPath, lookUp, whyMissing } from '../access.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { Missing, need } from '../missing.ts';
import { equal, longest, order } from '../operators.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { kindOf } from '../text.ts';
import {
  anyList,
  anyMap,
  anything,
  booleanType,
  integerType,
  itemsOf,
  listOf,
  nullType,
  oneOf,
  stringType,
  union,
} from '../types.ts';
import { caseSensitive } from './keys.ts';

const iterable = union(anyList, anyMap);
const fill: ParameterSpec = { name: 'fill_with', type: anything, default: null };
const path: ParameterSpec = { name: 'attribute', type: union(stringType, integerType) };

/** Groups by an attribute, in the order of its values; each is a list of the value and the items. */
function grouped(call: Call): Value {
  const at = call.argument('attribute');
  const fallback = call.argument('default');
  const folds = !call.flag('case_sensitive');
  const groups: { key: Value; value: Value; items: Value[] }[] = [];
  const keyed = call.items().map(item => {
    const found = followPath(item, at);
    const value = found instanceof Missing && fallback !== null ? fallback : need(found);
    return { item, value, key: folds && typeof value === 'string' ? value.toLowerCase() : value };
  });
  for (const { item, value, key } of keyed.sort((a, b) => order(a.key, b.key))) {
    const last = groups.at(-1);
    if (last && equal(last.key, key) === true) last.items.push(item);
    else groups.push({ key, value, items: [item] });
  }
  return groups.map(({ value, items }) => [value, items]);
}

function batches(call: Call): Value {
  const size = call.wholeArgument('linecount');
  if (size < 1) throw new Fault('`linecount` is a whole number from 1 on');
  const items = call.items();
  const filling = call.argument('fill_with');
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => {
    const batch = items.slice(i * size, (i + 1) * size);
    const lacking = filling === null ? 0 : size - batch.length;
    if (lacking > longest) throw new Fault('the list would be too long');
    return [...batch, ...Array.from({ length: lacking }, () => filling)];
  });
}

/** So many lists of about the same length: the first ones have one more where it does not come out even. */
function slices(call: Call): Value {
  const count = call.wholeArgument('slices');
  if (count < 1 || count > longest) throw new Fault('`slices` is a whole number from 1 on');
  const items = call.items();
  const filling = call.argument('fill_with');
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, i) => {
    const from = i * size + Math.min(i, longer);
    const slice = items.slice(from, from + size + (i < longer ? 1 : 0));
    return filling !== null && i >= longer ? [...slice, filling] : slice;
  });
}

function sortedEntries(call: Call): Value {
  const by = call.textArgument('by');
  if (by !== 'key' && by !== 'value') throw new Fault('`by` is key or value');
  const folds = !call.flag('case_sensitive');
  const sign = call.flag('reverse') ? -1 : 1;
  const keyOf = ([key, value]: readonly [string, Value]): Value => {
    const chosen = by === 'key' ? key : value;
    return folds && typeof chosen === 'string' ? chosen.toLowerCase() : chosen;
  };
  return Object.entries(call.map()).sort((a, b) => sign * order(keyOf(a), keyOf(b)));
}

function longestZip(call: Call): Value {
  const filling = call.argument('fillvalue');
  const lists = [call.items(), ...othersOf(call)];
  const length = Math.max(...lists.map(list => list.length));
  return Array.from({ length }, (_, i) => lists.map(list => list[i] ?? (i < list.length ? null : filling)));
}

function othersOf(call: Call): readonly (readonly Value[])[] {
  return call.rest().map(other => {
    if (isList(other)) return other;
    throw new Fault(`\`${call.name}\` wants lists, not ${kindOf(other)}`);
  });
}

/** Every choice of one item of each list, the last list's changing fastest. */
function product(call: Call): Value {
  const lists = [call.items(), ...othersOf(call)];
  if (lists.reduce((sum, list) => sum * list.length, 1) > longest) throw new Fault('the list would be too long');
  return lists.reduce<readonly (readonly Value[])[]>(
    (chosen, list) => chosen.flatMap(before => list.map(item => [...before, item])),
    [[]],
  );
}

function chosen(items: readonly Value[], size: number, ordered: boolean): readonly (readonly Value[])[] {
  if (size < 0) throw new Fault('so many items cannot be chosen');
  let count = 1;
  for (let i = 0; i < size; i += 1) count *= ordered ? items.length - i : (items.length - i) / (i + 1);
  if (count > 100_000) throw new Fault('the list would be too long');
  if (size > items.length) return [];
  const indices = (taken: readonly number[]): readonly (readonly number[])[] => {
    if (taken.length === size) return [taken];
    const from = ordered ? 0 : (taken.at(-1) ?? -1) + 1;
    const next = items.keys().filter(i => i >= from && !taken.includes(i));
    return [...next].flatMap(i => indices([...taken, i]));
  };
  return indices([]).map(some => some.map(i => items[i] ?? null));
}

/** Pairs of an item and one of the items of a list in it. */
function subelements(call: Call): Value {
  const at = call.argument('subelements');
  const keys = isList(at) ? at.join('.') : at;
  const items = isMap(call.input) ? Object.values(call.input) : call.items();
  return items.flatMap(item => {
    const found = followPath(item, keys);
    if (found instanceof Missing && call.flag('skip_missing')) return [];
    const list = need(found);
    if (!isList(list)) throw new Fault(`\`subelements\` wants a list there, not ${kindOf(list)}`);
    return list.map(inner => [item, inner]);
  });
}

function rekeyed(call: Call): Value {
  const key = call.textArgument('key');
  const kept = call.textArgument('duplicates') === 'overwrite';
  const items = isMap(call.input) ? Object.values(call.input) : call.items();
  const found = new Map<string, ValueMap>();
  for (const item of items) {
    const value = isMap(item) ? lookUp(item, key) : undefined;
    if (!isMap(item) || typeof value !== 'string') throw new Fault(`an item has no text as \`${key}\``);
    if (found.has(value) && !kept)
      throw new Fault(`two items have the same \`${key}\``, "duplicates='overwrite' takes the last");
    found.set(value, item);
  }
  return Object.fromEntries(found);
}

export const arrangementFilters: readonly FilterSpec[] = [
  {
    name: 'groupby',
    summary:
      'The items that have the same attribute, together: a list of pairs of its value and the items, in the order of the values.',
    examples: [
      {
        expression:
          "[{'r': 'voter', 'n': 1}, {'r': 'learner', 'n': 2}, {'r': 'voter', 'n': 3}] | groupby('r') | map('first')",
        value: ['learner', 'voter'],
      },
      {
        expression: "[{'r': 'a'}, {}] | groupby('r', default='b')",
        value: [
          ['a', [{ r: 'a' }]],
          ['b', [{}]],
        ],
      },
    ],
    input: iterable,
    parameters: [path, { name: 'default', type: anything, default: null }, caseSensitive],
    returns: () => listOf(anyList),
    apply: grouped,
  },
  {
    name: 'batch',
    summary: 'The list cut into lists of so many items; the last one filled up if `fill_with` is given.',
    examples: [
      { expression: '[1, 2, 3] | batch(2)', value: [[1, 2], [3]] },
      {
        expression: '[1, 2, 3] | batch(2, 0)',
        value: [
          [1, 2],
          [3, 0],
        ],
      },
    ],
    input: iterable,
    parameters: [{ name: 'linecount', type: integerType }, fill],
    takesUnknownParts: true,
    returns: input => listOf(listOf(itemsOf(input))),
    apply: batches,
  },
  {
    name: 'slice',
    summary: 'The list cut into so many lists of about the same length.',
    examples: [{ expression: '[1, 2, 3] | slice(2)', value: [[1, 2], [3]] }],
    input: iterable,
    parameters: [{ name: 'slices', type: integerType }, fill],
    takesUnknownParts: true,
    returns: input => listOf(listOf(itemsOf(input))),
    apply: slices,
  },
  {
    name: 'dictsort',
    summary: 'The entries of a map in order, by key or by value, each a list of both.',
    examples: [
      {
        expression: "{'b': 1, 'a': 2} | dictsort",
        value: [
          ['a', 2],
          ['b', 1],
        ],
      },
      {
        expression: "{'b': 1, 'a': 2} | dictsort(by='value')",
        value: [
          ['b', 1],
          ['a', 2],
        ],
      },
    ],
    input: anyMap,
    parameters: [
      caseSensitive,
      { name: 'by', type: oneOf('key', 'value'), default: 'key' },
      { name: 'reverse', type: booleanType, default: false },
    ],
    returns: () => listOf(anyList),
    apply: sortedEntries,
  },
  {
    name: 'items',
    summary: 'The entries of a map, each a list of key and value.',
    examples: [{ expression: "{'a': 1} | items", value: [['a', 1]] }],
    input: anyMap,
    parameters: [],
    takesUnknownParts: true,
    returns: () => listOf(anyList),
    apply: call => Object.entries(call.map()),
  },
  {
    name: 'zip_longest',
    summary:
      'Lists of the first items, the second items, and so on, until no list has one; `fillvalue` stands for what is missing.',
    examples: [
      {
        expression: "[1, 2] | zip_longest(['a'], fillvalue='-')",
        value: [
          [1, 'a'],
          [2, '-'],
        ],
      },
    ],
    input: iterable,
    parameters: [
      { name: 'others', type: anyList, takes: 'rest' },
      { name: 'fillvalue', type: anything, default: null, byNameOnly: true },
    ],
    takesUnknownParts: true,
    returns: () => listOf(anyList),
    apply: longestZip,
  },
  {
    name: 'product',
    summary: 'Every choice of one item of each list.',
    examples: [{ expression: "['a', 'b'] | product([1, 2]) | map('join')", value: ['a1', 'a2', 'b1', 'b2'] }],
    input: iterable,
    parameters: [{ name: 'others', type: anyList, takes: 'rest' }],
    takesUnknownParts: true,
    returns: () => listOf(anyList),
    apply: product,
  },
  {
    name: 'combinations',
    summary: 'Every choice of so many items, each choice once.',
    examples: [
      {
        expression: '[1, 2, 3] | combinations(2)',
        value: [
          [1, 2],
          [1, 3],
          [2, 3],
        ],
      },
    ],
    input: iterable,
    parameters: [{ name: 'set_size', type: integerType }],
    takesUnknownParts: true,
    returns: input => listOf(listOf(itemsOf(input))),
    apply: call => chosen(call.items(), call.wholeArgument('set_size'), false),
  },
  {
    name: 'permutations',
    summary: 'Every order of so many items; without a number, of all.',
    examples: [
      {
        expression: '[1, 2] | permutations',
        value: [
          [1, 2],
          [2, 1],
        ],
      },
    ],
    input: iterable,
    parameters: [{ name: 'set_size', type: union(integerType, nullType), default: null }],
    takesUnknownParts: true,
    returns: input => listOf(listOf(itemsOf(input))),
    apply: call => {
      const items = call.items();
      return chosen(items, call.argument('set_size') === null ? items.length : call.wholeArgument('set_size'), true);
    },
  },
  {
    name: 'subelements',
    summary:
      'Pairs of each item and each item of a list in it; `skip_missing` leaves out those that have no such list.',
    examples: [
      {
        expression: "[{'n': 'a', 'urls': [1, 2]}] | subelements('urls') | map('last')",
        value: [1, 2],
      },
      { expression: "[{'n': 'a'}] | subelements('urls', skip_missing=true)", value: [] },
    ],
    input: iterable,
    parameters: [
      { name: 'subelements', type: union(stringType, listOf(stringType)) },
      { name: 'skip_missing', type: booleanType, default: false },
    ],
    returns: () => listOf(anyList),
    apply: subelements,
  },
  {
    name: 'rekey_on_member',
    summary: 'A map of the items by a text that each of them has.',
    examples: [{ expression: "[{'n': 'a', 'v': 1}] | rekey_on_member('n')", value: { a: { n: 'a', v: 1 } } }],
    input: union(listOf(anyMap), anyMap),
    parameters: [
      { name: 'key', type: stringType },
      { name: 'duplicates', type: oneOf('error', 'overwrite'), default: 'error' },
    ],
    returns: () => anyMap,
    apply: rekeyed,
  },
  {
    name: 'extract',
    summary: 'What a map or a list has under the input, and below it what the further keys name.',
    examples: [
      { expression: "['b', 'a'] | map('extract', {'a': 1, 'b': 2})", value: [2, 1] },
      { expression: "'a' | extract({'a': {'x': [7]}}, ['x', 0])", value: 7 },
    ],
    input: union(stringType, integerType),
    parameters: [
      { name: 'container', type: iterable },
      { name: 'morekeys', type: anything, default: null },
    ],
    takesUnknownParts: true,
    returns: () => anything,
    apply: call => {
      const more = call.argument('morekeys');
      const keys = more === null ? [] : isList(more) ? more : [more];
      let at = call.argument('container');
      for (const key of [call.input, ...keys]) {
        const found = lookUp(at, key);
        if (found === undefined) throw whyMissing(at, key);
        at = found;
      }
      return at;
    },
  },
];
