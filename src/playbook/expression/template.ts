import type { Diagnostic, Outcome } from '../../core/diagnostic.ts';
import type { Span } from '../../core/source.ts';
import type { Template } from '../../core/template.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import { listOf, type Type, typeOfValue, union } from './types.ts';

/** Maps offsets in a text (the value of a scalar, after YAML's unquoting) to a span of the file. */
export type Locate = (start: number, end: number) => Span;

/** The types of names. `undefined`: nothing defines it. */
export interface TypeScope {
  get(name: string): Type | undefined;
  names(): Iterable<string>;
}

export interface Checked {
  readonly type: Type;
  readonly diagnostics: readonly Diagnostic[];
}

/** A template that can be checked before the run. */
export interface TypedTemplate extends Template {
  /** Names that are surely defined where this one, as a condition, is true: those it tests with `is defined`. */
  readonly definedWhenTrue: readonly string[];
  check(types: TypeScope): Checked;
}

/** A value without expressions. */
export function literalTemplate(value: Value, span: Span): TypedTemplate {
  return {
    span,
    literal: true,
    uses: [],
    definedWhenTrue: [],
    render: () => value,
    check: () => ({ type: typeOfValue(value), diagnostics: [] }),
  };
}

export function compileText(text: string, locate: Locate): Outcome<TypedTemplate> {
  return { value: literalTemplate(text, locate(0, text.length)), diagnostics: [] };
}
export function compileExpression(text: string, locate: Locate): Outcome<TypedTemplate> {
  return { value: literalTemplate(text, locate(0, text.length)), diagnostics: [] };
}
export function compileCondition(_text: string, locate: Locate): Outcome<TypedTemplate> {
  return { value: literalTemplate(true, locate(0, 0)), diagnostics: [] };
}

/** A list of templates. */
export function listTemplate(items: readonly TypedTemplate[], span: Span): TypedTemplate {
  return {
    span,
    literal: items.every(item => item.literal),
    uses: items.flatMap(item => item.uses),
    definedWhenTrue: [],
    render: scope => items.map(item => item.render(scope)),
    check: types => {
      const checked = items.map(item => item.check(types));
      return {
        type: listOf(union(...checked.map(c => c.type))),
        diagnostics: checked.flatMap(c => c.diagnostics),
      };
    },
  };
}

/** A map of templates; of equal keys the last one counts. */
export function mapTemplate(entries: readonly (readonly [string, TypedTemplate])[], span: Span): TypedTemplate {
  return {
    span,
    literal: entries.every(([, value]) => value.literal),
    uses: entries.flatMap(([, value]) => value.uses),
    definedWhenTrue: [],
    render: (scope): ValueMap => Object.fromEntries(entries.map(([key, value]) => [key, value.render(scope)])),
    check: types => {
      const checked = entries.map(([key, value]) => [key, value.check(types)] as const);
      return {
        type: {
          kind: 'map',
          properties: new Map(checked.map(([key, c]) => [key, { type: c.type, optional: false }])),
        },
        diagnostics: checked.flatMap(([, c]) => c.diagnostics),
      };
    },
  };
}
