import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { codes } from '../../src/core/codes.ts';
import { rules } from '../../src/lint/rules.ts';
import { parseCase, printed } from '../support/diagnostic-case.ts';

const folder = 'test/playbook/cases';
const names = (await readdir(folder)).toSorted();
const texts = await Promise.all(names.map(name => readFile(`${folder}/${name}`, 'utf8')));
const cases = names.map((name, i) => [name, parseCase(texts[i] ?? '')] as const);

describe('what is printed', () => {
  test.each(cases)('%s', async (_name, given) => expect(await printed(given)).toBe(given.expected));

  test('every code that is found before a run has a case', () => {
    const before = Object.keys(codes).slice(0, Object.keys(codes).indexOf('task-failed'));
    const shown = cases.map(([, given]) => given.expected).join('');
    // Those of rules have theirs in test/lint.
    const reading = before.filter(code => !rules.some(rule => rule.code === code));
    expect(reading.filter(code => !shown.includes(`[${code}]`))).toEqual([]);
  });
});
