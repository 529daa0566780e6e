import { readFileSync } from 'node:fs';
import type { JinjaCase, Outcome } from './python.ts';

/** A row of the table in docs/expressions.md. */
export interface Row {
  readonly what: string;
  readonly example: string;
  readonly here: string;
  readonly jinja: string;
}

export function documentedRows(): readonly Row[] {
  const text = readFileSync('docs/expressions.md', 'utf8');
  const [, table = ''] = text.split('## Where it differs from Jinja and Ansible');
  const rows = table.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| ---'));
  let what = '';
  return rows.slice(1).map(line => {
    const cells = line.split(/(?<!\\)\|/).map(cell =>
      cell
        .trim()
        .replaceAll('\\|', '|')
        .replace(/^`([\s\S]*)`$/, '$1'),
    );
    what = cells[1] || what;
    return { what, example: cells[2] ?? '', here: cells[3] ?? '', jinja: cells[4] ?? '' };
  });
}

/** Keys of maps have no order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export const shown = (outcome: Outcome): string => ('error' in outcome ? 'error' : canonical(outcome.value));

/** How it is told that a row of the table explains a difference: by the message of the error, here or there. */
interface Rule {
  readonly row: string;
  readonly here?: RegExp;
  readonly jinja?: RegExp;
  readonly text?: RegExp;
}

export const rules: readonly Rule[] = [
  {
    row: 'Undefined is an error at once, also where nothing looks at it',
    here: /is not defined|there is no item|the map has no|has no attribute|so it has no|is undefined$|there is no `else`/,
  },
  {
    row: 'What is not needed is not worked out: arguments of `default`, `mandatory`, `ternary`',
    jinja: /./,
    text: /\b(default|d)\(/,
  },
  {
    row: 'Undefined spreads through attributes, as in Ansible',
    jinja: /^UndefinedError/,
    text: /\b(default|d)\(|is (un)?defined/,
  },
];

/** The row that explains why both differ; undefined where none does. */
export function explanation({ text }: JinjaCase, ours: Outcome, theirs: Outcome): string | undefined {
  return rules.find(rule => {
    if (rule.text && !rule.text.test(text)) return false;
    if (rule.here) return 'error' in ours && 'value' in theirs && rule.here.test(ours.error);
    return 'value' in ours && 'error' in theirs && rule.jinja?.test(theirs.error) === true;
  })?.row;
}
