import { describe, expect, test } from 'vitest';
import { Unknown, type Value } from '../../../src/core/value.ts';
import { compileCondition, compileExpression, compileText } from '../../../src/playbook/expression/template.ts';
import { compiled, scopeOf } from '../../support/expression.ts';

const u = new Unknown('the result of 6.2');
const scope = scopeOf({ u, n: 3, yes: true, no: false, list: [1, u, 3], map: { known: 1, open: u }, s: 'a' });

function result(text: string): Value {
  return compiled(compileExpression, text).render(scope);
}

describe('an unknown value spreads', () => {
  test.each([
    'u',
    'u.x',
    'u.x[0].y',
    "u['x']",
    's[u]',
    'u[1:]',
    's[u:]',
    'u + 1',
    '1 + u',
    '-u',
    "'a' ~ u",
    "'a' ~ list",
    'u == 1',
    '1 != u',
    'u < 1',
    '0 < u < 5',
    'u in [1]',
    '1 in u',
    '2 in list',
    'list == [1, 2, 3]',
    'map == {"known": 1, "open": 2}',
    'not u',
    'u and yes',
    'yes and u',
    'no or u',
    'u or no',
    "u or 'x'",
    '1 if u else 2',
    'u if yes else 2',
    'u | upper',
    "s | replace('a', u)",
    'list | sum',
    "list | join(',')",
    'list | sort',
    'list | max',
    "list | select('odd')",
    '[u] | select',
    "[{'v': u}] | selectattr('v')",
    'list | to_json',
    'u is none',
    'u is string',
    'u.x is defined',
    'u.x is undefined',
    'u | default(1)',
    'u.x | default(1)',
    'u | ternary(1, 2)',
    'u is changed',
    "{'changed': u} is changed",
    "{'failed': u} is succeeded",
    "{'results': [{'changed': false}, u]} is changed",
    's.split(u)',
    'u.split()',
    'range(u)',
    'map.open',
    'map.open.deeper',
    'list[1]',
    'u is defined and u',
    '{u: 1}',
    'u and nope',
    'u or nope.x',
  ])('%s', text => {
    expect(result(text)).toBe(u);
  });

  test('through a text', () => {
    expect(compiled(compileText, 'a {{ u }} b').render(scope)).toBe(u);
    expect(compiled(compileText, 'a {{ list }} b').render(scope)).toBe(u);
    expect(compiled(compileText, '{{ u }}').render(scope)).toBe(u);
  });
});

describe('what is decided all the same', () => {
  test.each<[string, Value]>([
    ['no and u', false],
    ['u and no', false],
    ['yes or u', true],
    ['u or yes', true],
    ['u and no or yes', true],
    ['u is defined', true],
    ['u is not defined', false],
    ['u is undefined', false],
    ['map.open is defined', true],
    ['map.nope is defined', false],
    ['list[1] is defined', true],
    ['list | length', 3],
    ['list[0]', 1],
    ['list | first', 1],
    ['1 in list', true],
    ['list == [1, 2]', false],
    ['list == [2, 2, 3]', false],
    ['map.known', 1],
    ['map.known | default(u)', 1],
    ['1 if yes else u', 1],
    ['yes | ternary(1, u)', 1],
    ["map | dict2items | map(attribute='key') | list", ['known', 'open']],
    ["{'changed': true, 'results': u} is changed", true],
    ["{'results': [{'changed': true}, u]} is changed", true],
    ['n > 5 and u', false],
    ['5 < n < u', false],
    ['u is mapping or yes', true],
    ['list is sequence', true],
  ])('%s', (text, wanted) => {
    expect(result(text)).toEqual(wanted);
  });

  test('an unknown part stays in what is built around it', () => {
    expect(result('[u, 1]')).toEqual([u, 1]);
    expect(result("{'a': u}")).toEqual({ a: u });
    expect(result('list[1:]')).toEqual([u, 3]);
    expect(result("map | combine({'k': 2})")).toEqual({ known: 1, open: u, k: 2 });
    expect(result("[{'v': u}, {'v': 1}] | map(attribute='v')")).toEqual([u, 1]);
    expect(result("['a', u] | map('upper')")).toEqual(['A', u]);
  });
});

describe('conditions', () => {
  test.each<[string, Value]>([
    ['u', u],
    ['u == 1', u],
    ['not u', u],
    ['u and no', false],
    ['u and n', u],
    ['u or n', true],
    ['n and u', u],
    ['u and [] ', false],
    ['yes if u else no', u],
  ])('%s', (text, wanted) => {
    expect(compiled(compileCondition, text).render(scope)).toBe(wanted);
  });
});
