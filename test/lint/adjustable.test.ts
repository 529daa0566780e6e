import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { adjustableCodes } from '../../src/lint/adjustable.ts';
import { rules } from '../../src/lint/rules.ts';
import { parseCase } from '../support/diagnostic-case.ts';

const names = await readdir('test/playbook/cases');
const texts = await Promise.all(names.map(name => readFile(`test/playbook/cases/${name}`, 'utf8')));
const printed = texts.map(text => parseCase(text).expected).join('\n');
const found = (severity: string) =>
  new Set([...printed.matchAll(new RegExp(`^${severity}: .*\\[([\\w-]+)\\]$`, 'gm'))].map(([, code]) => code ?? ''));

test('what only ever warns and what rules find is for a team to judge, and what run refuses is not', () => {
  const errors = found('error');
  const warnings = [...found('warning')].filter(code => !errors.has(code));
  expect(warnings.length).toBeGreaterThan(3);
  const own = ['unused-ignore', 'obsolete-baseline'];
  const expected = new Set([...warnings, ...rules.map(rule => rule.code), ...own]);
  expect(adjustableCodes.map(([code]) => code).toSorted()).toEqual([...expected].toSorted());
});
