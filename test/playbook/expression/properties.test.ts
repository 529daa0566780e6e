import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { Scope } from '../../../src/core/template.ts';
import { Unknown, type Value } from '../../../src/core/value.ts';
import { Fault } from '../../../src/playbook/expression/fault.ts';
import { filters } from '../../../src/playbook/expression/filters/all.ts';
import { readPattern } from '../../../src/playbook/expression/pattern.ts';
import { compileCondition, compileExpression, compileText } from '../../../src/playbook/expression/template.ts';
import { tests } from '../../../src/playbook/expression/tests/all.ts';
import { anything, fits, typeOfValue, union } from '../../../src/playbook/expression/types.ts';
import { compareVersions } from '../../../src/playbook/expression/version.ts';
import { locateIn, scopeOf, typesOf } from '../../support/expression.ts';

// The same runs each time; other seeds are for whoever looks for more.
fc.configureGlobal({ seed: 20261123 });

const values: Readonly<Record<string, Value>> = {
  a: 1,
  b: 2.5,
  s: 'node001,node002',
  e: '',
  l: [3, 'x', null],
  m: { a: 1, list: [1, 2], map: { x: 'y' } },
  t: true,
  n: null,
  u: new Unknown('something'),
};
const scope = scopeOf(values);
const types = typesOf({
  ...Object.fromEntries(Object.entries(values).map(([k, v]) => [k, typeOfValue(v)])),
  any: anything,
});

/** Runs and checks a text in all three ways; any exception but Failure fails the test. */
function tryAll(text: string, against: Scope = scope): void {
  const locate = locateIn(text);
  for (const compile of [compileText, compileExpression, compileCondition]) {
    const { value, diagnostics } = compile(text, locate);
    expect(value === undefined).toBe(diagnostics.some(d => d.code === 'expression-syntax'));
    for (const d of diagnostics) {
      expect(d.span?.start).toBeGreaterThanOrEqual(0);
      expect(d.span?.end).toBeLessThanOrEqual(text.length);
    }
    if (!value) continue;
    for (const d of value.check(types).diagnostics) expect(d.span?.end).toBeLessThanOrEqual(text.length);
    try {
      value.render(against);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
}

const word = fc.constantFrom(
  ...Object.keys(values),
  ...filters.map(f => f.name),
  ...tests.map(t => t.name),
  ..."+ - * / // % ** ~ == != < <= > >= in not and or is if else . | , : ( ) [ ] { } {{ }} {# #} -}} {{- 1 2.5 0 \"a\" 'b' '(a)' '\\1' range dict split items".split(
    ' ',
  ),
);

const expression: fc.Arbitrary<string> = fc.letrec<{ node: string; atom: string }>(tie => ({
  atom: fc.constantFrom(
    ...Object.keys(values),
    'nope',
    '1',
    '-2',
    '0.5',
    "'ab'",
    "''",
    'true',
    'none',
    '[]',
    '{}',
    "[1, 'a']",
    "{'k': 1}",
  ),
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('atom'),
    fc
      .tuple(
        tie('node'),
        fc.constantFrom('+', '-', '*', '/', '//', '%', '~', '==', '<', '>=', 'in', 'not in', 'and', 'or'),
        tie('node'),
      )
      .map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('node'), fc.constantFrom(...filters.map(f => f.name))).map(([n, f]) => `(${n} | ${f})`),
    fc
      .tuple(tie('node'), fc.constantFrom(...filters.map(f => f.name)), tie('node'))
      .map(([n, f, a]) => `(${n} | ${f}(${a}))`),
    fc
      .tuple(tie('node'), fc.constantFrom(...filters.map(f => f.name)), tie('node'), tie('node'))
      .map(([n, f, a, b]) => `(${n} | ${f}(${a}, ${b}))`),
    fc
      .tuple(tie('node'), fc.constantFrom(...tests.map(t => t.name).filter(n => /^\w+$/.test(n))))
      .map(([n, t]) => `(${n} is ${t})`),
    fc
      .tuple(tie('node'), fc.constantFrom('.x', '.a', '[0]', '[-1]', "['a']", '[1:]', '[::-1]', '.keys()', '.split()'))
      .map(([n, a]) => n + a),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, c, b]) => `(${a} if ${c} else ${b})`),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `[${a}, ${b}]`),
    tie('node').map(a => `(not ${a})`),
  ),
})).node;

describe('whatever is written', { timeout: 60_000 }, () => {
  test('any text compiles or says why not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => tryAll(text)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), text => tryAll(`{{ ${text} }}`)),
      { numRuns: 500 },
    );
  });

  test('any row of words compiles or says why not', () => {
    const words = fc.array(word, { maxLength: 12 }).map(all => all.join(' '));
    fc.assert(
      fc.property(words, text => tryAll(text)),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(words, text => tryAll(`{{ ${text} }}`)),
      { numRuns: 1000 },
    );
  });

  test('any expression gives a value or a Failure', () => {
    fc.assert(
      fc.property(expression, text => tryAll(text)),
      { numRuns: 1500 },
    );
  });

  test('a value is of the type that was worked out before the run', () => {
    fc.assert(
      fc.property(expression, text => {
        const { value } = compileExpression(text, locateIn(text));
        const checked = value?.check(types);
        if (!value || !checked || checked.diagnostics.some(d => d.severity === 'error')) return;
        let result: Value;
        try {
          result = value.render(scope);
        } catch {
          return;
        }
        expect(fits(typeOfValue(result), checked.type)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test('any value can be given, and a text of it is a text', () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((v): Value => JSON.parse(JSON.stringify(v)));
    fc.assert(
      fc.property(json, expression, (x, text) => {
        tryAll(text, scopeOf({ ...values, a: x, l: x, s: x }));
        const { value } = compileText('<{{ x }}>', locateIn('<{{ x }}>'));
        expect(typeof value?.render(scopeOf({ x }))).toBe('string');
      }),
      { numRuns: 500 },
    );
  });

  test('a value that goes through JSON is the same value', () => {
    const { value } = compileExpression('x | to_json | from_json == x', locateIn('x'));
    const json = fc.jsonValue({ maxDepth: 4 }).map((v): Value => JSON.parse(JSON.stringify(v)));
    const exact = json.filter(v => !/\d{16}/.test(JSON.stringify(v)) && !JSON.stringify(v).includes('e+'));
    fc.assert(
      fc.property(exact, x => {
        expect(value?.render(scopeOf({ x }))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('patterns and versions', () => {
  test('any pattern is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.boolean(), (pattern, flag) => {
        try {
          readPattern(pattern, { ignorecase: flag, multiline: flag });
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('versions have an order', () => {
    const version = fc
      .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('', '-rc.0', '-rc.1', '-alpha', '-alpha.1'))
      .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, a)).toBe(0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

test('a union of types takes what either takes', () => {
  const type = fc.constantFrom<Value>(1, 1.5, 'a', true, null, [1], { a: 1 }).map(typeOfValue);
  fc.assert(fc.property(type, type, (a, b) => fits(a, union(a, b)) && fits(union(a, b), b)));
});
