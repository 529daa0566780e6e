import { join } from 'node:path';
import { execaSync } from 'execa';
import { variables } from './variables.ts';

/** Debian's, for which python3-jinja2 is packaged; another Python may come first on the PATH. */
const python = '/usr/bin/python3';

/** True where its Jinja can be asked. */
export function hasJinja(): boolean {
  return !execaSync(python, ['-c', 'import jinja2'], { reject: false }).failed;
}

/** An expression, or a template with its settings of white space. */
export interface JinjaCase {
  readonly kind: 'expression' | 'template';
  readonly text: string;
  readonly trim: boolean;
  readonly lstrip: boolean;
}

export type Outcome = { readonly value: unknown } | { readonly error: string };

/** What Jinja makes of them all, in one go. */
export function inJinja(cases: readonly JinjaCase[]): readonly Outcome[] {
  const { stdout } = execaSync(python, [join(import.meta.dirname, 'jinja.py')], {
    input: JSON.stringify({ variables, cases }),
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout);
}
