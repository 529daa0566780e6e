import type { Outcome } from '../../src/core/diagnostic.ts';
import type { Source } from '../../src/core/source.ts';
import type { Scope } from '../../src/core/template.ts';
import type { Value } from '../../src/core/value.ts';
import type { Locate, TypedTemplate, TypeScope } from '../../src/playbook/expression/template.ts';
import type { Type } from '../../src/playbook/expression/types.ts';

/** Spans of a text that is a source of its own. */
export function locateIn(text: string): Locate {
  const source: Source = { name: 'test', text };
  return (start, end) => ({ source, start, end });
}

export function scopeOf(values: Readonly<Record<string, Value>>): Scope {
  return { get: name => (Object.hasOwn(values, name) ? values[name] : undefined) };
}

export function typesOf(types: Readonly<Record<string, Type>>): TypeScope {
  return { get: name => (Object.hasOwn(types, name) ? types[name] : undefined), names: () => Object.keys(types) };
}

/** Compiles what must compile. */
export function compiled(
  compile: (text: string, locate: Locate) => Outcome<TypedTemplate>,
  text: string,
): TypedTemplate {
  const { value, diagnostics } = compile(text, locateIn(text));
  if (!value) throw new Error(`${text}: ${diagnostics.map(d => d.message).join('; ')}`);
  return value;
}

/** The text with its span marked: `{{ «nmae» }}`. */
export function marked(text: string, span: { readonly start: number; readonly end: number } | undefined): string {
  if (!span) return text;
  return `${text.slice(0, span.start)}«${text.slice(span.start, span.end)}»${text.slice(span.end)}`;
}
