import type { Change } from '../core/module.ts';

/** Bytes up to which a file is told as a text. */
export const MOST_COMPARED = 2 ** 20;

/** A change with the texts before and after it; without, where either is too large, or no text. */
export function withTexts(change: Change, before: Uint8Array | undefined, after: Uint8Array): Change {
  const texts = [before ?? new Uint8Array(), after];
  if (texts.some(bytes => bytes.length > MOST_COMPARED || bytes.includes(0))) return change;
  const [was = '', is = ''] = texts.map(bytes => new TextDecoder().decode(bytes));
  return { ...change, texts: { before: was, after: is } };
}
