import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure.ts';
import { Unknown, type Value } from '../../../../src/core/value.ts';
import { compileTemplate } from '../../../../src/playbook/expression/statements/compile.ts';
import { integerType, listOf, recordOf, stringType } from '../../../../src/playbook/expression/types.ts';
import { marked, scopeOf, typesOf } from '../../../support/expression.ts';
import { rows } from './rows.ts';

const variables: Readonly<Record<string, Value>> = {
  n: 3,
  s: 'x',
  l: [1, 'a'],
  m: { a: 1, b: 2 },
  none_: null,
  yes: true,
  empty: '',
  later: new Unknown('the result of 6.2'),
};
const ansible = { trimBlocks: true, lstripBlocks: false };

function compiled(text: string, whiteSpace = ansible) {
  return compileTemplate({ name: 't.j2', text }, whiteSpace);
}

function rendered(text: string, whiteSpace = ansible): Value | undefined {
  return compiled(text, whiteSpace).value?.render(scopeOf(variables));
}

describe('a template', () => {
  test.each(rows)('%j', (text, wanted) => {
    expect(compiled(text).diagnostics).toEqual([]);
    expect(rendered(text)).toBe(wanted);
  });

  test.each([
    ['a\n  {% if true %}\n  b\n  {% endif %}\nc', 'a\n  b\nc'],
    ['  {# c #}\n  {{ n }}', '  3'],
    ['a {% if true %}b{% endif %}', 'a b'],
    ['a\n  {%+ if true %}b{% endif %}', 'a\n  b'],
    ['  {% raw %}\n a\n  {% endraw %}\nb', '\n a\nb'],
  ])('with lstrip_blocks %j', (text, wanted) => {
    expect(rendered(text, { trimBlocks: true, lstripBlocks: true })).toBe(wanted);
  });

  test('without trim_blocks a line of a statement stays', () => {
    expect(rendered('{% if true %}\na\n{% endif %}\nb', { trimBlocks: false, lstripBlocks: false })).toBe('\na\n\nb');
  });
});

describe('what cannot be read says where and why', () => {
  test.each([
    ['a\n«{% if n %}»b', '`if` is never ended', 'end it with {% endif %}'],
    ['{% if «%}»b{% endif %}', 'an expression is missing'],
    ['{% if n %}{% for x in l %}{% «endif» %}', '`endif` ends nothing', 'here {% endfor %} is waited for'],
    ['{% «endif» %}', '`endif` ends nothing that was begun'],
    ['{% if n %}{% «endfor» %}', '`endfor` ends nothing', 'here {% endif %} is waited for'],
    ['{% for x l «%}»{% endfor %}', '`in` and what to go through are missing'],
    ['{% for x in l «recursive» %}{% endfor %}', 'loops are not recursive', 'write a macro that calls itself'],
    ['{% for «loop» in l %}{% endfor %}', '`loop` cannot be set'],
    ['{% for «3» in l %}{% endfor %}', 'the name of the item is missing'],
    ['{% set «3» = 1 %}', 'the name to set is missing'],
    ['{% set a «1» %}', '`=` is missing'],
    ['{% set «m.a» = 1 %}', 'a part of `m` cannot be set', 'namespace(a=…)'],
    ['{% macro m1«%}»{% endmacro %}', 'the parameters of the macro stand in parentheses', '{% macro m1() %}'],
    ['{% macro m1(a, «a») %}{% endmacro %}', 'the parameter `a` stands there twice'],
    ['{% if n %}{% macro «m1»() %}{% endmacro %}{% endif %}', 'a macro stands at the top of a template'],
    ['{% macro a() %}{% endmacro %}{% macro «a»() %}{% endmacro %}', 'there are two macros `a`'],
    ['{% «include» "x" %}', 'there is no statement `include`', 'put both in one template'],
    ['{% «fro» x %}', 'there is no statement `fro`', 'there are if, for, set'],
    ['{% «%}»', 'the word that a statement begins with is missing'],
    ['{% «else» %}', '`else` ends nothing that was begun'],
    ['«{% raw %}»a', '`raw` is never ended', 'end it with {% endraw %}'],
    ['a «{#» b', 'the comment `{#` is never closed'],
    ['a «{%» if', '`{%` is never closed', 'close it with `%}`'],
    ['{{ n | «upperr» }}', 'there is no filter `upperr`'],
    ['{{ «nope»() }}', 'there is no function `nope`'],
    ['{% macro m1(a) %}{{ a }}{% endmacro %}{{ «m1»() }}', '`m1` needs `a`'],
    ['{% macro m1(a) %}{{ a }}{% endmacro %}{{ m1(1, «2») }}', '`m1` takes one argument'],
  ])('%s', (withMark, message, hint?: string) => {
    const text = withMark.replace(/[«»]/g, '');
    const [found] = compiled(text).diagnostics;
    expect(found?.message).toContain(message);
    if (hint !== undefined) expect(found?.hint).toContain(hint);
    expect(marked(text, found?.span)).toBe(withMark);
  });

  test('nesting is bounded', () => {
    const deep = `${'{% if n %}'.repeat(60)}${'{% endif %}'.repeat(60)}`;
    expect(compiled(deep).diagnostics[0]?.message).toBe('the template is nested too deeply');
  });
});

describe('what fails says where and why', () => {
  test.each([
    ['a\n{{ «missing» }}', '`missing` is not defined'],
    ['{% if «missing» %}{% endif %}', '`missing` is not defined'],
    ['{% for x in «n» %}{% endfor %}', 'a loop goes through a list or a map, not an integer'],
    ['{% for x in «s» %}{% endfor %}', 'a loop goes through a list or a map, not a string'],
    ['{% for a, b in «[[1]]» %}{% endfor %}', '2 names are set by a list of as many, not by a list of 1'],
    ['{% set a, b = «n» %}', '2 names are set by a list of as many, not by an integer'],
    ['{% macro r(x) %}{{ «r(x)» }}{% endmacro %}{{ r(1) }}', 'the macros call each other too deeply'],
    ['{% for x in [1] %}{% set y = x %}{% endfor %}{{ «y» }}', '`y` is not defined'],
    ['{% macro m1(a) %}{{ a }}{% endmacro %}{{ m1(«missing») }}', '`missing` is not defined'],
  ])('%s', (withMark, message) => {
    const text = withMark.replace(/[«»]/g, '');
    const { value } = compiled(text);
    try {
      value?.render(scopeOf(variables));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      expect(error.message).toBe(message);
      expect(error.span?.source.name).toBe('t.j2');
      expect(marked(text, error.span)).toBe(withMark);
    }
  });

  test.each([
    ['{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}', 'more than 100000 rounds'],
    ["{% for a in range(1000) %}{{ 'abcdefghij' * 1000 }}{% endfor %}", 'becomes longer than 1000000 characters'],
  ])('bounded: %s', (text, message) => {
    expect(() => rendered(text)).toThrow(message);
  });
});

describe('what is not known', () => {
  test.each([
    'a {{ later }}',
    '{{ [later] }}',
    '{% if later %}a{% endif %}',
    '{% for x in later %}a{% endfor %}',
    '{% for x in [later] %}{{ x }}{% endfor %}',
    '{% set a = later %}{{ a }}',
    '{% set a, b = later %}',
    '{% macro m1(a) %}{{ a }}{% endmacro %}{{ m1(later) }}',
    '{% filter upper %}{{ later }}{% endfilter %}',
  ])('makes all of it unknown: %s', text => {
    const value = rendered(text);
    expect(value instanceof Unknown && value.dependsOn).toBe('the result of 6.2');
  });

  test.each([
    ['{% if false and later %}a{% else %}b{% endif %}', 'b'],
    ['{% for x in [later, 1] %}{{ loop.index }}{% endfor %}', '12'],
    ['{% set a = later %}c', 'c'],
  ])('does not where it does not matter: %s', (text, wanted) => {
    expect(rendered(text)).toBe(wanted);
  });
});

describe('before the run', () => {
  const types = typesOf({
    n: integerType,
    s: stringType,
    cfg: recordOf({ port: integerType }),
    members: listOf(recordOf({ name: stringType, lag: integerType })),
  });

  test.each([
    '{{ cfg.port + 1 }}',
    '{% for m in members %}{{ m.name | upper }}{{ loop.index + 1 }}{% endfor %}',
    '{% if tls is defined %}{{ tls }}{% elif n %}{{ n }}{% endif %}',
    '{% if cfg.tls is defined %}{{ cfg.tls }}{% endif %}',
    '{% set x = 1 %}{{ x + 1 }}',
    '{% if n %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x + 1 }}',
    '{% if n %}{% set x = 1 %}{% endif %}{{ x.y }}',
    '{% for k, v in [[1, 2]] %}{{ k + v }}{% endfor %}',
    '{% macro m1(a) %}{{ a.x }}{{ later_set }}{% endmacro %}{% set later_set = 1 %}{{ m1(1) | upper }}',
    '{% set ns = namespace(a=1) %}{% set ns.b = 2 %}{{ ns.b }}',
  ])('nothing is wrong with %s', text => {
    expect(compiled(text).value?.check(types).diagnostics).toEqual([]);
  });

  test.each([
    ['{{ «nn» }}', '`nn` is not defined', 'did you mean `n`?'],
    ['{{ cfg.«prt» }}', 'a map with port has no `prt`', 'did you mean `port`?'],
    ['{% for m in members %}{{ m.«nme» }}{% endfor %}', 'has no `nme`', 'did you mean `name`?'],
    ['{% for m in members %}{{ loop.«indx» }}{% endfor %}', 'has no `indx`', 'did you mean `index`?'],
    ['{% for m in members %}{% endfor %}{{ «m» }}', '`m` is not defined'],
    ['{% set x = 1 %}{{ x | «upper» }}', '`upper` wants a string, not an integer'],
    ['{% if «s + 1» %}{% endif %}', '`+` cannot take a string and an integer'],
    ['{% if n %}{% elif «nope» %}{% endif %}', '`nope` is not defined'],
    ['{% with a = «nope» %}{% endwith %}', '`nope` is not defined'],
    ['{% macro m1(a) %}{{ «nope» }}{% endmacro %}', '`nope` is not defined'],
    ['{% macro m1(a=«nope») %}{% endmacro %}', '`nope` is not defined'],
    ['{% set t | replace(«nope», 1) %}{% endset %}', '`nope` is not defined'],
  ])('%s', (withMark, message, hint?: string) => {
    const text = withMark.replace(/[«»]/g, '');
    const [found] = compiled(text).value?.check(types).diagnostics ?? [];
    expect(found?.message).toContain(message);
    if (hint !== undefined) expect(found?.hint).toBe(hint);
    expect(marked(text, found?.span)).toBe(withMark);
  });

  test('only names that the template does not set itself are uses', () => {
    const text = '{% set a = n %}{% for x in l %}{{ x }}{{ a }}{{ s }}{% endfor %}{{ b if b is defined }}';
    expect(compiled(text).value?.uses.map(use => [use.name, use.tolerant])).toEqual([
      ['n', false],
      ['l', false],
      ['s', false],
      ['b', true],
      ['b', true],
    ]);
  });
});
