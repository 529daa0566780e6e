/** What stops the reading of an expression. Thrown inside the reader only; its callers get a diagnostic. */
export class SyntaxProblem extends Error {
  readonly start: number;
  readonly end: number;
  readonly hint: string | undefined;
  constructor(message: string, start: number, end: number, hint?: string) {
    super(message);
    this.start = start;
    this.end = end;
    this.hint = hint;
  }
}
