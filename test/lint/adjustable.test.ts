import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { codes } from '../../src/core/codes.ts';
import { adjustableCodes } from '../../src/lint/adjustable.ts';
import { parseCase } from '../support/diagnostic-case.ts';

const names = await readdir('test/playbook/cases');
const texts = await Promise.all(names.map(name => readFile(`test/playbook/cases/${name}`, 'utf8')));
const printed = texts.map(text => parseCase(text).expected).join('\n');
const found = (severity: string) =>
  new Set([...printed.matchAll(new RegExp(`^${severity}: .*\\[([\\w-]+)\\]$`, 'gm'))].map(([, code]) => code ?? ''));

test('what is only ever a warning is for a team to judge, and what run refuses is not', () => {
  const errors = found('error');
  const only = [...found('warning')].filter(code => !errors.has(code));
  const judged = adjustableCodes
    .map(([code]) => code)
    .filter(code => !['unused-ignore', 'obsolete-baseline'].includes(code));
  expect(only.length).toBeGreaterThan(2);
  expect(judged.toSorted()).toEqual(only.toSorted());
  expect(Object.keys(codes)).toEqual(expect.arrayContaining(judged));
});
