import type { Code } from '../core/codes.ts';
import type { Diagnostic, Fix } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';

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
    return this.hidden.length === 0 ? all : all.map(d => withoutSecrets(d, this.hidden));
  }

  /** What stands there is a secret: no finding shows it. */
  hide(span: Span): void {
    this.hidden.push(span);
  }

  report(...diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics) {
      const key = `${d.code} ${d.span?.source.name}:${d.span?.start} ${d.message}`;
      if (!this.found.has(key)) this.found.set(key, d);
    }
  }

  error(code: Code, span: Span, message: string, more: More = {}): void {
    this.report(diagnostic('error', code, span, message, more));
  }

  warning(code: Code, span: Span, message: string, more: More = {}): void {
    this.report(diagnostic('warning', code, span, message, more));
  }
}

/** The same finding over a text in which what stands at these places is starred out. */
function withoutSecrets(d: Diagnostic, hidden: readonly Span[]): Diagnostic {
  const { span } = d;
  const here = span ? hidden.filter(({ source }) => source === span.source) : [];
  if (!span || here.length === 0) return d;
  let { text } = span.source;
  for (const { start, end } of here) {
    text = text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, '*') + text.slice(end);
  }
  const shown = { ...d, span: { ...span, source: { ...span.source, text } } };
  const { fix, ...without } = shown;
  return fix && here.some(({ start, end }) => fix.span.start < end && start < fix.span.end) ? without : shown;
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
