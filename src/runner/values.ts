import { Failure } from '../core/failure.ts';
import type { Task } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import type { Scope, Template } from '../core/template.ts';
import type { Json, Value, ValueMap } from '../core/value.ts';
import { isList, isMap, Unknown } from '../core/value.ts';
import { type Names, valuesLayer } from './scope.ts';

/** Stands for a parameter that is to be left out: `mode: "{{ mode | default(omit) }}"`. */
export const OMIT = '\u0001omit';

/** Parameters with those left out that were given as `omit`. */
export function withoutOmitted(value: Value): Value {
  if (isList(value)) return value.filter(item => item !== OMIT).map(withoutOmitted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== OMIT)
      .map(([key, inner]) => [key, withoutOmitted(inner)]),
  );
}

/** The value as JSON; what is not known is written as the text `(unknown)`. */
export function jsonOf(value: Value): Json {
  if (value instanceof Unknown) return '(unknown)';
  if (isList(value)) return value.map(jsonOf);
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonOf(inner)]));
  return value;
}

/** What a module returned, as a map of the language. Fields that are `undefined` are left out. */
export function resultMap(returned: unknown): ValueMap {
  const value = fromModule(returned);
  return value !== undefined && isMap(value) ? value : {};
}

function fromModule(returned: unknown): Value | undefined {
  switch (typeof returned) {
    case 'string':
    case 'boolean':
    case 'number':
      return returned;
    case 'object': {
      if (returned === null) return null;
      if (Array.isArray(returned)) return returned.map(item => fromModule(item) ?? null);
      const fields: [string, Value][] = [];
      for (const [key, inner] of Object.entries(returned)) {
        const value = fromModule(inner);
        if (value !== undefined) fields.push([key, value]);
      }
      return Object.fromEntries(fields);
    }
    default:
      return undefined;
  }
}

/** A value as it stands in a label. */
export function textOf(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(jsonOf(value));
}

/** A number of a keyword such as `retries`; `undefined` where it isn't given, or in check mode not known. */
export function knownNumber(template: Template | undefined, scope: Scope, keyword: string): number | undefined {
  if (template === undefined) return undefined;
  const value = template.render(scope);
  if (value instanceof Unknown) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return number;
  throw new Failure('invalid-value', `${keyword} must be a number of at least 0, not ${textOf(value)}`, {
    span: template.span,
  });
}

/** The value, where it is known. */
export function known<T>(value: T | Unknown): T | undefined {
  return value instanceof Unknown ? undefined : value;
}

/** What a task's own conditions see: the names, and its result by its register. */
export function withRegister(task: Task, names: Names, result: ValueMap): Names {
  return task.register === undefined ? names : names.with(valuesLayer('handed', { [task.register]: result }));
}

/**
 * Whether all conditions hold: one that is false decides, even beside one that is not known. Numbers, lists, maps and
 * null count as in Jinja; a text is refused, because a text such as "false" would count as true (ansible/ansible #15636).
 */
export function allHold(conditions: readonly Template[], scope: Scope): boolean | Unknown {
  let unknown: Unknown | undefined;
  for (const condition of conditions) {
    const value = condition.render(scope);
    if (value instanceof Unknown) unknown ??= value;
    else if (!holds(value, condition.span)) return false;
  }
  return unknown ?? true;
}

function holds(value: Value, span: Span): boolean {
  if (typeof value === 'string') {
    throw new Failure('type-mismatch', `the condition is a text (${JSON.stringify(value)}), not true or false`, {
      span,
      hint: 'compare it, or write `| bool`, or `| length > 0`',
    });
  }
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
