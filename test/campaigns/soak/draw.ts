// Which scenario comes next: quick ones more often than slow ones, and each playbook before the end. Pure but for `random`.
import { type Combination, type Course, combinationsOf } from '../faults/combination.ts';
import { kinds } from '../faults/kinds.ts';

/** A scenario, with a fault or without. */
export interface Drawn {
  readonly playbook: string;
  readonly combination?: Combination;
}

/** How many of the scenarios of a known playbook have no fault. */
const CALM = 0.1;
/** How often a playbook comes that has not run yet; its first run is undisturbed, and tells its phases. */
const NEW = 1 / 3;

/** `playbooks` with the seconds that each takes; `left` is how many scenarios are still to come, this one included. */
export function draw(
  playbooks: Readonly<Record<string, number>>,
  courses: Readonly<Record<string, Course>>,
  left: number,
  random: () => number,
): Drawn {
  const unmet = Object.keys(playbooks).filter(name => courses[name] === undefined);
  if (unmet.length > 0 && (unmet.length >= left || random() < NEW)) return { playbook: pick(unmet, random) };
  const playbook = quickRatherThanSlow(playbooks, random);
  const course = courses[playbook];
  if (course === undefined || random() < CALM) return { playbook };
  return { playbook, combination: pick(combinationsOf(playbook, course, [pick(Object.keys(kinds), random)]), random) };
}

/** One in ten seconds comes as often as ten in a hundred. */
function quickRatherThanSlow(playbooks: Readonly<Record<string, number>>, random: () => number): string {
  const weights = Object.entries(playbooks).map(([name, seconds]) => ({ name, weight: 1 / seconds }));
  let at = random() * weights.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of weights) {
    at -= weight;
    if (at < 0) return name;
  }
  return pick(Object.keys(playbooks), random);
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}
