import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { compileCondition, compileText } from '../../../src/playbook/expression/template.ts';
import { compiled, locateIn, marked, scopeOf, typesOf } from '../../support/expression.ts';

/** The text with the place of its error marked «so», the code, how the message begins, and the hint. */
type Row = readonly [text: string, code: string, message: string, hint?: string];
const named = ([withMark, code, message, hint]: Row) => ({ withMark, code, message, hint });

const compileErrors: readonly Row[] = [
  // What is never closed, or stands in the wrong place
  ['a «{{» n', 'expression-syntax', '`{{` is never closed', 'close it with `}}`'],
  ["a «{{» '}}'", 'expression-syntax', '`{{` is never closed', 'close it with `}}`'],
  ['{{ a }} «{{» b }', 'expression-syntax', '`{{` is never closed'],
  ['{{ «}}»', 'expression-syntax', 'an expression is missing'],
  ["{{ «'»a }}", 'expression-syntax', 'the quoted text is never closed', "close it with '"],
  ['{{ (a «}}»', 'expression-syntax', '`(` is not closed: `)` is missing where the expression ends'],
  ['{{ [a «b»] }}', 'expression-syntax', '`[` is not closed: `]` is missing where there is `b`'],
  ['{{ f(a «}}»', 'expression-syntax', '`(` is not closed: `)` is missing where the expression ends'],
  ['«{{» {}}', 'expression-syntax', '`{{` is never closed'],
  ['a «{#» b', 'expression-syntax', 'the comment `{#` is never closed'],
  ['«{% if a %}»x{% endif %}', 'expression-syntax', 'a statement {% … %} cannot stand in a value'],
  ['a «{%» b', 'expression-syntax', 'a statement {% … %} cannot stand in a value'],
  // Operators
  ['{{ a + «}}»', 'expression-syntax', 'a value is missing at the end of the expression'],
  ['{{ a == «}}»', 'expression-syntax', 'a value is missing at the end of the expression'],
  ['{{ «*» a }}', 'expression-syntax', 'a value is missing before `*`'],
  ['{{ a «=» b }}', 'expression-syntax', '`=` does not compare', 'write `==`'],
  ['{{ a ==«=» b }}', 'expression-syntax', '`===` does not exist', 'write `==`'],
  ['{{ a «&&» b }}', 'expression-syntax', '`&&` has no meaning here', 'write `and`'],
  ['{{ a |«|» b }}', 'expression-syntax', '`||` does not exist', 'write `or`'],
  ['{{ «!»a }}', 'expression-syntax', '`!` has no meaning here', 'write `not`, or `!=` to compare'],
  ['{{ a «?» b : c }}', 'expression-syntax', '`?` has no meaning here', 'write `a if condition else b`'],
  ['{{ «$»a }}', 'expression-syntax', '`$` has no meaning here', 'names stand by themselves, without $'],
  ['{{ «“»a” }}', 'expression-syntax', '`“` has no meaning here', 'quote text with \' or "'],
  ['{{ a «b» }}', 'expression-syntax', 'an operator is missing before `b`'],
  ['{{ a «defined» }}', 'expression-syntax', '`defined` is a test', 'write `is defined`'],
  ['{{ a«,» b }}', 'expression-syntax', 'there is more than one value', 'put a list in brackets: [a, b]'],
  ['{{ a «)» }}', 'expression-syntax', '`)` is not expected here'],
  ['{{ «and» a }}', 'expression-syntax', 'a value is missing before `and`'],
  ['{{ a is defined «is» string }}', 'expression-syntax', 'tests cannot follow each other', 'join them with `and`'],
  ['{{ a is «}}»', 'expression-syntax', 'the name of a test is missing after `is`'],
  ['{{ a | «}}»', 'expression-syntax', 'the name of a filter is missing after `|`'],
  ['{{ a.«}}»', 'expression-syntax', 'the name of an attribute is missing after `.`'],
  ['{{ a[«]» }}', 'expression-syntax', 'an index is missing in `[]`'],
  ['{{ {a «}» }}', 'expression-syntax', 'a `:` is missing between a key and its value'],
  ['{{ f(a=1, «b») }}', 'expression-syntax', 'an argument without a name stands after one with a name'],
  ["{{ 'a'«(»1) }}", 'expression-syntax', 'only functions and methods can be called'],
  ['{{ «12ab» }}', 'expression-syntax', '`12ab` is neither a number nor a name', 'put it in quotes'],
  [
    '{{ «12345678901234567890» }}',
    'expression-syntax',
    'the number 12345678901234567890 is too large',
    'put it in quotes',
  ],
  // Names that do not exist
  ['{{ a | «upperr» }}', 'unknown-filter', 'there is no filter `upperr`', 'did you mean `upper`?'],
  ['{{ a | «zzzzzzzz» }}', 'unknown-filter', 'there is no filter `zzzzzzzz`'],
  ['{{ a | «defined» }}', 'unknown-filter', 'there is no filter `defined`', 'it is a test: write `is defined`'],
  ['{{ a is «definde» }}', 'unknown-test', 'there is no test `definde`', 'did you mean `defined`?'],
  ['{{ a is «length» }}', 'unknown-test', 'there is no test `length`', 'it is a filter: write `| length`'],
  ["{{ a | map(«'uper'») }}", 'unknown-filter', 'there is no filter `uper`', 'did you mean `upper`?'],
  ["{{ a | select(«'evn'») }}", 'unknown-test', 'there is no test `evn`', 'did you mean `even`?'],
  ["{{ a | selectattr('x', «'eqq'») }}", 'unknown-test', 'there is no test `eqq`', 'did you mean `eq`?'],
  ['{{ «rnge»(3) }}', 'undefined-name', 'there is no function `rnge`', 'did you mean `range`?'],
  [
    '{{ «now»() }}',
    'undefined-name',
    'there is no function `now`',
    'there are these functions: range, dict, lookup, query, q',
  ],
  ['{{ «length»(a) }}', 'undefined-name', 'there is no function `length`', 'it is a filter: write `value | length`'],
  ['{{ a.«splt»() }}', 'unknown-attribute', 'there is no method `.splt()`', 'did you mean `split`?'],
  ['{{ a.«length»() }}', 'unknown-attribute', 'there is no method `.length()`', 'it is a filter: write `| length`'],
  // Arguments
  ['{{ a | upper(«1») }}', 'type-mismatch', '`upper` takes no arguments'],
  ["{{ a | join(',', 'b', «'c'») }}", 'type-mismatch', '`join` takes at most 2 arguments without a name'],
  ["{{ a | join(«seperator»=',') }}", 'type-mismatch', '`join` has no argument `seperator`'],
  ['{{ a | sort(«revers»=true) }}', 'type-mismatch', '`sort` has no argument `revers`', 'did you mean `reverse`?'],
  ["{{ a | join(',', «d»='') }}", 'type-mismatch', '`d` of `join` is given twice'],
  ["{{ a | «replace»('b') }}", 'type-mismatch', '`replace` needs `new`'],
  ['{{ a is «divisibleby» }}', 'type-mismatch', '`divisibleby` needs `num`'],
  ["{{ a | map(«'replace'», 'b') }}", 'type-mismatch', '`replace` needs `new`'],
];

describe('what cannot be compiled', () => {
  test.each(compileErrors.map(named))('$withMark', ({ withMark, code, message, hint }) => {
    const text = withMark.replace(/[«»]/g, '');
    const { value, diagnostics } = compileText(text, locateIn(text));
    const [first] = diagnostics;
    expect(value === undefined).toBe(code === 'expression-syntax');
    expect(`${first?.code}: ${first?.message}`).toContain(`${code}: ${message}`);
    expect(marked(text, first?.span)).toBe(withMark);
    if (hint !== undefined) expect(first?.hint).toBe(hint);
  });

  test('names are reported together', () => {
    const text = '{{ a | nope }} and {{ b is nope }}';
    const { value, diagnostics } = compileText(text, locateIn(text));
    expect(diagnostics.map(d => d.code)).toEqual(['unknown-filter', 'unknown-test']);
    expect(value?.check(typesOf({})).diagnostics.map(d => d.message)).toEqual([
      '`a` is not defined',
      '`b` is not defined',
    ]);
    expect(() => value?.render(variables)).toThrow(Failure);
  });

  test('nesting and length have bounds', () => {
    const nested = `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`;
    expect(compileText(nested, locateIn(nested)).diagnostics[0]?.message).toMatch(/too (deeply|long)/);
    const signs = `{{ ${'-'.repeat(1500)}1 }}`;
    expect(compileText(signs, locateIn(signs)).diagnostics[0]?.message).toBe('the expression is nested too deeply');
    const long = `{{ 1${' + 1'.repeat(900)} }}`;
    expect(compiled(compileText, long).render(scopeOf({}))).toBe(901);
    const tooLong = `{{ 1${' + 1'.repeat(1100)} }}`;
    expect(compileText(tooLong, locateIn(tooLong)).diagnostics[0]?.message).toBe('the expression is too long');
  });
});

const variables = scopeOf({ a: 1, s: 'x', l: [1], m: { key: { inner: 1 } }, nil: null });

const runtimeFailures: readonly Row[] = [
  ['x {{ «nope» }}', 'undefined-name', '`nope` is not defined'],
  ['{{ «null» }}', 'undefined-name', '`null` is not defined', 'write `none`'],
  ['{{ «nope».x.y }}', 'undefined-name', '`nope` is not defined'],
  ['{{ m.«kez» }}', 'evaluation-failed', 'the map has no `kez`', 'did you mean `key`?'],
  ['{{ m.key.«innr» }}', 'evaluation-failed', 'the map has no `innr`', 'did you mean `inner`?'],
  ['{{ m.«items» }}', 'evaluation-failed', 'the map has no `items`', 'write .items() to call it'],
  ["{{ m[«'kez'»] }}", 'evaluation-failed', 'the map has no `kez`', 'did you mean `key`?'],
  ['{{ l[«5»] }}', 'evaluation-failed', 'there is no item 5: a list of 1 items'],
  ['{{ nil.«x» }}', 'evaluation-failed', 'the value is none, so it has no `x`'],
  ['{{ a.«x» }}', 'evaluation-failed', 'an integer has no attribute `x`'],
  ['{{ «a + s» }}', 'evaluation-failed', '`+` cannot take an integer and a string', 'join texts with ~'],
  ["{{ «s * 'x'» }}", 'evaluation-failed', '`*` cannot take a string and a string'],
  ['{{ 1 + «a / 0» }}', 'evaluation-failed', 'division by zero'],
  ['{{ «-s» }}', 'evaluation-failed', '`-` wants a number, not a string'],
  ['{{ «a < s» }}', 'evaluation-failed', 'an integer and a string have no order'],
  ['{{ «a in a» }}', 'evaluation-failed', '`in` looks into a list, a map or a text, not into an integer'],
  ['{{ «a in s» }}', 'evaluation-failed', 'an integer cannot be part of a text'],
  [
    '{{ a | «upper» }}',
    'evaluation-failed',
    '`upper` wants a string, not an integer',
    'make a text of it with `| string`',
  ],
  ['{{ s | «round» }}', 'evaluation-failed', '`round` wants a number, not a string'],
  ['{{ l | «join(1)» }}', 'evaluation-failed', '`d` of `join` must be a string, not an integer'],
  ['{{ [] | «first» }}', 'evaluation-failed', '`first` of a list that is empty is undefined'],
  ["{{ l | «map('upper')» }}", 'evaluation-failed', '`upper` wants a string, not an integer'],
  ['{{ «1 if a > 1» }}', 'evaluation-failed', 'the condition is false and there is no `else`'],
  ['{{ {«l»: 1} }}', 'evaluation-failed', 'a key must be a string, not a list'],
  ['{{ «a[1:2]» }}', 'evaluation-failed', 'only a list or a text has parts, not an integer'],
  ['{{ «l[::0]» }}', 'evaluation-failed', 'the step of a slice cannot be zero'],
  ['{{ «range(1, 5, 0)» }}', 'evaluation-failed', 'the step of a range cannot be zero'],
  ['{{ a.«split()» }}', 'evaluation-failed', '`split` wants a string, not an integer'],
  ['{{ s.split(«nope») }}', 'undefined-name', '`nope` is not defined'],
];

describe('what fails while it is worked out', () => {
  test.each(runtimeFailures.map(named))('$withMark', ({ withMark, code, message, hint }) => {
    const text = withMark.replace(/[«»]/g, '');
    let failure: unknown;
    try {
      compiled(compileText, text).render(variables);
    } catch (error) {
      failure = error;
    }
    if (!(failure instanceof Failure)) throw new Error(`no Failure but ${String(failure)}`);
    expect(`${failure.code}: ${failure.message}`).toContain(`${code}: ${message}`);
    expect(marked(text, failure.span)).toBe(withMark);
    if (hint !== undefined) expect(failure.hint).toBe(hint);
  });

  test('what becomes too large is a failure, not a defect', () => {
    const doubling = `{{ 'x' * 1000000${' | replace("x", "xx")'.repeat(3)} }}`;
    expect(() => compiled(compileText, doubling).render(variables)).toThrow(Failure);
  });

  test('no message shows a value, which may be secret', () => {
    const scope = scopeOf({ password: 'hunter2', json: '{"token": "hunter2' });
    for (const text of [
      '{{ password + 1 }}',
      '{{ password | int }}',
      '{{ json | from_json }}',
      '{{ password | bool }}',
      '{{ password.x }}',
    ]) {
      expect(() => compiled(compileText, text).render(scope)).toThrow(Failure);
      expect(() => compiled(compileText, text).render(scope)).not.toThrow(/hunter2/);
    }
  });
});

describe('conditions', () => {
  const values = scopeOf({ yes: true, no: false, word: 'false', n: 0, l: [1], none_: null });
  test.each([
    ['yes', true],
    ['no', false],
    ['n', false],
    ['l', true],
    ['none_', false],
    ['not l', false],
    ['yes and not no', true],
    ['l or word', true],
    ['yes if l else no', true],
    ["word == 'false'", true],
    ['word | bool', false],
    ['word | length > 0', true],
    ['l and n', false],
  ])('%s', (text, wanted) => {
    expect(compiled(compileCondition, text).render(values)).toBe(wanted);
  });

  test.each([
    '«word»',
    'not «word»',
    'yes and «word»',
    '«word» or yes',
    '«word | upper»',
    "«'x'» if l else yes",
    'yes if n else «word»',
  ])('%s is refused, because a string is true unless it is empty', withMark => {
    const text = withMark.replace(/[«»]/g, '');
    let failure: unknown;
    try {
      compiled(compileCondition, text).render(values);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ message: expect.stringMatching(/^a condition cannot be a string/) });
    expect(failure instanceof Failure && marked(text, failure.span)).toBe(withMark);
  });

  test.each([
    ['«{{» yes }}', 'this is an expression already'],
    ['  «{{» yes }}', 'this is an expression already'],
    ['«{%» if %}', 'this is an expression already'],
    ['«»', 'an expression is missing'],
    ['yes «yes»', 'an operator is missing before `yes`'],
  ])('%s', (withMark, message) => {
    const text = withMark.replace(/[«»]/g, '');
    const [first] = compileCondition(text, locateIn(text)).diagnostics;
    expect(first?.message).toBe(message);
    expect(marked(text, first?.span)).toBe(withMark);
  });
});
