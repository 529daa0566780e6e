import { Fault } from '../fault.ts';
import { Missing } from '../missing.ts';
import type { FilterSpec } from '../signature.ts';
import { truthy } from '../text.ts';
import { alternatives, anything, booleanType, nullType, stringType, type Type, union } from '../types.ts';

function withoutNull(type: Type): Type {
  return union(...alternatives(type).filter(t => t.kind !== 'null'));
}

export const choiceFilters: readonly FilterSpec[] = [
  {
    name: 'default',
    aliases: ['d'],
    summary:
      'The value, or another one where it is undefined; with `true` also where it is empty, zero, false or none.',
    examples: [
      { expression: "nowhere.at.all | default('x')", value: 'x' },
      { expression: "'' | default('x')", value: '' },
      { expression: "'' | default('x', true)", value: 'x' },
    ],
    input: anything,
    parameters: [
      { name: 'default_value', type: anything, default: '' },
      { name: 'boolean', type: booleanType, default: false },
    ],
    takesUndefined: true,
    takesUnknownParts: true,
    lazy: true,
    returns: (input, argument) => union(withoutNull(input), argument('default_value'), input),
    apply: call => {
      const { slot } = call;
      if (slot instanceof Missing) return call.argumentSlot('default_value');
      return call.flag('boolean') && !truthy(slot) ? call.argumentSlot('default_value') : slot;
    },
  },
  {
    name: 'mandatory',
    summary: 'The value; where it is undefined, an error with a message of your own.',
    examples: [{ expression: "'a' | mandatory('name the node')", value: 'a' }],
    input: anything,
    parameters: [{ name: 'msg', type: union(stringType, nullType), default: null }],
    takesUndefined: true,
    takesUnknownParts: true,
    returns: input => input,
    apply: call => {
      const { slot } = call;
      if (!(slot instanceof Missing)) return slot;
      const message = call.optionalText('msg');
      return message === undefined ? slot : new Missing(() => new Fault(message));
    },
  },
  {
    name: 'ternary',
    summary: 'One value where the input is true, another one where it is false, and a third where it is none.',
    examples: [
      { expression: "true | ternary('learner', 'voter')", value: 'learner' },
      { expression: 'none | ternary(1, 2, 3)', value: 3 },
    ],
    input: anything,
    parameters: [
      { name: 'true_val', type: anything },
      { name: 'false_val', type: anything },
      { name: 'none_val', type: anything, default: null },
    ],
    lazy: true,
    takesUnknownParts: true,
    returns: (_, argument) => union(argument('true_val'), argument('false_val')),
    apply: call => {
      const { input } = call;
      if (input === null && call.argument('none_val') !== null) return call.argumentSlot('none_val');
      return call.argumentSlot(truthy(input) ? 'true_val' : 'false_val');
    },
  },
];
