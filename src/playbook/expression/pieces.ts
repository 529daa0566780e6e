import { SyntaxProblem } from './syntax-error.ts';
import { type Token, tokenize } from './tokens.ts';

/** A part of a text: plain, or the tokens of one `{{ … }}` with the offsets of its braces. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly tokens: readonly Token[]; readonly start: number; readonly end: number };

const opening = /\{\{|\{%|\{#/g;

/** True where a text has anything that is not plain. */
export function hasExpressions(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/**
 * Splits a text at its `{{ … }}` and drops its `{# … #}`. `{{-` and `-}}` take the white space on their side away, as
 * in Jinja. Throws `SyntaxProblem`.
 */
export function splitText(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  let trimNext = false;
  let at = 0;
  const addText = (part: string) => {
    plain += trimNext ? part.trimStart() : part;
    if (part !== '') trimNext &&= part.trim() === '';
  };
  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(text);
    addText(text.slice(at, open?.index));
    if (!open) break;
    const start = open.index;
    if (open[0] === '{%') {
      const end = text.indexOf('%}', start);
      throw new SyntaxProblem(
        'a statement {% … %} cannot stand in a value',
        start,
        end < 0 ? start + 2 : end + 2,
        'statements belong in template files; here write an expression: {{ a if condition else b }}, or a loop: on the task',
      );
    }
    const trimsBefore = text[start + 2] === '-';
    if (trimsBefore) plain = plain.trimEnd();
    if (open[0] === '{#') {
      const end = text.indexOf('#}', start + 2);
      if (end < 0) {
        const hint = "close it with #}; for these two characters as text write {{ '{#' }}";
        throw new SyntaxProblem('the comment `{#` is never closed', start, start + 2, hint);
      }
      trimNext = text[end - 1] === '-' && end - 1 > start + 1;
      at = end + 2;
      continue;
    }
    const from = start + (trimsBefore || text[start + 2] === '+' ? 3 : 2);
    const { tokens, end, sign } = tokenize(text, from, start);
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    plain = '';
    pieces.push({ kind: 'expression', tokens, start, end });
    trimNext = sign === '-';
    at = end;
  }
  if (plain !== '') pieces.push({ kind: 'text', text: plain });
  return pieces;
}
