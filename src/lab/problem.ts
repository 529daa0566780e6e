/**
 * Why the practice cluster did not do what was asked: said to the user as it stands, without a stack.
 * `usage`: asked for something that cannot be (exit 2) · `missing`: the machine lacks something (exit 2) ·
 * `failed`: it was tried and did not come about (exit 4).
 */
export class LabProblem extends Error {
  readonly kind: 'usage' | 'missing' | 'failed';
  /** What to type next. */
  readonly hint: string | undefined;

  constructor(kind: LabProblem['kind'], message: string, hint?: string) {
    super(message);
    this.name = 'LabProblem';
    this.kind = kind;
    this.hint = hint;
  }
}
