import type { Fix } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';
import { surelyMeant } from './expression/nearest.ts';

/** A word that is misspelt, where one of the known ones is surely meant, and it stands there as it is read (plain or in quotes). */
export function respelt(span: Span, word: string, known: Iterable<string>): Fix | undefined {
  const meant = surelyMeant(word, known);
  if (meant === undefined || !/^[A-Za-z][\w.-]*$/.test(meant)) return undefined;
  const written = writtenAt(span);
  const quote = written === `'${word}'` || written === `"${word}"` ? written.charAt(0) : '';
  return quote !== '' || written === word ? { span, replacement: `${quote}${meant}${quote}` } : undefined;
}

/** What stands there in quotes; undefined where it holds what would need more than that. */
export function quoted(span: Span): Fix | undefined {
  const written = writtenAt(span);
  const quote = written.includes('"') ? "'" : '"';
  if (written.includes('\n') || written.includes(quote) || (quote === '"' && written.includes('\\'))) return undefined;
  return { span, replacement: `${quote}${written}${quote}` };
}

export function writtenAt({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}
