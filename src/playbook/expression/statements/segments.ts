import { SyntaxProblem } from '../syntax-error.ts';
import { type Token, tokenize } from '../tokens.ts';

/** A stretch of a template: text as it comes out, or the tokens of an expression or a statement, an `end` last. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'output' | 'statement';
      readonly tokens: readonly Token[];
      readonly start: number;
      readonly end: number;
    };

/** How white space around statements is treated. */
export interface WhiteSpace {
  /** The line break behind a statement or a comment goes. */
  readonly trimBlocks: boolean;
  /** So does the white space before one, where nothing else stands before it on its line. */
  readonly lstripBlocks: boolean;
}

const opening = /\{\{|\{%|\{#/g;
const rawOpening = /\{%([-+]?)\s*raw\s*(-?)%\}/y;
const rawClosing = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

/**
 * Splits a template at its expressions, statements and comments with Jinja's rules of white space: `-` takes it away on its
 * side, `+` keeps it, `trimBlocks` and `lstripBlocks` say what happens without a sign. Line breaks come out as `\n`. One
 * line break at the end of the text is not part of it. Throws `SyntaxProblem`.
 */
export function segmentsOf(text: string, { trimBlocks, lstripBlocks }: WhiteSpace, from = 0): readonly Segment[] {
  const whole = text.replace(/\r?\n$/, '');
  const segments: Segment[] = [];
  let at = from;
  /** What came last ended with a line break, so a line begins here. */
  let lineBegins = true;

  const addText = (part: string, sign: string, strips: boolean) => {
    let kept = part;
    if (sign === '-') kept = part.trimEnd();
    else if (sign !== '+' && strips && lstripBlocks) {
      const line = part.lastIndexOf('\n') + 1;
      if ((line > 0 || lineBegins) && /^\s+$/.test(part.slice(line))) kept = part.slice(0, line);
    }
    if (kept !== '') segments.push({ kind: 'text', text: kept.replace(/\r\n?/g, '\n') });
  };
  /** Goes behind what ends at `end`, and behind the white space that its sign, or `trimBlocks`, takes along. */
  const goOn = (end: number, sign: string, trims: boolean) => {
    const pattern = sign === '-' ? /\s*/y : sign !== '+' && trims && trimBlocks ? /(?:\r?\n)?/y : undefined;
    if (pattern) pattern.lastIndex = end;
    at = end + (pattern?.exec(whole)?.[0].length ?? 0);
    lineBegins = whole[at - 1] === '\n';
  };

  for (;;) {
    opening.lastIndex = at;
    const open = opening.exec(whole);
    if (!open) break;
    const start = open.index;
    const before = whole.slice(at, start);
    const sign = /[-+]/.test(whole[start + 2] ?? '') ? (whole[start + 2] ?? '') : '';
    const inside = start + 2 + sign.length;
    if (open[0] === '{{') {
      addText(before, sign, false);
      const { tokens, end, sign: last } = tokenize(whole, inside, start);
      segments.push({ kind: 'output', tokens, start, end });
      goOn(end, last, false);
      continue;
    }
    addText(before, sign, true);
    if (open[0] === '{#') {
      const end = whole.indexOf('#}', inside);
      if (end < 0) throw new SyntaxProblem('the comment `{#` is never closed', start, start + 2, 'close it with #}');
      const last = end > inside ? (whole[end - 1] ?? '') : '';
      goOn(end + 2, /[-+]/.test(last) ? last : '', true);
      continue;
    }
    rawOpening.lastIndex = start;
    const raw = rawOpening.exec(whole);
    if (raw) {
      goOn(start + raw[0].length, raw[2] ?? '', false);
      rawClosing.lastIndex = at;
      const close = rawClosing.exec(whole);
      if (!close)
        throw new SyntaxProblem('`raw` is never ended', start, start + raw[0].length, 'end it with {% endraw %}');
      addText(whole.slice(at, close.index), close[1] ?? '', true);
      goOn(close.index + close[0].length, close[2] ?? '', true);
      continue;
    }
    const { tokens, end, sign: last } = tokenize(whole, inside, start, '%}');
    segments.push({ kind: 'statement', tokens, start, end });
    goOn(end, last, true);
  }
  addText(whole.slice(at), '', false);
  return segments;
}
