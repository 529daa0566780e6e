import { isList, isMap, Unknown, type Value, type ValueMap } from '../../../core/value.ts';
import { lookUp } from '../access.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { equal } from '../operators.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { kindOf } from '../text.ts';
import {
  anyMap,
  anything,
  booleanType,
  isOpen,
  listOf,
  oneOf,
  type Property,
  stringType,
  type Type,
  union,
} from '../types.ts';

const keyName: ParameterSpec = { name: 'key_name', type: stringType, default: 'key' };
const valueName: ParameterSpec = { name: 'value_name', type: stringType, default: 'value' };
const listMerges = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

function combine(left: ValueMap, right: ValueMap, recursive: boolean, lists: string): ValueMap {
  const merged = new Map<string, Value>(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const old = merged.get(key);
    if (old !== undefined && recursive && isMap(old) && isMap(value)) merged.set(key, combine(old, value, true, lists));
    else if (old !== undefined && isList(old) && isList(value)) merged.set(key, combineLists(old, value, lists));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function combineLists(old: readonly Value[], value: readonly Value[], how: string): readonly Value[] {
  const without = (items: readonly Value[], taken: readonly Value[]) =>
    items.filter(item => !taken.some(other => equal(item, other) === true));
  switch (how) {
    case 'keep':
      return old;
    case 'append':
      return [...old, ...value];
    case 'prepend':
      return [...value, ...old];
    case 'append_rp':
      return [...without(old, value), ...value];
    case 'prepend_rp':
      return [...value, ...without(old, value)];
    default:
      return value;
  }
}

function combined(call: Call): Value {
  const recursive = call.flag('recursive');
  const how = call.textArgument('list_merge');
  if (!listMerges.includes(how)) throw new Fault(`\`list_merge\` of \`combine\` is one of ${listMerges.join(', ')}`);
  const first = call.input;
  const maps = [...(isList(first) ? first : [call.map()]), ...call.rest().flatMap(v => (isList(v) ? v : [v]))];
  return maps.reduce<ValueMap>((merged, map) => {
    if (!isMap(map)) throw new Fault(`\`combine\` wants maps, not ${kindOf(map)}`);
    return combine(merged, map, recursive, how);
  }, {});
}

function toMap(call: Call): Value {
  const key = call.textArgument('key_name');
  const value = call.textArgument('value_name');
  const entries = call.items().map((item): [string, Value] => {
    if (item instanceof Unknown) return ['', item];
    const k = lookUp(item, key);
    const v = lookUp(item, value);
    if (k === undefined || v === undefined)
      throw new Fault(`an item of \`items2dict\` has no \`${k === undefined ? key : value}\``);
    if (typeof k !== 'string') throw new Fault(`a key must be a string, not ${kindOf(k)}`);
    return [k, v];
  });
  return Object.fromEntries(entries);
}

/** The map that both make: what is in the right one counts. */
function combinedType(left: Type, right: Type): Type {
  if (left.kind !== 'map' || right.kind !== 'map') return isOpen(left) ? left : isOpen(right) ? right : anyMap;
  const properties = new Map<string, Property>(left.properties);
  for (const [name, property] of right.properties) {
    const before = left.properties.get(name);
    const nested = property.type.kind === 'map' && before?.type.kind === 'map';
    const type = nested ? anyMap : property.optional && before ? union(property.type, before.type) : property.type;
    properties.set(name, { type, optional: property.optional && (before?.optional ?? true) });
  }
  const rests = [left.rest, right.rest].filter(rest => rest !== undefined);
  return { kind: 'map', properties, ...(rests.length > 0 ? { rest: union(...rests) } : {}) };
}

export const mapFilters: readonly FilterSpec[] = [
  {
    name: 'dict2items',
    summary: 'A list of the entries of a map, each with `key` and `value`.',
    examples: [{ expression: "{'a': 1} | dict2items", value: [{ key: 'a', value: 1 }] }],
    input: anyMap,
    parameters: [keyName, valueName],
    takesUnknownParts: true,
    returns: (input, argument) => {
      const values =
        input.kind === 'map'
          ? union(...[...input.properties.values()].map(p => p.type), ...(input.rest ? [input.rest] : []))
          : anything;
      const named = (type: Type, usual: string) =>
        type.kind === 'string' && type.values?.length === 1 ? (type.values[0] ?? usual) : undefined;
      const key = named(argument('key_name'), 'key');
      const value = named(argument('value_name'), 'value');
      if (key === undefined || value === undefined) return listOf(anyMap);
      const properties = new Map<string, Property>([
        [key, { type: stringType, optional: false }],
        [value, { type: values, optional: false }],
      ]);
      return listOf({ kind: 'map', properties });
    },
    apply: call => {
      const key = call.textArgument('key_name');
      const value = call.textArgument('value_name');
      return Object.entries(call.map()).map(([k, v]) =>
        Object.fromEntries([
          [key, k],
          [value, v],
        ]),
      );
    },
  },
  {
    name: 'items2dict',
    summary: 'The map of a list of entries, each with `key` and `value`.',
    examples: [{ expression: "[{'key': 'a', 'value': 1}] | items2dict", value: { a: 1 } }],
    input: listOf(anyMap),
    parameters: [keyName, valueName],
    returns: () => anyMap,
    apply: toMap,
  },
  {
    name: 'combine',
    summary:
      'One map out of several; the later ones count. `recursive=true` combines maps in them too, `list_merge` says what becomes of lists.',
    examples: [
      { expression: "{'a': 1, 'b': 1} | combine({'b': 2})", value: { a: 1, b: 2 } },
      { expression: "{'a': {'x': 1}} | combine({'a': {'y': 2}}, recursive=true)", value: { a: { x: 1, y: 2 } } },
    ],
    input: union(anyMap, listOf(anyMap)),
    parameters: [
      { name: 'recursive', type: booleanType, default: false, byNameOnly: true },
      { name: 'list_merge', type: oneOf(...listMerges), default: 'replace', byNameOnly: true },
      { name: 'others', type: anyMap, takes: 'rest' },
    ],
    takesUnknownParts: true,
    returns: (input, argument) => combinedType(input, argument('others')),
    apply: combined,
  },
];
