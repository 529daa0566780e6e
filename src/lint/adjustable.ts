import { type Code, codes } from '../core/codes.ts';

/**
 * The codes whose severity a team decides: what they find is allowed in a run. Every other code's errors are what `run` refuses too, so
 * that lowering them would only hide it.
 */
const adjustable = [
  'boolean-string',
  'unused-name',
  'hidden-name',
  'unmasked-secret',
  'unused-ignore',
  'obsolete-baseline',
] as const satisfies readonly Code[];

export type AdjustableCode = (typeof adjustable)[number];

const known: ReadonlySet<string> = new Set(adjustable);

export function isAdjustable(code: string): code is AdjustableCode {
  return known.has(code);
}

/** With what each means. */
export const adjustableCodes: readonly (readonly [AdjustableCode, string])[] = adjustable.map(code => [
  code,
  codes[code],
]);

export function isCode(text: string): text is Code {
  return Object.hasOwn(codes, text);
}
