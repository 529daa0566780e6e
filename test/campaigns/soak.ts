// Soak: scenarios in a row on one lab, chosen at random, most of them with a fault at one of their phases. After each the cluster is
// what the scenario wants, no acknowledged write is lost and nothing is left on a host; and the memory that quorate takes does not
// grow. In pieces: the same seed goes on where it stopped.
//
//   npm run campaign:soak -- --scenarios 50 --seed 7 --minutes 30
import { parseArgs } from 'node:util';
import { type Combination, type Course, combinationsOf, combine, textOf, undisturbed } from './faults/combination.ts';
import { kinds } from './faults/kinds.ts';
import { makeLab, peakMb } from './faults/prepared.ts';
import { campaignScenarios } from './prepare.ts';
import { remember, remembered } from './progress-file.ts';
import { quickLab } from './quick-lab.ts';
import { randomFrom } from './random.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    scenarios: { type: 'string', default: '50' },
    minutes: { type: 'string', default: '600' },
    state: { type: 'string' },
    lab: { type: 'string', default: 'campaign-soak' },
  },
});
/** How many scenarios have no fault. */
const CALM = 0.2;
/** By how much the memory of the last ten may be above that of the first ten. */
const FLAT = 1.2;
const COMPARED = 10;

const seed = Number(values.seed);
const wanted = Number(values.scenarios);
const stateFile = values.state ?? `.campaigns/soak-${seed}.json`;
const playbooks = Object.keys(campaignScenarios);

/** What is remembered between the pieces. */
interface Remembered {
  /** By playbook. */
  readonly courses: Record<string, Course>;
  readonly ran: { readonly what: string; readonly end: string; readonly peakMb: number; readonly seconds: number }[];
  readonly failures: string[];
}

const done = remembered<Remembered>(stateFile, { courses: {}, ran: [], failures: [] });
// Another piece goes on with other draws.
const random = randomFrom(seed + done.ran.length);
const startMs = Date.now();
const deadlineMs = startMs + Number(values.minutes) * 60_000;
const lab = quickLab(values.lab);

try {
  await makeLab(lab);
  console.log(`campaign soak, seed ${seed}: ${wanted} scenarios; so far ${done.ran.length}`);
  while (done.ran.length < wanted && Date.now() < deadlineMs) {
    await next().catch(error => {
      done.failures.push(error instanceof Error ? error.message : String(error));
    });
    remember(stateFile, done);
  }
} finally {
  await lab.lab('down');
}
for (const why of done.failures) console.log(`FAILED ${why}`);
const minutes = ((Date.now() - startMs) / 60_000).toFixed(1);
const peaks = done.ran.map(one => one.peakMb).filter(mb => mb > 0);
const [early, late] = [median(peaks.slice(0, COMPARED)), median(peaks.slice(-COMPARED))];
const left = done.failures.filter(why => why.includes('left behind')).length;
const flat = late <= early * FLAT;
console.log(
  `campaign soak, seed ${seed}: ${done.ran.length} scenarios in a row, ${done.ran.filter(({ what }) => what.includes(',')).length} with a ` +
    `fault; ${done.failures.length} failed, ${left} of them because something was left on hosts; memory at its peak ${early} MB in the first ten, ${late} MB in the last ` +
    `ten${flat ? '' : ': IT GROWS'}; ${minutes} min`,
);
process.exitCode = done.failures.length > 0 || !flat || done.ran.length < wanted ? 1 : 0;

async function next(): Promise<void> {
  const playbook = pick(playbooks);
  const course = done.courses[playbook];
  const begunMs = Date.now();
  // The first run of each tells its phases.
  const combination =
    course && random() >= CALM ? pick(combinationsOf(playbook, course, [pick(Object.keys(kinds))])) : undefined;
  const what = combination ? textOf(combination) : playbook;
  const ended = await (combination ? disturbed(combination) : calm(playbook)).catch(error => {
    throw new Error(`${what}: ${error instanceof Error ? error.message : error}`);
  });
  const one = { what, ...ended, seconds: Math.round((Date.now() - begunMs) / 1000) };
  done.ran.push(one);
  console.log(`${done.ran.length}. ${what}: ${one.end}, ${one.peakMb} MB, ${one.seconds} s`);
}

async function disturbed(combination: Combination) {
  const { end, peakMb } = await combine(lab, combination);
  return { end, peakMb };
}

async function calm(playbook: string) {
  done.courses[playbook] = await undisturbed(lab, playbook);
  return { end: 'goal', peakMb: await peakMb(lab) };
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
