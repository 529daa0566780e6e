import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { Value } from '../../../src/core/value.ts';
import { compileExpression } from '../../../src/playbook/expression/template.ts';
import { compiled, scopeOf } from '../../support/expression.ts';

const variables: Readonly<Record<string, Value>> = {
  a: 1,
  s: 'abc',
  l: [1, 2, 3],
  m: { x: { y: 'z' }, items2: 1 },
  t: true,
  f: false,
  n: null,
  fl: 2.5,
  nodes: ['node001', 'node002', 'Node003'],
  ds: [
    { n: 'b', v: 2 },
    { n: 'a', v: 1 },
  ],
};

function rowsOf(file: string): readonly { expression: string; wanted: string }[] {
  const text = readFileSync(join(import.meta.dirname, 'cases', file), 'utf8');
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const at = line.lastIndexOf('  =>  ');
      return { expression: line.slice(0, at), wanted: line.slice(at + 6) };
    });
}

function outcomeOf(expression: string): string {
  try {
    return JSON.stringify(compiled(compileExpression, expression).render(scopeOf(variables)));
  } catch (error) {
    if (error instanceof Failure) return `! ${error.message}`;
    throw error;
  }
}

describe.each(['values.txt', 'ansible.txt', 'deviations.txt'])('%s', file => {
  test.each(rowsOf(file))('$expression', ({ expression, wanted }) => {
    expect(outcomeOf(expression)).toBe(wanted);
  });
});

test('there are enough rows to mean something', () => {
  expect(rowsOf('values.txt').length).toBeGreaterThan(400);
});
