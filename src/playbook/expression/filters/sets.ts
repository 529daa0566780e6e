import type { Value } from '../../../core/value.ts';
import { equal } from '../operators.ts';
import type { FilterSpec } from '../signature.ts';
import { anyList, anyMap, itemsOf, listOf, type Type, union } from '../types.ts';
import { attribute, caseSensitive, keyOf } from './keys.ts';

const iterable: Type = union(anyList, anyMap);
const sameList = (input: Type): Type => listOf(itemsOf(input));

/** The items whose key none before them had. Texts and numbers, the usual ones, are found without a search. */
function distinct(items: readonly Value[], key: (item: Value) => Value = item => item): readonly Value[] {
  const simple = new Set<Value>();
  const others: Value[] = [];
  return items.filter(item => {
    const k = key(item);
    if (typeof k !== 'object' || k === null) {
      if (simple.has(k)) return false;
      simple.add(k);
      return true;
    }
    if (others.some(other => equal(other, k) === true)) return false;
    others.push(k);
    return true;
  });
}

/** A fast `in` for many questions. */
function membershipOf(items: readonly Value[]): (item: Value) => boolean {
  const simple = new Set<Value>(items);
  const others = items.filter(item => typeof item === 'object' && item !== null);
  return item => simple.has(item) || (typeof item === 'object' && others.some(other => equal(other, item) === true));
}

/** Lists as sets: each item once, in the order in which it came first. */
export const setFilters: readonly FilterSpec[] = [
  {
    name: 'unique',
    summary: 'The list without repetitions; texts that differ only in case are one unless `case_sensitive` is true.',
    examples: [
      { expression: "['b', 'a', 'B', 'b'] | unique", value: ['b', 'a'] },
      { expression: "['b', 'B'] | unique(case_sensitive=true)", value: ['b', 'B'] },
    ],
    input: iterable,
    parameters: [caseSensitive, attribute],
    returns: sameList,
    apply: call => distinct(call.items(), keyOf(call)),
  },
  {
    name: 'difference',
    summary: 'The items, each once, that are not in the other list.',
    examples: [{ expression: '[1, 2, 3] | difference([2])', value: [1, 3] }],
    input: iterable,
    parameters: [{ name: 'b', type: anyList }],
    returns: sameList,
    apply: call => {
      const has = membershipOf(call.listArgument('b'));
      return distinct(call.items()).filter(item => !has(item));
    },
  },
  {
    name: 'intersect',
    summary: 'The items, each once, that are in both lists.',
    examples: [{ expression: '[1, 2, 3] | intersect([3, 2])', value: [2, 3] }],
    input: iterable,
    parameters: [{ name: 'b', type: anyList }],
    returns: sameList,
    apply: call => {
      const has = membershipOf(call.listArgument('b'));
      return distinct(call.items()).filter(has);
    },
  },
  {
    name: 'union',
    summary: 'The items of both lists, each once.',
    examples: [{ expression: '[1, 2] | union([2, 3])', value: [1, 2, 3] }],
    input: iterable,
    parameters: [{ name: 'b', type: anyList }],
    returns: (input, argument) => listOf(union(itemsOf(input), itemsOf(argument('b')))),
    apply: call => distinct([...call.items(), ...call.listArgument('b')]),
  },
  {
    name: 'symmetric_difference',
    summary: 'The items, each once, that are in one of both lists only.',
    examples: [{ expression: '[1, 2, 3] | symmetric_difference([2, 4])', value: [1, 3, 4] }],
    input: iterable,
    parameters: [{ name: 'b', type: anyList }],
    returns: (input, argument) => listOf(union(itemsOf(input), itemsOf(argument('b')))),
    apply: call => {
      const [here, there] = [call.items(), call.listArgument('b')];
      const [inHere, inThere] = [membershipOf(here), membershipOf(there)];
      return distinct([...here.filter(item => !inThere(item)), ...there.filter(item => !inHere(item))]);
    },
  },
];
