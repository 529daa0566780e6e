import { expect, test } from 'vitest';

import { checker, plainSchema, schemaCompiler } from '../../src/custom/params.ts';
import { configured, matchesAny } from '../../src/lint/config.ts';
import { configSchema } from '../../src/lint/config-schema.ts';
import { readConfig } from '../../src/lint/read-config.ts';
import { renderDiagnostics } from '../../src/views/diagnostics.ts';

const validate = checker(schemaCompiler().compile(plainSchema(configSchema)));
const read = (text: string, name = 'team/quorate.yml') => readConfig({ name, text }, validate);

test('all that it can hold', () => {
  const { value, diagnostics } = read(
    [
      'rules:',
      '  unused-name: off',
      '  boolean-string: { severity: error, exclude: [legacy/**] }',
      'exclude: [charts]',
      'modules: [modules, /opt/modules]',
      'inventory: ../hosts.yml',
      'max_warnings: 0',
      'baseline: true',
      '',
    ].join('\n'),
  );
  expect(diagnostics).toEqual([]);
  expect(value).toEqual({
    rules: new Map([
      ['unused-name', { severity: 'off', exclude: [] }],
      ['boolean-string', { severity: 'error', exclude: ['legacy/**'] }],
    ]),
    exclude: ['charts'],
    modules: ['team/modules', '/opt/modules'],
    inventory: 'hosts.yml',
    maxWarnings: 0,
    baseline: 'team/quorate-baseline.json',
  });
});

test('an empty one, and one that holds only comments, decides nothing', () => {
  for (const text of ['', '# later\n', 'rules: {}\n']) expect(read(text).value?.rules.size).toBe(0);
});

test.each<[string, string]>([
  [
    'rules:\n  unknown-module: warning\n',
    'error: `unknown-module` is what `run` refuses too, so it is always an error [invalid-config]\n  team/quorate.yml:2:3\n',
  ],
  [
    'rules:\n  unused-names: off\n',
    'error: `rules` of the configuration has no key `unused-names` [invalid-config]\n  team/quorate.yml:2:3\n',
  ],
  ['rule: {}\n', 'hint: did you mean `rules`?'],
  ['rules:\n  unused-name: of\n', 'team/quorate.yml:2:16'],
  ['max_warnings: many\n', '`max_warnings` of the configuration must be an integer, not the text "many"'],
  ['- rules\n', 'team/quorate.yml:1:1'],
  ['rules: [\n', '[yaml-syntax]'],
])('%j is one clear error', (text, says) => {
  const { value, diagnostics } = read(text);
  expect(value).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  expect(renderDiagnostics(diagnostics, { colour: false })).toContain(says);
});

test('severities, by the path from the configuration', () => {
  const config = read(
    'rules:\n  unused-name: { severity: error, exclude: [old/**] }\n  boolean-string: off\n  hidden-name: { exclude: [old] }\n',
  ).value;
  if (!config) throw new Error('it cannot be read');
  const judged = (code: 'unused-name' | 'boolean-string' | 'hidden-name' | 'unmasked-secret', path: string) =>
    configured(config, { code, severity: 'warning', message: '' }, path)?.severity;
  expect(judged('unused-name', 'a.yml')).toBe('error');
  expect(judged('unused-name', 'old/a.yml')).toBeUndefined();
  expect(judged('boolean-string', 'a.yml')).toBeUndefined();
  expect(judged('hidden-name', 'a.yml')).toBe('warning');
  expect(judged('hidden-name', 'old/deep/a.yml')).toBeUndefined();
  expect(judged('unmasked-secret', 'old/a.yml')).toBe('warning');
});

test('a glob, and a folder by its name', () => {
  expect(matchesAny('charts/a/b.yml', ['charts'])).toBe(true);
  expect(matchesAny('charts/a/b.yml', ['charts/'])).toBe(true);
  expect(matchesAny('charts/a/b.yml', ['**/b.yml'])).toBe(true);
  expect(matchesAny('a/charts/b.yml', ['charts', '*.yml'])).toBe(false);
});
