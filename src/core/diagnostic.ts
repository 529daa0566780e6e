import type { Code } from './codes.ts';
import type { Span } from './source.ts';

/** One finding about what a user wrote. `code` stands in the catalogue (`codes.ts`), `hint` says what to type instead. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span?: Span;
  readonly hint?: string;
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  /** Present where there is one thing that is surely meant. */
  readonly fix?: Fix;
}

/** What would stand in a file instead. */
export interface Fix {
  readonly span: Span;
  readonly replacement: string;
}

/** What a phase before the run gives: its value where there is one, and everything it found. Never throws. */
export interface Outcome<T> {
  /** Absent where the errors left nothing to go on with. */
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(d => d.severity === 'error');
}
