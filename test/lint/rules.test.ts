import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/lint/rules.ts';
import { modules } from '../../src/modules/index.ts';
import { parseCase, printed } from '../support/diagnostic-case.ts';
import { validatorsOf } from '../support/playbook-world.ts';

const folder = 'test/lint/cases';
const names = (await readdir(folder)).toSorted();
const texts = await Promise.all(names.map(name => readFile(`${folder}/${name}`, 'utf8')));
const cases = names.map((name, i) => [name, parseCase(texts[i] ?? '')] as const);
const world = { modules: new Map(modules.map(module => [module.name, module])), validators: validatorsOf(modules) };

describe('what rules find, with the modules there are', () => {
  test.each(cases)('%s', async (_name, given) => expect(await printed(given, world)).toBe(given.expected));

  test('every rule has a case', () => {
    expect(rules.map(rule => rule.code).filter(code => !names.includes(`${code}.txt`))).toEqual([]);
  });
});
