// Faults: each playbook with each fault at each of its phases. A run comes to its goal, or stops safely and tells the cause in one
// line, with the cluster quorate wherever the fault itself left it so; and once the fault is undone it comes to its goal. In
// pieces: the same seed goes on where it stopped, first with what failed.
//
//   npm run campaign:faults -- --combinations 100 --seed 7 --only add-member --faults cut,fill --minutes 15
import { parseArgs } from 'node:util';
import { choose } from './faults/choose.ts';
import {
  type Combination,
  type Course,
  combinationsOf,
  combine,
  type Outcome,
  textOf,
  undisturbed,
} from './faults/combination.ts';
import { kinds } from './faults/kinds.ts';
import { makeLab, scenarioOf } from './faults/prepared.ts';
import { campaignScenarios } from './prepare.ts';
import { remember, remembered } from './progress-file.ts';
import { quickLab } from './quick-lab.ts';
import { randomFrom } from './random.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    combinations: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    faults: { type: 'string', default: '' },
    minutes: { type: 'string', default: '600' },
    state: { type: 'string' },
    lab: { type: 'string', default: 'campaign-faults' },
  },
});
const listed = (text: string): readonly string[] => text.split(',').filter(Boolean);
const seed = Number(values.seed);
const wanted = Number(values.combinations);
const stateFile = values.state ?? `.campaigns/faults-${seed}.json`;
const only = listed(values.only);
const faults = listed(values.faults);
const playbooks = Object.keys(campaignScenarios).filter(name => only.length === 0 || only.includes(name));
const faultNames = Object.keys(kinds).filter(name => faults.length === 0 || faults.includes(name));

/** So many of the playbooks that are known, before the next one is run undisturbed. */
const COMBINATIONS_EACH = 3;

/** What is remembered between the pieces. */
interface Remembered {
  /** By playbook. */
  readonly courses: Record<string, Course>;
  readonly ran: (Combination & Outcome & { readonly seconds: number })[];
  failures: { readonly combination: Combination; readonly why: string }[];
}

const random = randomFrom(seed);
const done = remembered<Remembered>(stateFile, { courses: {}, ran: [], failures: [] });
// Another piece goes on with other draws.
for (let draw = 0; draw < done.ran.length; draw += 1) random();
const startMs = Date.now();
const deadlineMs = startMs + Number(values.minutes) * 60_000;
const goesOn = () => Date.now() < deadlineMs;
const struck = () => done.ran.filter(({ end }) => end !== 'not struck');

const lab = quickLab(values.lab);
try {
  await makeLab(lab);
  console.log(
    `campaign faults, seed ${seed}: ${playbooks.length} playbooks, ${faultNames.length} faults; so far ${struck().length} combinations`,
  );
  for (const { combination } of done.failures.splice(0)) {
    if (goesOn()) await attempt(combination);
    else done.failures.push({ combination, why: 'failed, and was not tried again yet' });
  }
  while (struck().length < wanted && goesOn()) {
    const playbook = nextToLearn();
    if (playbook !== undefined) {
      done.courses[playbook] = await undisturbed(lab, playbook);
      remember(stateFile, done);
    }
    const combination = choose(candidates(), done.ran, random);
    if (combination === undefined) break;
    await attempt(combination);
  }
} finally {
  await lab.lab('down');
}
const minutes = ((Date.now() - startMs) / 60_000).toFixed(1);
for (const { combination, why } of done.failures) console.log(`FAILED ${textOf(combination)}: ${why}`);
const count = (name: keyof Combination) => new Set(struck().map(one => one[name])).size;
const ended = (end: Outcome['end']) => struck().filter(one => one.end === end).length;
console.log(
  `campaign faults, seed ${seed}: ${struck().length} combinations of ${count('playbook')} playbooks, ${count('fault')} faults and ` +
    `${count('phase')} phases; ${ended('goal')} came to the goal at once, ${ended('resumed')} when resumed, ${ended('ran again')} when run again, ` +
    `${ended('refused')} were left to a decision; ${done.failures.length} failed; longest write gap ` +
    `${Math.max(0, ...struck().map(({ longestGapMs }) => longestGapMs))} ms; ${minutes} min`,
);
process.exitCode = done.failures.length > 0 || struck().length < wanted ? 1 : 0;

/** The playbook whose phases are to be found out next: one after each few combinations, the quickest first. */
function nextToLearn(): string | undefined {
  const known = playbooks.filter(name => done.courses[name]);
  if (known.length > 0 && struck().length < known.length * COMBINATIONS_EACH) return undefined;
  return playbooks
    .filter(name => !done.courses[name])
    .toSorted((a, b) => scenarioOf(a).seconds - scenarioOf(b).seconds)[0];
}

function candidates(): readonly Combination[] {
  return playbooks.flatMap(playbook => {
    const course = done.courses[playbook];
    return course === undefined ? [] : combinationsOf(playbook, course, faultNames);
  });
}

async function attempt(combination: Combination): Promise<void> {
  const begunMs = Date.now();
  const seconds = () => Math.round((Date.now() - begunMs) / 1000);
  try {
    const outcome = await combine(lab, combination);
    done.ran.push({ ...combination, ...outcome, seconds: seconds() });
    console.log(
      `${textOf(combination)}: ${outcome.end}, ${seconds()} s${outcome.said.map(line => `\n    ${line}`).join('')}`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    done.failures.push({ combination, why });
    console.log(`FAILED ${textOf(combination)}, ${seconds()} s: ${why}`);
  }
  remember(stateFile, done);
}
