// All pairs: few combinations of several factors in which every two values of different factors still meet.

export type Combination<F extends Readonly<Record<string, readonly unknown[]>>> = {
  readonly [K in keyof F]: F[K][number];
};

/**
 * Combinations in which each pair of values of two factors occurs at least once. The same factors always give the same
 * combinations. `allowed` leaves out what makes no sense together.
 */
export function pairwise<F extends Readonly<Record<string, readonly (string | number)[]>>>(
  factors: F,
  allowed: (combination: Combination<F>) => boolean = () => true,
): readonly Combination<F>[] {
  const open = every(factors).filter(allowed);
  const missing = new Set(open.flatMap(pairsOf));
  const chosen: Combination<F>[] = [];
  while (missing.size > 0) {
    let best = open[0];
    let most = 0;
    for (const one of open) {
      const covers = pairsOf(one).filter(pair => missing.has(pair)).length;
      if (covers > most) [best, most] = [one, covers];
    }
    if (best === undefined || most === 0) break;
    for (const pair of pairsOf(best)) missing.delete(pair);
    chosen.push(best);
  }
  return chosen;
}

/** All combinations there are. */
export function every<F extends Readonly<Record<string, readonly (string | number)[]>>>(
  factors: F,
): readonly Combination<F>[] {
  let all: readonly Readonly<Record<string, string | number>>[] = [{}];
  for (const [name, values] of Object.entries(factors))
    all = all.flatMap(one => values.map(value => ({ ...one, [name]: value })));
  // Built of exactly the factors' names and values, which the loop's type can't say.
  return all as readonly Combination<F>[];
}

/** `members=1 profile=lax`, for each two factors. */
export function pairsOf(combination: Readonly<Record<string, unknown>>): readonly string[] {
  const parts = Object.entries(combination).map(([name, value]) => `${name}=${String(value)}`);
  return parts.flatMap((one, i) => parts.slice(i + 1).map(other => `${one} ${other}`));
}
