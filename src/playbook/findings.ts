import type { Code } from '../core/codes.ts';
import type { Diagnostic, Fix } from '../core/diagnostic.ts';
import type { Source, Span } from '../core/source.ts';

/** Characters of a message or hint that are kept. */
const LONGEST_SENTENCE = 1000;

interface More {
  readonly hint?: string | undefined;
  readonly related?: Diagnostic['related'];
  readonly fix?: Fix | undefined;
}

/** The findings so far. The same one at the same place counts once, for a text can be read several times. */
export class Findings {
  private readonly found = new Map<string, Diagnostic>();

  private readonly hidden: Span[] = [];

  get diagnostics(): readonly Diagnostic[] {
    const all = [...this.found.values()];
    if (this.hidden.length === 0) return all;
    const sources = new Map(this.hidden.map(({ source }) => [source, withoutSecrets(source, this.hidden)]));
    return all.map(d => {
      const source = d.span && sources.get(d.span.source);
      if (!d.span || !source) return d;
      const { fix, ...shown } = { ...d, span: { ...d.span, source } };
      return fix && !this.isHidden(fix.span) ? { ...shown, fix } : shown;
    });
  }

  /** What stands there is a secret: no finding shows it. */
  hide(span: Span): void {
    this.hidden.push(span);
  }

  private isHidden({ source, start, end }: Span): boolean {
    return this.hidden.some(one => one.source === source && one.start < end && start < one.end);
  }

  report(...diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics) {
      const key = `${d.code} ${d.span?.source.name}:${d.span?.start} ${d.message}`;
      if (!this.found.has(key)) this.found.set(key, ofReadableLength(d));
    }
  }

  error(code: Code, span: Span, message: string, more: More = {}): void {
    this.report(diagnostic('error', code, span, message, more));
  }

  warning(code: Code, span: Span, message: string, more: More = {}): void {
    this.report(diagnostic('warning', code, span, message, more));
  }
}

/** A source in which what stands at these places is starred out. */
function withoutSecrets(source: Source, hidden: readonly Span[]): Source {
  const stars = (text: string): string => text.replaceAll(/[^\n]/g, '*');
  const places = hidden.filter(one => one.source === source).toSorted((a, b) => a.start - b.start);
  let [text, at] = ['', 0];
  for (const { start, end } of places) {
    if (end <= at) continue;
    text += source.text.slice(at, Math.max(at, start)) + stars(source.text.slice(Math.max(at, start), end));
    at = end;
  }
  return { ...source, text: text + source.text.slice(at) };
}

/** Names and texts in it can be of any length. */
function ofReadableLength(d: Diagnostic): Diagnostic {
  const isLong = (text: string): boolean => text.length > LONGEST_SENTENCE;
  const cut = (text: string): string => (isLong(text) ? `${text.slice(0, LONGEST_SENTENCE)}…` : text);
  if (!isLong(d.message) && !isLong(d.hint ?? '')) return d;
  return { ...d, message: cut(d.message), ...(d.hint === undefined ? {} : { hint: cut(d.hint) }) };
}

function diagnostic(severity: Diagnostic['severity'], code: Code, span: Span, message: string, more: More): Diagnostic {
  return {
    code,
    severity,
    message,
    span,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.related === undefined ? {} : { related: more.related }),
    ...(more.fix === undefined ? {} : { fix: more.fix }),
  };
}
