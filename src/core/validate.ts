/** One fault of a value against a schema. `keyword` and `params` are JSON Schema's (`required`, `{missingProperty: 'name'}`). */
export interface SchemaError {
  /** Keys and indices (as text) from the value's root to the place; empty at the root. */
  readonly path: readonly string[];
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Fills defaults in, in place, then gives every fault; empty where there is none. Pass a copy where that matters. */
export type Validate = (value: unknown) => readonly SchemaError[];

/** The validators of the closed schemas, generated ahead because compiling them takes longer than all else in a lint. */
export interface Validators {
  /** Of a module's parameters. Throws where the module is not one of ours (generated files that are stale). */
  module(name: string): Validate;
  readonly inventory: Validate;
}

/** The validator of a module's parameters, be it shipped or the user's own. */
export function paramsOf(
  module: { readonly name: string; readonly checkParams?: Validate },
  ours: Validators,
): Validate {
  return module.checkParams ?? ours.module(module.name);
}
