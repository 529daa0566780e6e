import { describe, expect, test } from 'vitest';
import { randomFrom } from '../random.ts';
import { growing, type Measured, memoryOf, riseOf } from './flat.ts';

const PEAKS: Readonly<Record<string, number>> = { preflight: 79, snapshot: 83, 'add-member': 89, 'migrate-member': 92 };

/** Fifty scenarios in a random order, with the noise that was seen; each adds what `more` says to its playbook's memory. */
function soak(more: (index: number) => number, seed: number, left: (index: number) => number = () => 0): Measured[] {
  const random = randomFrom(seed);
  const playbooks = Object.keys(PEAKS);
  return Array.from({ length: 50 }, (_, index) => {
    const playbook = playbooks[Math.floor(random() * playbooks.length)] ?? '';
    const peakMb = Math.round((PEAKS[playbook] ?? 0) + random() * 4 + more(index));
    return { playbook, end: 'goal', peakMb, left: { file: left(index), process: 0 } };
  });
}
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

describe('memory', () => {
  test.each(seeds)('that is noisy and rises no more is flat (seed %i)', seed => {
    expect(memoryOf(soak(() => 0, seed))).toMatchObject({ flat: true });
  });

  test.each(seeds)('that rises by 0.15 MB in each scenario is not (seed %i)', seed => {
    expect(memoryOf(soak(index => index * 0.15, seed))).toMatchObject({ flat: false });
  });

  test.each(seeds)('that jumps by 10 MB in the middle and stays there is not (seed %i)', seed => {
    expect(memoryOf(soak(index => (index < 25 ? 0 : 10), seed))).toMatchObject({ flat: false });
  });

  test('that falls is flat', () => {
    const { flat, riseMb } = memoryOf(soak(index => -index * 0.3, 1));
    expect(flat).toBe(true);
    expect(riseMb).toBeLessThan(-5);
  });

  test('one scenario that takes twice as much is no rise, and one that died tells nothing', () => {
    const all = soak(() => 0, 3).map((one, index) => ({
      ...one,
      peakMb: index === 40 ? 180 : index < 5 ? 0 : one.peakMb,
    }));
    expect(memoryOf(all)).toMatchObject({ flat: true });
  });

  test('a playbook that takes more is no rise because it came later', () => {
    const all = soak(() => 0, 3).filter(
      ({ playbook }, index) => playbook !== (index < 25 ? 'migrate-member' : 'preflight'),
    );
    expect(memoryOf(all)).toMatchObject({ flat: true });
    // As one series it would be.
    expect(memoryOf(all.map(one => ({ ...one, playbook: 'any' }))).riseMb).toBeGreaterThan(memoryOf(all).riseMb + 3);
  });

  test('a resume takes more, and is no rise where the later scenarios are those with faults', () => {
    const all = soak(() => 0, 5).map((one, index) =>
      index >= 25 ? { ...one, end: 'resumed', peakMb: one.peakMb + 14 } : one,
    );
    expect(memoryOf(all)).toMatchObject({ flat: true });
    // As one series it would be.
    expect(memoryOf(all.map(one => ({ ...one, end: 'goal' })))).toMatchObject({ flat: false });
    const leaking = all.map((one, index) => ({ ...one, peakMb: one.peakMb + index * 0.3 }));
    expect(memoryOf(leaking)).toMatchObject({ flat: false });
  });

  test('its rise is told in MB over all scenarios', () => {
    const all = Array.from({ length: 50 }, (_, index) => ({
      playbook: 'verify',
      end: 'goal',
      peakMb: 80 + index * 0.2,
      left: {},
    }));
    expect(memoryOf(all).riseMb).toBeCloseTo(9.8);
    expect(memoryOf(all).medianMb).toBeCloseTo(84.9);
  });

  test('a few scenarios tell nothing', () => {
    expect(memoryOf(soak(index => index * 10, 1).slice(0, 19))).toMatchObject({ flat: true });
    expect(memoryOf(soak(index => index * 10, 1).slice(0, 20))).toMatchObject({ flat: false });
  });
});

describe('what is left', () => {
  test.each([
    ['nothing', () => 0, []],
    ['always the same', () => 3, []],
    ['once in a while, and gone again', (index: number) => (index % 7 === 0 ? 4 : 0), []],
    ['one more every ten scenarios', (index: number) => Math.floor(index / 10), ['file']],
    ['one more in each', (index: number) => index, ['file']],
    ['less and less', (index: number) => 50 - index, []],
  ])('%s', (_, left, kinds) => {
    expect(growing(soak(() => 0, 1, left))).toEqual(kinds);
  });
});

test('a rise is the median of all slopes', () => {
  const rise = (...values: number[]) =>
    riseOf(
      values,
      value => value,
      () => true,
    );
  expect(rise()).toBe(0);
  expect(rise(5)).toBe(0);
  expect(rise(1, 3, 5, 7)).toBe(6);
  expect(rise(1, 3, 90, 7)).toBe(6);
});
