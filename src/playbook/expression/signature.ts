import type { Scope } from '../../core/template.ts';
import type { Unknown, Value } from '../../core/value.ts';
import type { Call } from './call.ts';
import type { Slot } from './missing.ts';
import type { Type } from './types.ts';

/** An argument of a filter, a test, a function or a method. */
export interface ParameterSpec {
  readonly name: string;
  readonly type: Type;
  /** Absent: it must be given. */
  readonly default?: Value;
  /** May be left out though it has no default: who takes it knows what then. */
  readonly optional?: true;
  /** Can only be given by its name. */
  readonly byNameOnly?: true;
  /** Takes all further arguments without names (`zip(a, b)`), or, as `rest-named` does, with names too (`map('round', 1)`). */
  readonly takes?: 'rest' | 'rest-named';
}

/** A runnable example: `expression` gives `value`. The reference shows it and a test runs it. */
export interface Example {
  readonly expression: string;
  readonly value: Value;
}

interface Documented {
  /** As it is written; further names that mean the same stand in `aliases`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly parameters: readonly ParameterSpec[];
}

/** The types of a call's arguments, defaults included. */
export type ArgumentTypes = (name: string) => Type;

/** How a filter or test deals with what is undefined or unknown. Without these, both spread through it. */
interface Tolerance {
  /** Copes with an undefined input. */
  readonly takesUndefined?: boolean;
  /** Works out an argument only where it needs it, so that the others may be undefined or unknown. */
  readonly lazy?: boolean;
  /** Copes with unknown values inside its input and arguments; an input that is itself unknown is never seen. */
  readonly takesUnknownParts?: boolean;
}

export interface FilterSpec extends Documented, Tolerance {
  readonly input: Type;
  readonly returns: (input: Type, argument: ArgumentTypes) => Type;
  /** Throws `Fault`. */
  apply(call: Call): Slot;
}

export interface TestSpec extends Documented, Tolerance {
  readonly input: Type;
  /** Throws `Fault`. */
  holds(call: Call): boolean | Unknown;
}

/** What is known of a function that can be called, before it is. */
export type Callable = Pick<FunctionSpec, 'parameters' | 'returns'>;

/** `range(3)`. */
export interface FunctionSpec extends Documented {
  readonly returns: (argument: ArgumentTypes) => Type;
  /** Throws `Fault`, or `Failure`. */
  apply(call: Call, reach: Reach): Slot;
}

/** What a function reaches besides its arguments. */
export interface Reach {
  readonly scope: Scope;
  /** The file that the expression stands in. */
  readonly from: string;
}

/** `text.split(',')`: a method of one kind of value. */
export interface MethodSpec extends Documented {
  readonly input: Type;
  readonly returns: (input: Type, argument: ArgumentTypes) => Type;
  apply(call: Call): Value;
}
