import type { Code } from '../core/codes.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Span } from '../core/source.ts';

interface More {
  readonly hint?: string | undefined;
  readonly related?: Diagnostic['related'];
}

/** The findings so far. The same one at the same place counts once, for a text can be read several times. */
export class Findings {
  private readonly found = new Map<string, Diagnostic>();

  get diagnostics(): readonly Diagnostic[] {
    return [...this.found.values()];
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

function diagnostic(severity: Diagnostic['severity'], code: Code, span: Span, message: string, more: More): Diagnostic {
  return {
    code,
    severity,
    message,
    span,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.related === undefined ? {} : { related: more.related }),
  };
}
