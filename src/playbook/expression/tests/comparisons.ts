import type { Value } from '../../../core/value.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { compare, equal } from '../operators.ts';
import type { ParameterSpec, TestSpec } from '../signature.ts';
import type { CompareOperator } from '../syntax.ts';
import { kindOf, truthy } from '../text.ts';
import { anyList, anything, integerType, mapOf, numberType, stringType, union } from '../types.ts';

const other: ParameterSpec = { name: 'other', type: anything };

function comparison(
  names: readonly [string, ...string[]],
  operator: CompareOperator,
  example: string,
  no: string,
): TestSpec {
  const [name, ...aliases] = names;
  return {
    name,
    aliases,
    summary: `True where the value is \`${operator}\` the other one.`,
    examples: [
      { expression: example, value: true },
      { expression: no, value: false },
    ],
    input: anything,
    parameters: [other],
    takesUnknownParts: true,
    holds: call => compare(operator, call.input, call.argument('other')),
  };
}

function wholeInput(call: Call): number {
  const value = call.number();
  if (!Number.isInteger(value)) throw new Fault(`\`${call.name}\` wants a whole number, not ${kindOf(value)}`);
  return value;
}

const isOdd = (value: number): boolean => Math.abs(value % 2) === 1;

function containsAll(container: readonly Value[], items: readonly Value[]): boolean {
  return items.every(item => container.some(candidate => equal(candidate, item) === true));
}

export const comparisonTests: readonly TestSpec[] = [
  comparison(['equalto', '==', 'eq'], '==', '1 is equalto 1', '1 is eq 2'),
  comparison(['ne', '!='], '!=', '1 is ne 2', '1 is ne 1'),
  comparison(['lt', '<', 'lessthan'], '<', '1 is lt 2', '2 is lt 2'),
  comparison(['le', '<='], '<=', '2 is le 2', '3 is le 2'),
  comparison(['gt', '>', 'greaterthan'], '>', '3 is gt 2', '2 is gt 2'),
  comparison(['ge', '>='], '>=', '2 is ge 2', '1 is ge 2'),
  comparison(['in'], 'in', "'a' is in ['a', 'b']", "'c' is in ['a', 'b']"),
  {
    name: 'sameas',
    summary: 'True where both are the same single value, of the same kind.',
    examples: [
      { expression: 'true is sameas true', value: true },
      { expression: '1 is sameas true', value: false },
    ],
    input: anything,
    parameters: [other],
    holds: call => call.input === call.argument('other'),
  },
  {
    name: 'contains',
    summary: 'True where the list, map or text has the other value in it.',
    examples: [{ expression: "['a', 'b'] is contains('a')", value: true }],
    input: union(anyList, mapOf(anything), stringType),
    parameters: [{ name: 'item', type: anything }],
    takesUnknownParts: true,
    holds: call => compare('in', call.argument('item'), call.input),
  },
  {
    name: 'subset',
    aliases: ['issubset'],
    summary: 'True where all items are in the other list.',
    examples: [{ expression: '[1, 2] is subset([2, 3, 1])', value: true }],
    input: anyList,
    parameters: [{ name: 'other', type: anyList }],
    holds: call => containsAll(call.listArgument('other'), call.items()),
  },
  {
    name: 'superset',
    aliases: ['issuperset'],
    summary: 'True where the list has all items of the other one.',
    examples: [{ expression: '[1, 2] is superset([3])', value: false }],
    input: anyList,
    parameters: [{ name: 'other', type: anyList }],
    holds: call => containsAll(call.items(), call.listArgument('other')),
  },
  {
    name: 'all',
    summary: 'True where every item of the list counts as true.',
    examples: [
      { expression: '[1, true] is all', value: true },
      { expression: '[1, 0] is all', value: false },
    ],
    input: anyList,
    parameters: [],
    holds: call => call.items().every(truthy),
  },
  {
    name: 'any',
    summary: 'True where an item of the list counts as true.',
    examples: [
      { expression: '[0, 1] is any', value: true },
      { expression: '[] is any', value: false },
    ],
    input: anyList,
    parameters: [],
    holds: call => call.items().some(truthy),
  },
  {
    name: 'even',
    summary: 'True for an even number.',
    examples: [{ expression: '4 is even', value: true }],
    input: integerType,
    parameters: [],
    holds: call => !isOdd(wholeInput(call)),
  },
  {
    name: 'odd',
    summary: 'True for an odd number.',
    examples: [{ expression: '3 is odd', value: true }],
    input: integerType,
    parameters: [],
    holds: call => isOdd(wholeInput(call)),
  },
  {
    name: 'divisibleby',
    summary: 'True where the number can be divided by another one without a rest.',
    examples: [{ expression: '6 is divisibleby 3', value: true }],
    input: numberType,
    parameters: [{ name: 'num', type: numberType }],
    holds: call => {
      const by = call.numberArgument('num');
      if (by === 0) throw new Fault('division by zero');
      return call.number() % by === 0;
    },
  },
];
