// Faults: each playbook with each fault at each of its phases. A run comes to its goal, or stops safely and tells the cause in one
// line, with the cluster quorate wherever the fault itself left it so; and once the fault is undone it comes to its goal. In
// pieces: the same seed goes on where it stopped, first with what failed.
//
//   npm run campaign:faults -- --combinations 100 --seed 7 --only add-member --faults cut,fill --minutes 15
import { parseArgs } from 'node:util';
import { scenarios } from '../e2e/playbooks/scenarios.ts';
import { labNamed, succeeded } from '../support/lab.ts';
import { choose } from './faults/choose.ts';
import { type Combination, combine, type Outcome, rehearsal, textOf } from './faults/combination.ts';
import { kinds } from './faults/kinds.ts';
import { LAB_OPTIONS } from './faults/prepared.ts';
import { remember, remembered } from './progress-file.ts';
import { randomFrom, shuffled } from './random.ts';

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
const playbooks = Object.keys(scenarios).filter(name => only.length === 0 || only.includes(name));
const faultNames = Object.keys(kinds).filter(name => faults.length === 0 || faults.includes(name));

/** What is remembered between the pieces. */
interface Remembered {
  /** Of undisturbed runs, by playbook: their phases, and the nodes that have to do with them. */
  readonly phases: Record<string, { readonly phases: readonly string[]; readonly hosts: readonly string[] }>;
  readonly ran: (Combination & Outcome & { readonly seconds: number })[];
  failures: { readonly combination: Combination; readonly why: string }[];
}

const random = randomFrom(seed);
const done = remembered<Remembered>(stateFile, { phases: {}, ran: [], failures: [] });
// Another piece goes on with other draws.
for (let draw = 0; draw < done.ran.length; draw += 1) random();
const startMs = Date.now();
const deadlineMs = startMs + Number(values.minutes) * 60_000;
const goesOn = () => Date.now() < deadlineMs;
const struck = () => done.ran.filter(({ end }) => end !== 'not struck');

const lab = labNamed(values.lab);
await lab.lab('down');
try {
  succeeded(await lab.lab('up', ...LAB_OPTIONS));
  succeeded(await lab.lab('checkpoint', 'base'));
  console.log(
    `campaign faults, seed ${seed}: ${playbooks.length} playbooks, ${faultNames.length} faults; so far ${struck().length} combinations`,
  );
  for (const { combination } of done.failures.splice(0)) {
    if (goesOn()) await attempt(combination);
    else done.failures.push({ combination, why: 'failed, and was not tried again yet' });
  }
  for (const playbook of shuffled(playbooks, random)) {
    if (done.phases[playbook] || !goesOn()) continue;
    done.phases[playbook] = await rehearsal(lab, playbook);
    remember(stateFile, done);
  }
  while (struck().length < wanted && goesOn()) {
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

function candidates(): readonly Combination[] {
  return playbooks.flatMap(playbook => {
    const { phases = [], hosts = [] } = done.phases[playbook] ?? {};
    return faultNames.flatMap(fault =>
      (kinds[fault]?.strikes === 'nodes' ? hosts : ['headnode']).flatMap(host =>
        phases.map(phase => ({ playbook, fault, host, phase })),
      ),
    );
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
