import { describe, expect, test } from 'vitest';
import { levels, placed } from '../../src/core/precedence.ts';
import { Names, valuesLayer, varsLayer } from '../../src/runner/scope.ts';
import { lit } from '../support/world.ts';

const pairs = levels.slice(1).map(({ level }, i) => ({ level, below: levels[i]?.level ?? level }));

describe('level by level', () => {
  test.each(pairs)(
    '$level is nearer than $below, whichever came first, and gives way as vars too',
    ({ level, below }) => {
      const upper = valuesLayer(level, { x: level });
      const lower = valuesLayer(below, { x: below, y: below });
      for (const layers of [
        [upper, lower],
        [lower, upper],
      ]) {
        const names = new Names(new Map(), layers);
        expect([names.get('x'), names.get('y')]).toEqual([level, below]);
        expect(new Names(new Map(), []).with(...layers).get('x')).toBe(level);
      }
      const rendered = new Names(new Map(), [upper, ...varsLayer(below, new Map([['x', lit(below)]]))]);
      expect(rendered.get('x')).toBe(level);
    },
  );

  test('of one level, what is placed later is nearer', () => {
    const names = new Names(new Map(), [valuesLayer('block', { x: 'outer' }), valuesLayer('block', { x: 'inner' })]);
    expect(names.get('x')).toBe('inner');
    expect(names.with(valuesLayer('block', { x: 'innermost' })).get('x')).toBe('innermost');
  });

  test('layers stay in order, the nearest first', () => {
    const all = levels.map(({ level }) => ({ level }));
    expect(all.reduce<readonly (typeof all)[number][]>(placed, [])).toEqual(all.toReversed());
  });
});
