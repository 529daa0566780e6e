import { type Code, codes } from '../core/codes.ts';
import { rules } from './rules.ts';

/**
 * The codes whose severity a team decides: what they find is allowed in a run, or weighed there on the live cluster. Every other code's errors are what `run` refuses too, so
 * that lowering them would only hide it.
 */
const adjustable: readonly Code[] = [
  'boolean-string',
  'unused-name',
  'hidden-name',
  'unmasked-secret',
  'unsure-result',
  'outside-link',
  ...rules.map(rule => rule.code),
  'unused-ignore',
  'obsolete-baseline',
];

const known: ReadonlySet<Code> = new Set(adjustable);

export function isAdjustable(code: Code): boolean {
  return known.has(code);
}

/** With what each means. */
export const adjustableCodes: readonly (readonly [Code, string])[] = adjustable.map(code => [code, codes[code]]);

export function isCode(text: string): text is Code {
  return Object.hasOwn(codes, text);
}
