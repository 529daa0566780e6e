import { didYouMean } from './nearest.ts';
import type { ParameterSpec } from './signature.ts';

interface ArgumentLike<A> {
  readonly positional: readonly A[];
  readonly named: Iterable<readonly [string, A]>;
}

export interface Binding<A> {
  readonly byName: ReadonlyMap<string, A>;
  readonly rest: readonly A[];
  readonly restNamed: ReadonlyMap<string, A>;
  /** What is wrong with the arguments, if anything: the message, a hint, and which argument (absent: one is missing). */
  readonly problem?: { readonly message: string; readonly hint?: string; readonly at?: A };
}

/** Gives each argument of a call to the parameter it is for. */
export function bind<A>(name: string, parameters: readonly ParameterSpec[], args: ArgumentLike<A>): Binding<A> {
  const plain = parameters.filter(p => p.takes === undefined);
  const inOrder = plain.filter(p => !p.byNameOnly);
  const open = parameters.find(p => p.takes !== undefined);
  const byName = new Map<string, A>();
  const restNamed = new Map<string, A>();
  const rest = args.positional.slice(inOrder.length);
  let problem: Binding<A>['problem'];
  for (const [i, parameter] of inOrder.entries()) {
    const given = args.positional[i];
    if (given !== undefined) byName.set(parameter.name, given);
  }
  const [extra] = rest;
  if (extra !== undefined && !open) {
    const few = plain.length === 0 ? 'no arguments' : 'its arguments by name only';
    const most =
      inOrder.length > 1 ? `at most ${inOrder.length} arguments without a name` : 'one argument without a name';
    problem = { message: `\`${name}\` takes ${inOrder.length === 0 ? few : most}`, at: extra };
  }
  for (const [key, value] of args.named) {
    if (byName.has(key)) problem ??= { message: `\`${key}\` of \`${name}\` is given twice`, at: value };
    else if (plain.some(p => p.name === key)) byName.set(key, value);
    else if (open?.takes === 'rest-named') restNamed.set(key, value);
    else {
      const hint = didYouMean(
        key,
        plain.map(p => p.name),
      );
      problem ??= { message: `\`${name}\` has no argument \`${key}\``, at: value, ...(hint ? { hint } : {}) };
    }
  }
  const missing = plain.find(p => p.default === undefined && !p.optional && !byName.has(p.name));
  if (missing) problem ??= { message: `\`${name}\` needs \`${missing.name}\`` };
  return { byName, rest, restNamed, ...(problem ? { problem } : {}) };
}
