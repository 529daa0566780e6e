import { Failure } from '../../../../src/core/failure.ts';
import type { Value } from '../../../../src/core/value.ts';
import { compileTemplate } from '../../../../src/playbook/expression/statements/compile.ts';
import { compileExpression } from '../../../../src/playbook/expression/template.ts';
import { locateIn, scopeOf } from '../../../support/expression.ts';
import type { JinjaCase, Outcome } from './python.ts';
import { variables } from './variables.ts';

const scope = scopeOf(variables satisfies Readonly<Record<string, Value>>);

/** What it is here; a name, filter or the like that does not exist is an error before anything is rendered. */
export function here({ kind, text, trim, lstrip }: JinjaCase): Outcome {
  const { value, diagnostics } =
    kind === 'expression'
      ? compileExpression(text, locateIn(text))
      : compileTemplate({ name: 'test', text }, { trimBlocks: trim, lstripBlocks: lstrip });
  const [wrong] = diagnostics;
  if (!value || wrong) return { error: wrong?.message ?? 'it cannot be compiled' };
  try {
    return { value: value.render(scope) };
  } catch (error) {
    if (error instanceof Failure) return { error: error.message };
    throw error;
  }
}
