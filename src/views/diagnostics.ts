import type { Diagnostic } from '../core/diagnostic.ts';
import { positionOf, type Span } from '../core/source.ts';

/** Lines of a code frame beyond which only the first two and the last are shown. */
const LONGEST_FRAME = 4;

/** Characters of a line beyond which only those around what is meant are shown. */
const LONGEST_LINE = 400;

type Colour = 'red' | 'yellow' | 'cyan';
type Paint = (style: Colour | 'bold' | 'dim', text: string) => string;

const styles = { red: 31, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

/**
 * Findings as text for people: severity, message, code, `file:line:column`, the lines with what is meant underlined, what
 * to type instead, related places; and a line that counts them. Files in the order in which they first appear, then by
 * place. Empty where there are no findings.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  { colour }: { readonly colour: boolean },
): string {
  if (diagnostics.length === 0) return '';
  const paint: Paint = (style, text) => (colour ? `\u001b[${styles[style]}m${text}\u001b[0m` : text);
  const all = inOrder(diagnostics).map(d => one(d, paint));
  return `${all.join('\n')}\n${counted(diagnostics)}\n`;
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(d => d.span?.source.name))];
  const file = (d: Diagnostic): number => files.indexOf(d.span?.source.name);
  return diagnostics.toSorted((a, b) => file(a) - file(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

function one(d: Diagnostic, paint: Paint): string {
  const colour = d.severity === 'error' ? 'red' : 'yellow';
  const lines = [`${paint(colour, d.severity)}: ${visible(d.message)} ${paint('dim', `[${d.code}]`)}`];
  if (d.span) lines.push(...place(d.span, paint, colour));
  if (d.hint !== undefined) lines.push(`  ${paint('cyan', 'hint:')} ${visible(d.hint)}`);
  for (const { span, message } of d.related ?? []) lines.push(`  ${message}:`, ...place(span, paint, 'cyan'));
  return `${lines.join('\n')}\n`;
}

function place(span: Span, paint: Paint, colour: Colour): string[] {
  const { line, column } = positionOf(span.source, span.start);
  const at = `  ${paint('bold', `${span.source.name}:${line}:${column}`)}`;
  return span.source.text === '' ? [at] : [at, ...frame(span, paint, colour)];
}

/** The lines of a span, numbered, with a squiggle below each; the middle of a long one is left out. */
function frame(span: Span, paint: Paint, colour: Colour): string[] {
  const { source } = span;
  const first = positionOf(source, span.start).line;
  const last = positionOf(source, Math.max(span.start, span.end - 1)).line;
  const width = String(last).length;
  const lines: string[] = [];
  let lineStart = source.text.lastIndexOf('\n', span.start - 1) + 1;
  for (let number = first; number <= last; number += 1) {
    const newline = source.text.indexOf('\n', lineStart);
    const lineEnd = newline < 0 ? source.text.length : newline;
    if (last - first < LONGEST_FRAME || number < first + 2 || number === last) {
      const { code, start, cut } = shownOf(source.text, lineStart, lineEnd, span);
      lines.push(`${paint('dim', `  ${String(number).padStart(width)} │`)} ${cut}${code}`.trimEnd());
      const below = `${cut && ' '}${squiggle(code, span, start, paint, colour)}`;
      lines.push(`${paint('dim', `  ${' '.repeat(width)} │`)} ${below}`);
    } else if (number === first + 2) lines.push(paint('dim', `  ${' '.repeat(width)} ┊`));
    lineStart = lineEnd + 1;
  }
  return lines;
}

/** What is shown of a line, where it begins, and what marks that it begins later than the line. */
function shownOf(text: string, lineStart: number, lineEnd: number, span: Span) {
  const isLong = lineEnd - lineStart > LONGEST_LINE;
  const start = isLong
    ? Math.max(lineStart, Math.min(span.start - LONGEST_LINE / 4, lineEnd - LONGEST_LINE))
    : lineStart;
  const end = Math.min(lineEnd, start + LONGEST_LINE);
  const code = visible(text.slice(start, isLong ? end : lineEnd).replace(/\r$/, ''));
  return { code: end < lineEnd && isLong ? `${code}…` : code, start, cut: start > lineStart ? '…' : '' };
}

/** A text that can do nothing to a terminal: ␛ for an escape. */
function visible(text: string): string {
  return text.replaceAll(/[\0-\x08\x0b-\x1f\x7f]/g, c =>
    c === '\x7f' ? '␡' : String.fromCharCode(0x2400 + c.charCodeAt(0)),
  );
}

/** Tabs are kept, so that it stands below what it means in any terminal. An empty stretch gets one mark. */
function squiggle(code: string, span: Span, lineStart: number, paint: Paint, colour: Colour): string {
  const indent = code.length - code.trimStart().length;
  const from = Math.min(span.start > lineStart ? span.start - lineStart : indent, code.length);
  const to = Math.max(from + 1, Math.min(span.end - lineStart, code.length));
  return code.slice(0, from).replace(/[^\t]/g, ' ') + paint(colour, '~'.repeat(to - from));
}

function counted(diagnostics: readonly Diagnostic[]): string {
  const counts = (['error', 'warning'] as const).map(severity => {
    const n = diagnostics.filter(d => d.severity === severity).length;
    return n === 0 ? '' : `${n} ${severity}${n === 1 ? '' : 's'}`;
  });
  return counts.filter(Boolean).join(', ');
}
