import { isList, isMap, Unknown, type Value, type ValueMap } from '../../core/value.ts';
import { Fault } from './fault.ts';
import { Missing, type Slot } from './missing.ts';
import { didYouMean } from './nearest.ts';
import { charactersOf, kindOf } from './text.ts';

/**
 * A property of a map, an item of a list (from the end where negative), a character of a text; undefined where there is
 * none. Only what a value itself holds is ever found: there are no inherited properties and no methods.
 */
export function lookUp(value: Value, key: Value): Value | undefined {
  if (value instanceof Unknown) return value;
  if (key instanceof Unknown) return key;
  if (isMap(value)) {
    // YAML's `1: a` and `{1: 'a'}` have text for a key as well.
    const name = typeof key === 'number' ? String(key) : key;
    return typeof name === 'string' && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  const index = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : key;
  if (typeof index !== 'number' || !Number.isInteger(index)) return undefined;
  if (isList(value)) return value.at(index);
  return typeof value === 'string' ? charactersOf(value).at(index) : undefined;
}

/** Why `lookUp` found nothing, for a message. */
export function whyMissing(value: Value, key: Value): Fault {
  const shown = typeof key === 'string' || typeof key === 'number' ? `\`${key}\`` : kindOf(key);
  if (isMap(value)) {
    const ended = howItEnded(value);
    if (ended) return new Fault(`the task that registered this ${ended}, so its result has no ${shown}`, testFirst);
    const hint = typeof key === 'string' ? (didYouMean(key, Object.keys(value)) ?? methodHint(key)) : undefined;
    return new Fault(`the map has no ${shown}`, hint);
  }
  if (value === null) return new Fault(`the value is none, so it has no ${shown}`);
  if ((isList(value) || typeof value === 'string') && typeof key === 'number') {
    const size = isList(value) ? `${value.length} items` : `${value.length} characters`;
    return new Fault(`there is no item ${key}: ${kindOf(value)} of ${size}`);
  }
  return new Fault(`${kindOf(value)} has no attribute ${shown}`);
}

const testFirst = 'ask for it first (`is not skipped`, `is succeeded`), or write `| default(…)`';

/** Of the result of a task that was skipped or failed; such a one lacks most of what its module returns. */
function howItEnded({ changed, failed, skipped, message }: ValueMap): string | undefined {
  if (typeof changed !== 'boolean' || typeof message !== 'string') return undefined;
  if (skipped === true) return 'was skipped';
  return failed === true ? `failed (${message})` : undefined;
}

function methodHint(key: string): string | undefined {
  return key === 'items' || key === 'keys' || key === 'values' ? `write .${key}() to call it` : undefined;
}

/** Follows a dotted path such as `member.urls.0`, as `map(attribute=…)` takes it. */
export function followPath(value: Value, path: Value): Slot {
  const keys: readonly Value[] = typeof path === 'string' ? path.split('.') : [path];
  let at = value;
  for (const key of keys) {
    const found = lookUp(at, key);
    if (found === undefined) {
      const holder = at;
      return new Missing(() => whyMissing(holder, key));
    }
    at = found;
  }
  return at;
}

/** `value[from:to:step]` of a list or a text, with Python's meaning of what is left out or negative. Throws `Fault`. */
export function slice(value: Value, from: Value, to: Value, step: Value): Value {
  if (typeof value !== 'string' && !isList(value)) {
    throw new Fault(`only a list or a text has parts, not ${kindOf(value)}`);
  }
  const items: readonly Value[] = typeof value === 'string' ? charactersOf(value) : value;
  const by = bound(step) ?? 1;
  if (by === 0) throw new Fault('the step of a slice cannot be zero');
  const first = by > 0 ? 0 : -1;
  const last = by > 0 ? items.length : items.length - 1;
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + items.length : at, first), last);
  const start = bound(from);
  const stop = bound(to);
  const begin = start === undefined ? (by > 0 ? 0 : last) : clamp(start);
  const end = stop === undefined ? (by > 0 ? items.length : -1) : clamp(stop);
  const picked: Value[] = [];
  for (let i = begin; by > 0 ? i < end : i > end; i += by) picked.push(items[i] ?? null);
  return typeof value === 'string' ? picked.join('') : picked;
}

function bound(value: Value): number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Fault(`the bounds of a slice are whole numbers, not ${kindOf(value)}`);
}
