// Expressions and templates here and in Debian's python3-jinja2: the same value, or a difference that is documented.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentedRows, explanation, rules, shown } from './differences.ts';
import { kindsOf } from './expressions.ts';
import { here } from './here.ts';
import { hasJinja, inJinja, type JinjaCase, type Outcome } from './python.ts';
import { templates } from './templates.ts';

const missing = !hasJinja();
if (missing && process.env.CI === 'true') throw new Error('Jinja is missing: apt-get install python3-jinja2');

/** JINJA_SEED and JINJA_TIMES look farther than the usual run. */
const seed = Number(process.env.JINJA_SEED ?? 20261126);
const times = Number(process.env.JINJA_TIMES ?? 1);

const expression = (text: string): JinjaCase => ({ kind: 'expression', text, trim: true, lstrip: false });
const { any, text, truth } = kindsOf(1);
const sampled = (from: fc.Arbitrary<JinjaCase>, count: number) => fc.sample(from, { seed, numRuns: count * times });

function compare(cases: readonly JinjaCase[]): { readonly alike: number; readonly valued: number } {
  const theirs = inJinja(cases);
  const wrong: string[] = [];
  let valued = 0;
  let alike = 0;
  for (const [i, one] of cases.entries()) {
    const ours = here(one);
    const other: Outcome = theirs[i] ?? { error: 'no answer' };
    if ('value' in ours) valued += 1;
    if (shown(ours) === shown(other)) alike += 1;
    else if (explanation(one, ours, other) === undefined) {
      wrong.push(
        `seed ${seed}: ${JSON.stringify(one)}\n  here  ${JSON.stringify(ours)}\n  Jinja ${JSON.stringify(other)}`,
      );
    }
  }
  expect(wrong).toEqual([]);
  return { alike, valued };
}

describe.skipIf(missing)(`here and in Jinja, seed ${seed}`, { timeout: 600_000 }, () => {
  test('each row of the table of differences is as it says', () => {
    const rows = documentedRows();
    expect(rows.length).toBeGreaterThan(20);
    const cases = rows.map(
      row => ({ ...expression(row.example), kind: row.example.includes('{%') ? 'template' : 'expression' }) as const,
    );
    const theirs = inJinja(cases);
    const found = cases.map((one, i) => ({
      ...rows[i],
      here: shown(here(one)),
      jinja: shown(theirs[i] ?? { error: '' }),
    }));
    expect(found).toEqual(rows);
    expect(rows.filter(row => row.here === row.jinja)).toEqual([]);
    const names = new Set(rows.map(row => row.what));
    expect(rules.filter(rule => !names.has(rule.row))).toEqual([]);
  });

  test('1,700 expressions', () => {
    const mixed = fc.oneof({ arbitrary: any, weight: 3 }, text, truth).map(expression);
    const cases = [...sampled(mixed, 1500), ...sampled(kindsOf(2).any.map(expression), 200)];
    const { alike, valued } = compare(cases);
    expect(alike).toBeGreaterThan(cases.length * 0.95);
    expect(valued).toBeGreaterThan(cases.length * 0.6);
  });

  test('700 templates', () => {
    const cases = sampled(
      fc.record({ kind: fc.constant('template' as const), text: templates, trim: fc.boolean(), lstrip: fc.boolean() }),
      700,
    );
    const { alike, valued } = compare(cases);
    expect(alike).toBeGreaterThan(cases.length * 0.95);
    expect(valued).toBeGreaterThan(cases.length * 0.6);
  });
});
