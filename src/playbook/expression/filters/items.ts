import { Unknown, type Value } from '../../../core/value.ts';
import { followPath } from '../access.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { Missing, need, type Slot } from '../missing.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { truthy } from '../text.ts';
import { anyList, anyMap, anything, integerType, itemsOf, listOf, nullType, stringType, union } from '../types.ts';

const iterable = union(anyList, anyMap);
const rest: ParameterSpec = { name: 'arguments', type: anything, takes: 'rest-named' };
const testName: ParameterSpec = { name: 'test', type: union(stringType, nullType), default: null };

function mapped(call: Call): Value {
  const path = call.argument('attribute');
  const fallback = call.argument('default');
  const filter = call.optionalText('filter');
  if ((path === null) === (filter === undefined)) {
    throw new Fault('`map` wants the name of a filter or `attribute=`', "| map('upper') or | map(attribute='name')");
  }
  // With a filter, a `default=` is that filter's.
  const named = fallback === null ? call.named() : new Map([...call.named(), ['default', fallback] as const]);
  const args = call.rest();
  return call.items().map(item => {
    if (filter !== undefined) return need(call.vocabulary.filter(filter, item, args, named));
    const found = followPath(item, path);
    return found instanceof Missing && fallback !== null ? fallback : need(found);
  });
}

function holds(call: Call, subject: Slot): boolean | Unknown {
  const test = call.optionalText('test');
  if (test !== undefined) return call.vocabulary.test(test, subject, call.rest(), call.named());
  const value = need(subject);
  return value instanceof Unknown ? value : truthy(value);
}

/** The items for which the test comes out as wanted. Where it cannot be told for one, the list is unknown. */
function picked(call: Call, wanted: boolean, subjectOf: (item: Value) => Slot): Value {
  const kept: Value[] = [];
  for (const item of call.items()) {
    const result = holds(call, subjectOf(item));
    if (result instanceof Unknown) return result;
    if (result === wanted) kept.push(item);
  }
  return kept;
}

function byAttribute(call: Call, wanted: boolean): Value {
  const path = call.argument('attribute');
  return picked(call, wanted, item => followPath(item, path));
}

export const itemFilters: readonly FilterSpec[] = [
  {
    name: 'map',
    summary:
      'The list with a filter applied to each item, or of one attribute of each; `default=` stands in for a missing one.',
    examples: [
      { expression: "['a', 'b'] | map('upper')", value: ['A', 'B'] },
      { expression: "[{'name': 'x'}] | map(attribute='name')", value: ['x'] },
      { expression: "[{'n': 1}, {}] | map(attribute='n', default=0)", value: [1, 0] },
    ],
    input: iterable,
    parameters: [
      { name: 'filter', type: union(stringType, nullType), default: null },
      { name: 'attribute', type: union(stringType, integerType, nullType), default: null, byNameOnly: true },
      { name: 'default', type: anything, default: null, byNameOnly: true },
      rest,
    ],
    takesUnknownParts: true,
    returns: () => anyList,
    apply: mapped,
  },
  {
    name: 'select',
    summary: 'The items that pass a test; without one, those that are true.',
    examples: [
      { expression: "[1, 2, 3, 4] | select('even')", value: [2, 4] },
      { expression: "['node001', 'head'] | select('match', 'node')", value: ['node001'] },
    ],
    input: iterable,
    parameters: [testName, rest],
    takesUnknownParts: true,
    returns: input => listOf(itemsOf(input)),
    apply: call => picked(call, true, item => item),
  },
  {
    name: 'reject',
    summary: 'The items that do not pass a test; without one, those that are not true.',
    examples: [{ expression: "['', 'a'] | reject('equalto', '')", value: ['a'] }],
    input: iterable,
    parameters: [testName, rest],
    takesUnknownParts: true,
    returns: input => listOf(itemsOf(input)),
    apply: call => picked(call, false, item => item),
  },
  {
    name: 'selectattr',
    summary: 'The items of which an attribute passes a test; without one, is true.',
    examples: [
      {
        expression: "[{'n': 'a', 'up': true}, {'n': 'b', 'up': false}] | selectattr('up') | map(attribute='n')",
        value: ['a'],
      },
      { expression: "[{'n': 1}, {'n': 2}] | selectattr('n', '>', 1)", value: [{ n: 2 }] },
    ],
    input: iterable,
    parameters: [{ name: 'attribute', type: union(stringType, integerType) }, testName, rest],
    takesUnknownParts: true,
    returns: input => listOf(itemsOf(input)),
    apply: call => byAttribute(call, true),
  },
  {
    name: 'rejectattr',
    summary: 'The items of which an attribute does not pass a test; without one, is not true.',
    examples: [{ expression: "[{'n': 1}, {}] | rejectattr('n', 'defined')", value: [{}] }],
    input: iterable,
    parameters: [{ name: 'attribute', type: union(stringType, integerType) }, testName, rest],
    takesUnknownParts: true,
    returns: input => listOf(itemsOf(input)),
    apply: call => byAttribute(call, false),
  },
];
