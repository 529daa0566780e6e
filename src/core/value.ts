/**
 * What was not run, and so is not known (check mode, an unreachable host). It spreads through expressions, and a
 * task whose `when` is unknown is reported as depending on it, never as done or skipped.
 */
export class Unknown {
  /** Names what would have to run to know it: "the result of 6.2 Add node002 as a learner". */
  readonly dependsOn: string;
  constructor(dependsOn: string) {
    this.dependsOn = dependsOn;
  }
}

/** A value of the language: JSON's, or not known. */
export type Value = null | boolean | number | string | readonly Value[] | ValueMap | Unknown;
export interface ValueMap {
  readonly [key: string]: Value;
}

/** A value of JSON alone: what crosses a boundary (events, the journal, parameters of a module). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function isMap(value: Value): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The first Unknown anywhere inside, if there is one. */
export function unknownIn(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (isList(value)) {
    for (const item of value) {
      const found = unknownIn(item);
      if (found) return found;
    }
  } else if (isMap(value)) {
    for (const item of Object.values(value)) {
      const found = unknownIn(item);
      if (found) return found;
    }
  }
  return undefined;
}
