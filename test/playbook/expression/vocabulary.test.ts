import { describe, expect, test } from 'vitest';
import { filters } from '../../../src/playbook/expression/filters/all.ts';
import { lookupFunctions } from '../../../src/playbook/expression/lookups.ts';
import { functions, methods } from '../../../src/playbook/expression/methods.ts';
import { compileExpression } from '../../../src/playbook/expression/template.ts';
import { tests } from '../../../src/playbook/expression/tests/all.ts';
import { fits, typeOfValue } from '../../../src/playbook/expression/types.ts';
import { compiled, locateIn, scopeOf, typesOf } from '../../support/expression.ts';

const tables = { filters, tests, methods, functions: [...functions, ...lookupFunctions] };

describe.each(Object.entries(tables))('%s', (_, specs) => {
  const examples = specs.flatMap(spec => spec.examples.map(example => ({ name: spec.name, ...example })));

  test.each(examples)('$expression', ({ expression, value }) => {
    const template = compiled(compileExpression, expression);
    expect(template.render(scopeOf({}))).toEqual(value);
    const { type, diagnostics } = template.check(typesOf({}));
    expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
    expect(fits(typeOfValue(value), type)).toBe(true);
  });

  test('each has an example that names it, a sentence, and a name of its own', () => {
    const names = specs.flatMap(spec => [spec.name, ...(spec.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    for (const spec of specs) {
      expect(spec.examples[0]?.expression).toContain(spec.name);
      expect(spec.summary).toMatch(/^[A-Z].*\.$/);
    }
  });
});

test('all that was promised is there', () => {
  const promised =
    'default d length count join lower upper trim replace split first last unique sort reverse difference intersect union list int float bool string round abs min max sum map select reject selectattr rejectattr dict2items items2dict combine flatten zip to_json from_json basename dirname quote regex_search regex_replace ternary mandatory version symmetric_difference regex_findall regex_escape to_nice_json to_yaml to_nice_yaml from_yaml from_yaml_all b64encode b64decode hash checksum md5 sha1 urlencode urlsplit groupby batch slice dictsort items zip_longest product combinations permutations subelements extract rekey_on_member capitalize title center indent truncate wordcount format comment path_join normpath relpath commonpath splitext pow log root filesizeformat human_readable human_to_bytes';
  const names = filters.flatMap(spec => [spec.name, ...(spec.aliases ?? [])]);
  expect(promised.split(' ').filter(name => !names.includes(name))).toEqual([]);
  const promisedTests =
    'defined undefined none true false boolean string number integer float mapping sequence iterable even odd divisibleby in equalto == eq ne lt le gt ge sameas match search contains subset superset version truthy falsy changed failed skipped succeeded success ok lower upper filter test all any abs regex issubset issuperset';
  const testNames = tests.flatMap(spec => [spec.name, ...(spec.aliases ?? [])]);
  expect(promisedTests.split(' ').filter(name => !testNames.includes(name))).toEqual([]);
});

test('a filter of Ansible or Jinja that is not here has a hint', () => {
  for (const [text, hint] of [
    ['[1] | random', 'a run that is resumed'],
    ['{} | tojson', '`| to_json`'],
    ["'x' | community.general.json_query('a')", 'write it with'],
    ["'x' is exists", '`stat`'],
  ] as const) {
    const [found] = compileExpression(text, locateIn(text)).diagnostics;
    expect(found?.hint).toContain(hint);
  }
});
