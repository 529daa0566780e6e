import { expect, test } from 'vitest';
import type { Course } from '../faults/combination.ts';
import { randomFrom } from '../random.ts';
import { type Drawn, draw } from './draw.ts';

const PLAYBOOKS = { preflight: 20, 'add-member': 85, 'extend-to-three': 135, 'migrate-member': 105 };

/** As many as a soak draws, where each first run tells a course. */
function drawn(seed: number, scenarios: number): readonly Drawn[] {
  const random = randomFrom(seed);
  const courses: Record<string, Course> = {};
  return Array.from({ length: scenarios }, (_, index) => {
    const one = draw(PLAYBOOKS, courses, scenarios - index, random);
    courses[one.playbook] = { phases: ['begun', 'agreed'], hosts: ['node001', 'node002', 'node003'] };
    return one;
  });
}
const seeds = Array.from({ length: 50 }, (_, seed) => seed);

test.each([4, 6, 50])('every playbook comes within %i scenarios, first of all without a fault', scenarios => {
  for (const seed of seeds) {
    const all = drawn(seed, scenarios);
    expect(new Set(all.map(({ playbook }) => playbook)).size).toBe(4);
    const first = Object.keys(PLAYBOOKS).map(name => all.find(({ playbook }) => playbook === name));
    expect(first.map(one => one?.combination)).toEqual([undefined, undefined, undefined, undefined]);
  }
});

test('quick ones come more often, most of them with a fault', () => {
  const all = seeds.flatMap(seed => drawn(seed, 50));
  const share = (is: (one: Drawn) => boolean) => all.filter(is).length / all.length;
  expect(share(({ playbook }) => playbook === 'preflight')).toBeGreaterThan(0.5);
  expect(share(({ playbook }) => playbook === 'extend-to-three')).toBeGreaterThan(0.05);
  expect(share(({ combination }) => combination !== undefined)).toBeGreaterThan(0.75);
});
