import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readExamples } from '../../scripts/examples.ts';
import { compiledValidators } from '../../scripts/validators.ts';
import { isSchemaName, publishedSchema, schemas } from '../../src/commands/schemas.ts';
import { lint } from '../../src/lint/lint.ts';
import { modules } from '../../src/modules/index.ts';
import { renderDiagnostics } from '../../src/views/diagnostics.ts';
import { validatorsOf } from '../support/playbook-world.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
const accepts = ajv.compile(publishedSchema('playbook', modules));
const acceptsTasks = ajv.compile(publishedSchema('tasks', modules));
const acceptsSpecs = ajv.compile(publishedSchema('argument-specs', modules));
const byName = new Map(modules.map(m => [m.name, m]));
const validators = validatorsOf(modules);

const shipped = (await readdir('playbooks', { recursive: true })).filter(f => f.endsWith('.yml'));
const examples = modules.flatMap(m => m.examples.map((e, i) => [`${m.name} ${i + 1}: ${e.title}`, e.yaml] as const));
const [page = ''] = (await readFile('docs/language.md', 'utf8')).split('<!-- examples -->');
const documented = [...page.matchAll(/^```yaml\n(- name[\s\S]*?)^```/gm)].map(m => m[1] ?? '');
// That lint finds nothing in these is seen where they are run.
const run = (await readExamples()).flatMap(({ name, files }) =>
  files.map(file => [`${name}/${file.name}`, file.text] as const),
);

async function printed(path: string, readFileOf: (path: string) => Promise<string | undefined>): Promise<string> {
  const found = await lint([path], { readFile: readFileOf, modules: byName, validators });
  return renderDiagnostics(found, { colour: false });
}

describe('what we show is sound, to lint and to the editor', () => {
  test.each(shipped)('playbooks/%s', async name => {
    const path = `playbooks/${name}`;
    expect(await printed(path, file => readFile(file, 'utf8'))).toBe('');
    accepts(parse(await readFile(path, 'utf8'), { version: '1.2', merge: true }));
    expect(accepts.errors ?? []).toEqual([]);
  });

  test.each(examples)('%s', async (_title, yaml) => {
    expect(await printed('tasks.yml', async path => (path === 'tasks.yml' ? yaml : 'etcd_port: 2379\n'))).toBe('');
    accepts(parse(yaml, { version: '1.2' }));
    expect(accepts.errors ?? []).toEqual([]);
    expect(acceptsTasks(parse(yaml, { version: '1.2' }))).toBe(true);
  });

  test.each(documented)('docs/language.md: %s', async yaml => {
    // A file that a play names is one of vars.
    expect(await printed('a.yml', async path => (path === 'a.yml' ? yaml : 'etcd_port: 2379\n'))).toBe('');
    expect(accepts(parse(yaml, { version: '1.2' }))).toBe(true);
  });
});

test.each(run.filter(([name]) => /(playbook|tasks\/\w+|look)\.yml$/.test(name)))('docs/examples/%s', (_name, yaml) => {
  accepts(parse(yaml, { version: '1.2' }));
  expect(accepts.errors ?? []).toEqual([]);
});

describe('the schema of playbooks', () => {
  const wrong = [
    '- hosts: a\n  taks: []',
    '- hosts: a',
    '- comand: x',
    '- command: x\n  retries: many',
    '- command: { cmd: x, chdr: y }',
    '- command: { cmd: x, repeatable: 3 }',
    '- block: []\n  register: x',
    '- import_tasks: a.yml\n  loop: [1]',
    '- include_tasks: { fil: a.yml }',
    '- hosts: a\n  params: { b: { type: text } }\n  tasks: []',
  ];
  test.each(wrong)('does not accept %j', yaml => expect(accepts(parse(yaml))).toBe(false));

  test('accepts an expression where a number, a boolean or one of several words is wanted', () => {
    expect(accepts(parse('- command: { cmd: x, repeatable: "{{ a }}" }\n  retries: "{{ b }}"'))).toBe(true);
  });
});

describe('the schemas that others rely on', () => {
  test('keep their names and versions', () => {
    const ids = Object.keys(schemas)
      .filter(isSchemaName)
      .map(name => publishedSchema(name, []).$id);
    expect(ids).toEqual([
      'urn:quorate:schema:playbook:1',
      'urn:quorate:schema:tasks:1',
      'urn:quorate:schema:inventory:1',
      'urn:quorate:schema:argument-specs:1',
      'urn:quorate:schema:config:1',
      'urn:quorate:schema:lint:1',
      'urn:quorate:schema:journal:1',
    ]);
  });

  test.each(shipped.filter(name => name.includes('/')))('tasks: playbooks/%s', async name => {
    acceptsTasks(parse(await readFile(`playbooks/${name}`, 'utf8'), { version: '1.2', merge: true }));
    expect(acceptsTasks.errors ?? []).toEqual([]);
  });

  test('tasks: does not accept plays; takes what handlers alone have', () => {
    expect(acceptsTasks(parse('- hosts: a\n  tasks: [command: x]'))).toBe(false);
    expect(acceptsTasks(parse('- command: x\n  listen: restarts'))).toBe(true);
    expect(acceptsTasks(parse('- command: x\n  listen: restarts\n  nonsense: 1'))).toBe(false);
  });

  test.each([
    ['{ node: { type: str, required: true, choices: [a, b] } }', true],
    ['{ list: { type: list, elements: dict, options: { a: { type: int } } } }', true],
    ['{ node: { type: text } }', false],
    ['{ node: { requird: true } }', false],
    ['{ list: { options: { a: { type: text } } } }', false],
  ])('argument specs: %s', (options, isRight) => {
    expect(acceptsSpecs(parse(`argument_specs:\n  main:\n    options: ${options}`))).toBe(isRight);
  });

  test('have each text for hovering once as Markdown and once without', () => {
    const { description, markdownDescription } = Object(publishedSchema('playbook', modules).$defs).meta.properties
      .meta;
    expect(description).toBe('flush_handlers, end_host, end_batch, end_play, noop.');
    expect(markdownDescription).toBe('`flush_handlers`, `end_host`, `end_batch`, `end_play`, `noop`.');
  });
});

test('the generated validators say the same as those compiled here', async () => {
  const text = await compiledValidators(modules);
  const { validators: generated } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  for (const { name } of modules) {
    for (const value of [{}, { nonsense: 1 }, { name: 3, state: 'x' }, null]) {
      expect(generated.module(name)(structuredClone(value))).toEqual(validators.module(name)(structuredClone(value)));
    }
  }
  expect(() => generated.module('nothing')).toThrow('npm run generate');
});
