import { expect, test } from 'vitest';
import { every, pairsOf, pairwise } from '../support/pairwise.ts';

const factors = {
  members: [1, 3, 5],
  profile: ['strict', 'lax', 'silent'],
  etcd: ['3.4', '3.5'],
  journey: ['a', 'b', 'c', 'd', 'e'],
} as const;

test('every pair meets, in far fewer combinations than there are', () => {
  const chosen = pairwise(factors);
  const met = new Set(chosen.flatMap(pairsOf));
  expect(
    every(factors)
      .flatMap(pairsOf)
      .filter(pair => !met.has(pair)),
  ).toEqual([]);
  expect(chosen.length).toBeLessThan(20);
  expect(every(factors)).toHaveLength(90);
});

test('what is not allowed is left out, and the pairs that remain still meet', () => {
  const allowed = (one: { members: number; journey: string }) => one.members > 1 || one.journey !== 'c';
  const chosen = pairwise(factors, allowed);
  expect(chosen.every(allowed)).toBe(true);
  const met = new Set(chosen.flatMap(pairsOf));
  expect(
    every(factors)
      .filter(allowed)
      .flatMap(pairsOf)
      .filter(pair => !met.has(pair)),
  ).toEqual([]);
});
