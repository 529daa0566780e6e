import type { Value } from '../../../../src/core/value.ts';

/** The names that generated expressions use, by the kind of their value. */
export const variables = {
  n: 3,
  zero: 0,
  big: 1200,
  neg: -7,
  half: 2.5,
  s: 'node001',
  words: 'three of five',
  empty: '',
  csv: 'a,b,,c',
  lines: 'one\n two\n\nthree ',
  t: true,
  f: false,
  nothing: null,
  nums: [3, 1, 2, 3],
  texts: ['b', 'A', 'c', 'a'],
  none_at_all: [],
  nested: [[1, 2], [3]],
  m: { a: 1, b: 2 },
  labels: { x: 'B', y: 'a' },
  people: [
    { name: 'b', age: 2, ok: true, tags: ['x'] },
    { name: 'a', age: 1, ok: false, tags: [] },
    { name: 'B', age: 2, ok: true, tags: ['y', 'z'] },
  ],
  deep: { list: [{ v: 1 }, { v: 2 }], map: { k: 'w' } },
} satisfies Readonly<Record<string, Value>>;
