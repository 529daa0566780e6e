import { Unknown, unknownIn, type Value } from '../../core/value.ts';
import { bind } from './bind.ts';
import { type BoundArguments, Call, type Vocabulary } from './call.ts';
import { Fault } from './fault.ts';
import { filters } from './filters/all.ts';
import { lookupFunctions } from './lookups.ts';
import { functions, methods } from './methods.ts';
import { Missing, need, type Slot } from './missing.ts';
import type { FilterSpec, FunctionSpec, MethodSpec, ParameterSpec, TestSpec } from './signature.ts';
import { tests } from './tests/all.ts';

interface Named {
  readonly name: string;
  readonly aliases?: readonly string[];
}

function byName<S extends Named>(specs: readonly S[]): ReadonlyMap<string, S> {
  return new Map(specs.flatMap(spec => [spec.name, ...(spec.aliases ?? [])].map(name => [name, spec] as const)));
}

export const filtersByName: ReadonlyMap<string, FilterSpec> = byName(filters);
export const testsByName: ReadonlyMap<string, TestSpec> = byName(tests);
export const methodsByName: ReadonlyMap<string, MethodSpec> = byName(methods);
export const functionsByName: ReadonlyMap<string, FunctionSpec> = byName([...functions, ...lookupFunctions]);

/** Ansible's full names mean the same: `ansible.builtin.combine`. */
function plainName(name: string): string {
  return name.replace(/^ansible\.builtin\./, '');
}
export const filterNamed = (name: string): FilterSpec | undefined => filtersByName.get(plainName(name));
export const testNamed = (name: string): TestSpec | undefined => testsByName.get(plainName(name));

/** The first unknown among the inputs of a call that cannot work with unknown ones. */
function unknownAmong(spec: FilterSpec | TestSpec, slot: Slot, args: BoundArguments): Unknown | undefined {
  const see = (value: Slot): Unknown | undefined => {
    if (value instanceof Missing) return undefined;
    return spec.takesUnknownParts ? (value instanceof Unknown ? value : undefined) : unknownIn(value);
  };
  const input = see(slot);
  if (input || spec.lazy) return input;
  for (const parameter of spec.parameters) {
    if (parameter.takes) continue;
    const unknown = see(need(args.get(parameter.name) ?? null));
    if (unknown) return unknown;
  }
  for (const value of [...args.rest(), ...args.named().values()]) {
    const unknown = see(value);
    if (unknown) return unknown;
  }
  return undefined;
}

/** Throws `Fault`, or the `Failure` of an undefined input or argument. */
export function applyFilter(spec: FilterSpec, slot: Slot, args: BoundArguments): Slot {
  if (!spec.takesUndefined) need(slot);
  return unknownAmong(spec, slot, args) ?? spec.apply(new Call(spec.name, slot, args, vocabulary));
}

/** Throws `Fault`, or the `Failure` of an undefined input or argument. */
export function applyTest(spec: TestSpec, slot: Slot, args: BoundArguments): boolean | Unknown {
  if (!spec.takesUndefined) need(slot);
  return unknownAmong(spec, slot, args) ?? spec.holds(new Call(spec.name, slot, args, vocabulary));
}

/** Arguments that are values already, as a filter passes them on to another one. Throws `Fault` where they don't fit. */
function boundValues(
  name: string,
  parameters: readonly ParameterSpec[],
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): BoundArguments {
  const { byName: given, rest, restNamed, problem } = bind(name, parameters, { positional, named });
  if (problem) throw new Fault(problem.message, problem.hint);
  return {
    get: key => (given.has(key) ? given.get(key) : parameters.find(p => p.name === key)?.default),
    rest: () => rest,
    named: () => restNamed,
  };
}

export const vocabulary: Vocabulary = {
  has: (kind, name) => (kind === 'filter' ? filterNamed(name) : testNamed(name)) !== undefined,
  filter(name, input, positional, named) {
    const spec = filterNamed(name);
    if (!spec) throw new Fault(`there is no filter \`${name}\``);
    return applyFilter(spec, input, boundValues(name, spec.parameters, positional, named));
  },
  test(name, input, positional, named) {
    const spec = testNamed(name);
    if (!spec) throw new Fault(`there is no test \`${name}\``);
    return applyTest(spec, input, boundValues(name, spec.parameters, positional, named));
  },
};
