/**
 * What an operator, a filter or a test throws where its values are wrong. It knows no place: the expression that called
 * it turns it into a `Failure` with the span.
 */
export class Fault extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
