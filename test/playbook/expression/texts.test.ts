import { describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/value.ts';
import { compileText, listTemplate, literalTemplate, mapTemplate } from '../../../src/playbook/expression/template.ts';
import { compiled, locateIn, scopeOf, typesOf } from '../../support/expression.ts';

const scope = scopeOf({ n: 3, s: 'x', l: [1, 'a'], none_: null, yes: true, m: { k: "it's" } });

const texts: readonly (readonly [string, Value])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['a } b }} c %} #}', 'a } b }} c %} #}'],
  ['{ {', '{ {'],
  ['{{ n }}', 3],
  ['{{n}}', 3],
  ['{{ l }}', [1, 'a']],
  ['{{ yes }}', true],
  ['{{ none_ }}', null],
  ['{{ n }}\n', 3],
  ['{{ l }}\n', [1, 'a']],
  ['{{ s }}\n', 'x\n'],
  ['{{ n }}\n\n', '3\n\n'],
  [' {{ n }}', ' 3'],
  ['{{ n }} ', '3 '],
  ['{{ n }}{{ n }}', '33'],
  ['a{{ n }}b', 'a3b'],
  ['a{{ s }}b{{ n }}c', 'axb3c'],
  ['a {{ none_ }} b', 'a  b'],
  ['{{ yes }}!', 'True!'],
  ['{{ l }}!', "[1, 'a']!"],
  ['{{ m }}!', "{'k': \"it's\"}!"],
  ['{{ "}}" }}', '}}'],
  ["{{ '{{' }} n {{ '}}' }}", '{{ n }}'],
  ["{{ {'a': {'b': 1}} }}", { a: { b: 1 } }],
  ["{{ {'a': {'b': 1}}.a.b }}", 1],
  ["{{ {'a': 1}}}", { a: 1 }],
  ['{{\n  n\n  + 1\n}}', 4],
  ['a {{- n }}', 'a3'],
  ['{{ n -}} b', '3b'],
  ['a\n  {{- n -}}\n b', 'a3b'],
  ['a {{+ n }}', 'a 3'],
  ['a{# a comment {{ n }} #}b', 'ab'],
  ['{# c #}{{ n }}', 3],
  ['{{ n }}{# c #}', 3],
  ['a {#- c -#} b', 'ab'],
  ['{# only #}', ''],
  ['{{ n ~ "%" }}', '3%'],
  ['50%}', '50%}'],
  ["a{{ 'b' if n == 3 }}", 'ab'],
  ["a{{ 'b' if n == 4 }}", 'a'],
  ['{{ "a" }}{{ "b" }}', 'ab'],
];

describe('a text', () => {
  test.each(texts)('%j', (text, wanted) => {
    expect(compiled(compileText, text).render(scope)).toEqual(wanted);
  });

  test('without expressions is a literal that needs no scope', () => {
    expect(compiled(compileText, 'plain {').literal).toBe(true);
    expect(compiled(compileText, 'a{# c #}').literal).toBe(true);
    expect(compiled(compileText, '{{ 1 }}').literal).toBe(false);
  });

  test('that is one expression has the span of the whole value', () => {
    const { span } = compiled(compileText, '{{ n }}');
    expect([span.start, span.end]).toEqual([0, 7]);
  });

  test('with other text is a string, whatever its expressions are', () => {
    const types = typesOf({});
    expect(compiled(compileText, '{{ 1 }}').check(types).type).toEqual({ kind: 'integer' });
    expect(compiled(compileText, 'a{{ 1 }}').check(types).type).toEqual({ kind: 'string' });
  });
});

describe('uses of names', () => {
  const uses = (text: string) =>
    compiled(compileText, text).uses.map(
      use => `${use.name}${use.tolerant ? '?' : ''} ${use.span.start}-${use.span.end}`,
    );

  test.each([
    ['{{ a }}', ['a 3-4']],
    ['{{ a.b[c] }}', ['a 3-4', 'c 7-8']],
    ['x{{ a }}y{{ b }}', ['a 4-5', 'b 12-13']],
    ['{{ a | default(b) }}', ['a? 3-4', 'b 15-16']],
    ['{{ a | default(b) | default(1) }}', ['a? 3-4', 'b? 15-16']],
    ['{{ a.b.c | default(1) }}', ['a? 3-4']],
    ['{{ a[b] | default(1) }}', ['a? 3-4', 'b 5-6']],
    ['{{ (a | upper) | default(1) }}', ['a 4-5']],
    ['{{ a.b is defined }}', ['a? 3-4']],
    ['{{ a is defined and a.b }}', ['a? 3-4', 'a? 20-21']],
    ['{{ a is undefined or a.b }}', ['a? 3-4', 'a? 21-22']],
    ['{{ not (a is undefined) and a }}', ['a? 8-9', 'a? 28-29']],
    ['{{ a is defined or a.b }}', ['a? 3-4', 'a 19-20']],
    ['{{ a if a is defined else b }}', ['a? 8-9', 'a? 3-4', 'b 26-27']],
    ['{{ 1 if a is undefined else a }}', ['a? 8-9', 'a? 28-29']],
    ['{{ l | map("default", a) }}', ['l 3-4', 'a 22-23']],
    ['{{ range(a) }}', ['a 9-10']],
    ['{{ {k: v} }}', ['k 4-5', 'v 7-8']],
  ])('%s', (text, wanted) => {
    expect(uses(text)).toEqual(wanted);
  });

  test('a condition says which names it proves to be defined', () => {
    const defined = (text: string) => compiled(compileText, text).definedWhenTrue;
    expect(defined('{{ a is defined }}')).toEqual(['a']);
    expect(defined('{{ a.b is defined and b is not undefined and c }}')).toEqual(['a', 'b']);
    expect(defined('{{ a is defined or b is defined }}')).toEqual([]);
  });
});

describe('templates put together', () => {
  const at = locateIn('x')(0, 1);
  const three = compiled(compileText, '{{ n }}');

  test('a list and a map render what is in them', () => {
    const list = listTemplate([three, literalTemplate('y', at)], at);
    const map = mapTemplate(
      [
        ['a', list],
        ['__proto__', three],
      ],
      at,
    );
    expect(list.render(scope)).toEqual([3, 'y']);
    expect(JSON.stringify(map.render(scope))).toBe('{"a":[3,"y"],"__proto__":3}');
    expect(map.literal).toBe(false);
    expect(map.uses.map(use => use.name)).toEqual(['n', 'n']);
  });

  test('what is put together of literals is a literal', () => {
    expect(listTemplate([literalTemplate(1, at)], at).literal).toBe(true);
    expect(mapTemplate([], at).literal).toBe(true);
  });
});
