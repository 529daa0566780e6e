import type { Span } from './source.ts';
import type { Value } from './value.ts';

/** Where an expression looks a name up. `undefined` means that nothing defines it, which is an error unless tested for. */
export interface Scope {
  get(name: string): Value | undefined;
  /** Absent: lookups find nothing. */
  readonly machine?: Machine | undefined;
  /** Is told what a filter, a method or a slice made of a value, for what is made of a secret is one. */
  readonly derived?: Derived | undefined;
}

export type Derived = (from: Value, to: Value) => void;

/** What lookups read of the machine that quorate runs on. */
export interface Machine {
  /** A variable of the environment; undefined where it is not set. */
  env(name: string): string | undefined;
  /** The text of the first of these paths that is a file; undefined where none is. Throws Failure `invalid-value`. */
  text(paths: readonly string[]): string | undefined;
}

/** Stands for any name: which one is used is known only when it is. */
export const EVERY_NAME = '*';

/** A use of a name by a template, for the check that runs before the run. */
export interface NameUse {
  readonly name: string;
  readonly span: Span;
  /** True where the template copes with the name being undefined (`is defined`, `default(…)`). */
  readonly tolerant: boolean;
}

/** A compiled value of a playbook: a literal, an expression, a text with expressions in it, or a list or map of these. */
export interface Template {
  readonly span: Span;
  /** True where it holds no expression, so that `render` needs no scope. */
  readonly literal: boolean;
  readonly uses: readonly NameUse[];
  /** The native value. Throws `Failure` with code `evaluation-failed` or `undefined-name`, and the span. */
  render(scope: Scope): Value;
  /** The value with what `part` says in the place of each expression in it. Absent: it is one expression as a whole. */
  outline?(part: (expression: Template) => Value): Value;
}
