import fc from 'fast-check';
import type { Input } from './input.ts';
import { made } from './made.ts';
import { mutated } from './mutations.ts';

/** What a campaign judges: mostly inputs of the corpus that are broken in some way. */
export function inputsOf(corpus: readonly Input[]): fc.Arbitrary<Input> {
  return fc.oneof({ weight: 4, arbitrary: mutated(corpus) }, { weight: 1, arbitrary: made });
}
