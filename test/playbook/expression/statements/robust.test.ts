import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { Unknown } from '../../../../src/core/value.ts';
import { compileTemplate } from '../../../../src/playbook/expression/statements/compile.ts';
import { anything } from '../../../../src/playbook/expression/types.ts';
import { scopeOf, typesOf } from '../../../support/expression.ts';

const seed = 20261126;
const scope = scopeOf({ n: 3, s: 'a,b', l: [1, 'a', null], m: { a: 1 }, u: new Unknown('something') });
const types = typesOf({ n: anything, s: anything, l: anything, m: anything, u: anything });

/** Compiles, checks and renders; any exception but Failure fails the test. */
function tryAll(text: string, trimBlocks: boolean, lstripBlocks: boolean): void {
  const { value, diagnostics } = compileTemplate({ name: 'test', text }, { trimBlocks, lstripBlocks });
  expect(value === undefined).toBe(diagnostics.some(d => d.code === 'expression-syntax'));
  const found = [...diagnostics, ...(value?.check(types).diagnostics ?? [])];
  for (const { span } of found) {
    expect(span?.start).toBeGreaterThanOrEqual(0);
    expect(span?.end).toBeLessThanOrEqual(text.length);
  }
  try {
    value?.render(scope);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

const words = fc.constantFrom(
  ...'{% %} {%- -%} {%+ +%} {{ }} {{- -}} {# #} if elif else endif for endfor in set endset macro endmacro filter endfilter with'.split(
    ' ',
  ),
  ...'endwith raw endraw include loop loop.index namespace ns ns.a x n s l m u ( ) [ ] , = | . is defined upper m1() range(9) 1'.split(
    ' ',
  ),
  ...[
    "'a'",
    '\n',
    '\r\n',
    ' ',
    '__proto__',
    'constructor',
    '{% if n %}',
    '{% endif %}',
    '{% for x in l %}',
    '{% endfor %}',
  ],
);

test('any row of words is a template, or says why not', { timeout: 60_000 }, () => {
  const rows = fc.array(words, { maxLength: 25 }).map(all => all.join(' '));
  const settings = [fc.boolean(), fc.boolean()] as const;
  fc.assert(fc.property(rows, ...settings, tryAll), { seed, numRuns: 3000 });
  const tight = fc.array(words, { maxLength: 25 }).map(all => all.join(''));
  fc.assert(fc.property(tight, ...settings, tryAll), { seed, numRuns: 2000 });
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), ...settings, tryAll), { seed, numRuns: 500 });
});

test.each([
  [
    'names that objects have',
    '{{ __proto__ is defined }}{{ constructor is defined }}{{ m.constructor is defined }}',
    'FalseFalseFalse',
  ],
  ['a name of an object that is set', '{% set __proto__ = 1 %}{{ __proto__ }}{{ m.__proto__ is defined }}', '1False'],
  ['a namespace of such names', '{% set ns = namespace() %}{% set ns.__proto__ = n %}{{ ns.__proto__ }}', '3'],
])('own property only: %s', (_, text, wanted) => {
  const { value } = compileTemplate({ name: 'test', text }, { trimBlocks: true, lstripBlocks: false });
  expect(value?.render(scope)).toBe(wanted);
});
