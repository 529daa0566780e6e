// Kill anywhere: each playbook is killed with SIGKILL at boundaries of its journal and at random instants, again and again
// within one run, resumed each time, and must come to the end of an undisturbed run, with nothing made twice and no
// acknowledged write lost. In pieces: the same seed goes on where it stopped.
//
//   npm run campaign:kill -- --kills 200 --seed 7 --only add-member,remove-member --minutes 30
//
// With --simulated nothing is really killed: the same on the model, by `quorate plan --simulate`, from the same states.
//
//   npm run campaign:kill -- --simulated 10000 --seed 7
import { parseArgs } from 'node:util';
import { labNamed } from '../support/lab.ts';
import { nothing } from './kill-progress.ts';
import { killing, makeLab } from './kill-runs.ts';
import { campaignScenarios } from './prepare.ts';
import { remember, remembered } from './progress-file.ts';
import { randomFrom, shuffled } from './random.ts';
import { simulatedFigures, simulatedKills, sum } from './simulated.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    kills: { type: 'string', default: '200' },
    /** At most so many in one run. */
    chain: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    minutes: { type: 'string', default: '600' },
    state: { type: 'string' },
    lab: { type: 'string', default: 'campaign-kill' },
    /** Else it stops at the first failure, and leaves the lab as it is then. */
    'keep-going': { type: 'boolean', default: false },
    simulated: { type: 'string' },
  },
});
const seed = Number(values.seed);
const wanted = Number(values.kills);
const simulated = values.simulated === undefined ? undefined : Number(values.simulated);
const stateFile = values.state ?? `.campaigns/${simulated === undefined ? 'kill' : 'simulated'}-${seed}.json`;
const only = values.only.split(',').filter(Boolean);
const playbooks = Object.keys(campaignScenarios).filter(name => only.length === 0 || only.includes(name));

const random = randomFrom(seed);
const done = remembered(stateFile, nothing());
const startMs = Date.now();
const deadlineMs = startMs + Number(values.minutes) * 60_000;

const lab = labNamed(values.lab);
try {
  await makeLab(lab);
  if (simulated === undefined) await reallyKill();
  else await simulatedKills({ lab, playbooks, kills: simulated, seed, deadlineMs, stateFile, done });
} finally {
  if (done.failures.length === 0 || values['keep-going']) await lab.lab('down');
  else console.log(`the lab is left as it is: quorate lab exec --name ${values.lab} headnode -- quorate runs`);
}
const minutes = ((Date.now() - startMs) / 60_000).toFixed(1);
if (simulated === undefined) {
  const boundaries = Object.values(done.covered).reduce((all, keys) => all + keys.length, 0);
  console.log(
    `campaign kill, seed ${seed}: ${done.kills} kills in ${done.chains} runs of ${Object.keys(done.covered).length} playbooks, ` +
      `at ${boundaries} different boundaries; ${done.failures.length} failed; longest write gap ${done.longestGapMs} ms; ${minutes} min`,
  );
} else console.log(`campaign kill, simulated, seed ${seed}: ${simulatedFigures(done)}; ${minutes} min`);
const missing = simulated === undefined ? done.kills < wanted : sum(done, 'kills') < simulated;
process.exitCode = done.failures.length > 0 || missing ? 1 : 0;

async function reallyKill(): Promise<void> {
  const { chain } = killing(lab, random, done);
  console.log(`campaign kill, seed ${seed}: ${playbooks.length} playbooks, ${wanted} kills; so far ${done.kills}`);
  const isOver = () =>
    done.kills >= wanted || Date.now() >= deadlineMs || (done.failures.length > 0 && !values['keep-going']);
  while (!isOver()) {
    for (const playbook of shuffled(playbooks, random)) {
      if (isOver()) break;
      const most = Math.min(Number(values.chain), wanted - done.kills);
      await chain(playbook, most).then(console.log, error =>
        fail(playbook, String(error instanceof Error ? error.message : error)),
      );
      remember(stateFile, done);
    }
  }
}

function fail(playbook: string, why: string): void {
  done.failures.push(`${playbook}: ${why}`);
  console.log(`FAILED ${playbook}: ${why}`);
}
