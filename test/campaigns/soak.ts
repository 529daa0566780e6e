// Soak: scenarios in a row on one lab, chosen at random, most of them with a fault at one of their phases. After each the cluster is
// what the scenario wants, no acknowledged write is lost, nothing is left on any host, and each run has exactly one journal; over the whole
// neither the memory of quorate nor what is left grows. In pieces: the same seed goes on where it stopped, first with what failed.
//
//   npm run campaign:soak -- --scenarios 50 --seed 7 --minutes 30
import { parseArgs } from 'node:util';
import type { Course } from './faults/combination.ts';
import { makeLab, NODES } from './faults/prepared.ts';
import { campaignScenarios, MEMBERS } from './prepare.ts';
import { remember, remembered } from './progress-file.ts';
import { quickLab } from './quick-lab.ts';
import { randomFrom } from './random.ts';
import { type Drawn, draw } from './soak/draw.ts';
import { figures, isFlat } from './soak/figures.ts';
import { keepingHistory } from './soak/journals.ts';
import { type Played, play, whatOf } from './soak/play.ts';
import { type Tallies, tallies } from './soak/tally.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    scenarios: { type: 'string', default: '50' },
    minutes: { type: 'string', default: '600' },
    state: { type: 'string' },
    lab: { type: 'string', default: 'campaign-soak' },
  },
});
const seed = Number(values.seed);
const wanted = Number(values.scenarios);
const stateFile = values.state ?? `.campaigns/soak-${seed}.json`;
const playbooks = Object.fromEntries(
  Object.entries(campaignScenarios).map(([name, scenario]) => [name, scenario(MEMBERS).seconds]),
);

/** What is remembered between the pieces. */
interface Remembered {
  /** By playbook. */
  readonly courses: Record<string, Course>;
  readonly ran: (Played & { readonly seconds: number })[];
  failures: { readonly drawn: Drawn; readonly why: string }[];
  /** How often something was drawn: another piece goes on with other draws. */
  draws: number;
}

const done = remembered<Remembered>(stateFile, { courses: {}, ran: [], failures: [], draws: 0 });
const random = randomFrom(seed + done.draws);
const deadlineMs = Date.now() + Number(values.minutes) * 60_000;
const history = keepingHistory(quickLab(values.lab), stateFile.replace(/(\.json)?$/, '-journals'));

try {
  await makeLab(history.lab);
  const before = await tallies(history.lab, ['headnode', ...NODES]);
  console.log(`campaign soak, seed ${seed}: ${wanted} scenarios; so far ${done.ran.length}`);
  for (const failure of [...done.failures]) {
    if (Date.now() >= deadlineMs) break;
    done.failures = done.failures.filter(other => other !== failure);
    await attempt(failure.drawn, before);
  }
  // What fails is one of them, so that a piece comes to its end; the next one tries it again.
  for (let left = leftToDo(); left > 0 && Date.now() < deadlineMs; left = leftToDo()) {
    done.draws += 1;
    await attempt(draw(playbooks, done.courses, left, random), before);
  }
} finally {
  await history.lab.lab('down');
}
for (const { drawn, why } of done.failures) console.log(`FAILED ${whatOf(drawn)}: ${why}`);
console.log(`campaign soak, seed ${seed}: ${figures(done.ran, done.failures.length)}`);
process.exitCode = done.failures.length > 0 || !isFlat(done.ran) || done.ran.length < wanted ? 1 : 0;

function leftToDo(): number {
  return wanted - done.ran.length - done.failures.length;
}

async function attempt(drawn: Drawn, before: Tallies): Promise<void> {
  const begunMs = Date.now();
  const seconds = () => Math.round((Date.now() - begunMs) / 1000);
  try {
    const played = await play(drawn, history, before, done.courses);
    done.ran.push({ ...played, seconds: seconds() });
    console.log(
      `${done.ran.length}. ${played.what}: ${played.end}, ${played.peakMb} MB, ${await history.count()} journals, ${seconds()} s`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    done.failures.push({ drawn, why });
    console.log(`FAILED ${whatOf(drawn)}, ${seconds()} s: ${why}`);
  }
  remember(stateFile, done);
}
