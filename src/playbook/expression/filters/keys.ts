import type { Value } from '../../../core/value.ts';
import { followPath } from '../access.ts';
import type { Call } from '../call.ts';
import { need } from '../missing.ts';
import type { ParameterSpec } from '../signature.ts';
import { booleanType, integerType, nullType, stringType, union } from '../types.ts';

export const attribute: ParameterSpec = {
  name: 'attribute',
  type: union(stringType, integerType, nullType),
  default: null,
};
export const caseSensitive: ParameterSpec = { name: 'case_sensitive', type: booleanType, default: false };

/** What an item is compared by: itself or its attribute, and in small letters unless case counts. */
export function keyOf(call: Call): (item: Value) => Value {
  return keyAt(call, call.argument('attribute'));
}

/** The same, but `a,b` names two attributes, of which the second counts where the first is the same. */
export function keysOf(call: Call): (item: Value) => Value {
  const path = call.argument('attribute');
  if (typeof path !== 'string' || !path.includes(',')) return keyAt(call, path);
  const keys = path.split(',').map(one => keyAt(call, one));
  return item => keys.map(key => key(item));
}

function keyAt(call: Call, path: Value): (item: Value) => Value {
  const folds = !call.flag('case_sensitive');
  return item => {
    const value = path === null ? item : need(followPath(item, path));
    return folds && typeof value === 'string' ? value.toLowerCase() : value;
  };
}
