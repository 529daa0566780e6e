import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';

/** Largest text that is read, in characters. What is written by hand, or an inventory of thousands of hosts, is far below it. */
const MOST_CHARACTERS = 2 * 2 ** 20;

/** What YAML allows in no text, and U+FFFD, which stands where bytes were no UTF-8. */
const NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd-\uffff]/;

/** More brackets within each other than are parsed: the parser would need seconds to end at its own limit. */
const MOST_BRACKETS = 10_000;

/** More lines, commas and marks of items, keys and flows than any file has that is written by hand: the parser would need seconds. */
const MOST_MARKS = 100_000;

/** Why a file is not read at all: it is too large, or no text in UTF-8. Undefined where it can be read. */
export function unreadable(source: Source): Diagnostic | undefined {
  const { text } = source;
  const fault = (at: number, message: string, hint: string): Diagnostic => {
    const span = { source, start: at, end: Math.min(at + 1, text.length) };
    return { code: 'unreadable-file', severity: 'error', message, span, hint };
  };
  if (text.length > MOST_CHARACTERS)
    return fault(0, `the file has more than ${MOST_CHARACTERS} characters`, 'split it');
  const bracket = tooManyOpen(text);
  if (bracket !== undefined) return fault(bracket, 'brackets are nested too deeply', 'close them');
  const mark = tooManyMarks(text);
  if (mark !== undefined) return fault(mark, `the file has more than ${MOST_MARKS} lines, items and keys`, 'split it');
  const at = text.search(NO_TEXT);
  if (at < 0) return undefined;
  if (text.startsWith('\ufffd\ufffd') && text.includes('\0'))
    return fault(at, 'the file is in UTF-16', 'make it UTF-8: iconv -f UTF-16 -t UTF-8');
  if (text[at] === '\ufffd')
    return fault(at, 'the file is not in UTF-8: these bytes are no character', 'save it as UTF-8');
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return fault(at, `the character U+${code} cannot stand in a text`, 'remove it; in double quotes YAML has \\x1b');
}

/** The place of the bracket that is one too many within others. Those in quotes and texts count too, so that this is quick. */
function tooManyOpen(text: string): number | undefined {
  let open = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > MOST_BRACKETS) return index;
  }
  return undefined;
}

/** The place of the first that is one too many. Those in texts count too, so that this is quick. */
function tooManyMarks(text: string): number | undefined {
  if (text.length <= MOST_MARKS) return undefined;
  let marks = 0;
  for (const { index } of text.matchAll(/[\n,[{]|[-:?](?=\s)|["'](?=:)/g)) {
    marks += 1;
    if (marks > MOST_MARKS) return index;
  }
  return undefined;
}
