// Kill anywhere: each playbook is killed with SIGKILL at boundaries of its journal and at random instants, again and again
// within one run, resumed each time, and must come to the end of an undisturbed run, with nothing made twice and no
// acknowledged write lost. In pieces: the same seed goes on where it stopped.
//
//   npm run campaign:kill -- --kills 200 --seed 7 --only add-member,remove-member --minutes 30
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scenarios } from '../e2e/playbooks/scenarios.ts';
import { type Finished, labNamed, succeeded } from '../support/lab.ts';
import { type EndState, endState } from './end-state.ts';
import { remember, remembered } from './progress-file.ts';
import { randomFrom, shuffled } from './random.ts';

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
  },
});
const seed = Number(values.seed);
const wanted = Number(values.kills);
const stateFile = values.state ?? `.campaigns/kill-${seed}.json`;
const only = values.only.split(',').filter(Boolean);
const playbooks = Object.keys(scenarios).filter(name => only.length === 0 || only.includes(name));

/** What is remembered between the pieces. */
interface Remembered {
  /** Boundaries at which a run was killed already, by scenario. */
  readonly covered: Record<string, readonly string[]>;
  kills: number;
  chains: number;
  failures: string[];
  longestGapMs: number;
}

const MEMBERS = 3;
const NODES = ['node001', 'node002', 'node003', 'node004', 'node005'];
const COVERED = '/root/covered';
/** A run that was killed before this line was begun by nobody. */
const HAS_BEGUN = `grep -qs '"type":"run-started"' /root/.local/state/quorate/runs/*/journal.jsonl`;
const random = randomFrom(seed);
const done = remembered<Remembered>(stateFile, { covered: {}, kills: 0, chains: 0, failures: [], longestGapMs: 0 });
const startMs = Date.now();
const deadlineMs = startMs + Number(values.minutes) * 60_000;
const undisturbed = new Map<string, { readonly end: EndState; readonly seconds: number }>();

const lab = labNamed(values.lab);
await lab.lab('down');
try {
  succeeded(await lab.lab('up', '--nodes', String(NODES.length), '--members', String(MEMBERS)));
  await lab.must('headnode', ['tee', '/root/kill-at.mjs'], await text('./kill-at.mjs'));
  succeeded(await lab.lab('checkpoint', 'base'));
  console.log(`campaign kill, seed ${seed}: ${playbooks.length} playbooks, ${wanted} kills; so far ${done.kills}`);
  while (done.kills < wanted && Date.now() < deadlineMs && done.failures.length === 0) {
    for (const playbook of shuffled(playbooks, random)) {
      if (done.kills >= wanted || Date.now() >= deadlineMs) break;
      await chain(playbook).catch(error => fail(playbook, String(error instanceof Error ? error.message : error)));
      remember(stateFile, done);
    }
  }
} finally {
  if (done.failures.length === 0) await lab.lab('down');
  else console.log(`the lab is left as it is: quorate lab exec --name ${values.lab} headnode -- quorate runs`);
}
const minutes = ((Date.now() - startMs) / 60_000).toFixed(1);
const boundaries = Object.values(done.covered).reduce((sum, keys) => sum + keys.length, 0);
console.log(
  `campaign kill, seed ${seed}: ${done.kills} kills in ${done.chains} runs of ${Object.keys(done.covered).length} playbooks, ` +
    `at ${boundaries} different boundaries; ${done.failures.length} failed; longest write gap ${done.longestGapMs} ms; ${minutes} min`,
);
process.exitCode = done.failures.length > 0 || done.kills < wanted ? 1 : 0;

function fail(playbook: string, why: string): void {
  done.failures.push(`${playbook}: ${why}`);
  console.log(`FAILED ${playbook}: ${why}`);
}

function text(path: string): Promise<string> {
  return readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
}

/** The cluster as a scenario wants it; answers the words of its run. */
async function prepared(playbook: string): Promise<{ readonly words: readonly string[]; readonly asked: string }> {
  const scenario = scenarios[playbook]?.(MEMBERS);
  if (!scenario) throw new Error(`no scenario for ${playbook}`);
  succeeded(await lab.lab('restore', 'base'));
  const found = await scenario.before?.(lab);
  const inputs = [...(scenario.inputs ?? []), ...(found ?? [])];
  const words = inputs.flatMap(input => (input.startsWith('--') ? input.split(' ') : ['-e', input]));
  const asked = scenario.voters.find(node => scenario.inOverlay?.includes(node) ?? true) ?? 'node001';
  return { words: [playbook, ...words], asked };
}

/** How an undisturbed run ends, found out once. */
async function reference(playbook: string): Promise<{ readonly end: EndState; readonly seconds: number }> {
  const known = undisturbed.get(playbook);
  if (known) return known;
  const { words, asked } = await prepared(playbook);
  const begunMs = Date.now();
  succeeded(await lab.exec('headnode', ['quorate', 'run', ...words, '--yes', '--json']));
  const found = { end: await settled(asked), seconds: (Date.now() - begunMs) / 1000 };
  undisturbed.set(playbook, found);
  return found;
}

/** One run, killed again and again, and resumed to its end. */
async function chain(playbook: string): Promise<void> {
  const { end, seconds } = await reference(playbook);
  const { words, asked } = await prepared(playbook);
  succeeded(await lab.lab('writer', 'start'));
  await lab.must('headnode', ['tee', COVERED], (done.covered[playbook] ?? []).map(key => `${key}\n`).join(''));
  const begunMs = Date.now();
  let kills = 0;
  let last: Finished | undefined;
  let begun = false;
  while (last?.exitCode !== 0) {
    const spare = kills < Number(values.chain) && done.kills + kills < wanted;
    const argv = begun ? ['quorate', 'resume', '--yes', '--json'] : ['quorate', 'run', ...words, '--yes', '--json'];
    last = await lab.exec('headnode', spare ? disturbed(argv, seconds) : argv);
    begun ||= (await lab.exec('headnode', ['sh', '-c', HAS_BEGUN])).exitCode === 0;
    if (last.exitCode === 0) break;
    if (last.exitCode !== 137)
      throw new Error(`after ${kills} kills it ended with ${last.exitCode}: ${lastLines(last)}`);
    kills += 1;
  }
  await compare(playbook, end, asked);
  const covered = (await lab.must('headnode', ['cat', COVERED])).split('\n').filter(Boolean);
  done.covered[playbook] = covered;
  done.kills += kills;
  done.chains += 1;
  console.log(
    `${playbook}: killed ${kills} times, the same end after ${Math.round((Date.now() - begunMs) / 1000)} s ` +
      `(undisturbed: ${Math.round(seconds)} s); ${covered.length} boundaries so far`,
  );
}

/** The command with a death of its own: mostly at a boundary of the journal, some of them in the middle of a line. */
function disturbed(argv: readonly string[], seconds: number): readonly string[] {
  const way = random();
  if (way < 0.25) return ['timeout', '--signal=KILL', (0.3 + random() * seconds).toFixed(2), ...argv];
  return [
    'env',
    'NODE_OPTIONS=--import=/root/kill-at.mjs',
    `QUORATE_KILL_COVERED=${COVERED}`,
    `QUORATE_KILL_ANYWHERE=${way < 0.5 ? 'yes' : 'no'}`,
    `QUORATE_KILL_SKIP=${Math.floor(random() * (way < 0.5 ? 20 : 3))}`,
    `QUORATE_KILL_TORN=${random() < 0.3 ? 'yes' : 'no'}`,
    ...argv,
  ];
}

/** Waits until nothing moves any more, and tells what is. */
async function settled(asked: string): Promise<EndState> {
  let before = '';
  for (let look = 0; look < 30; look += 1) {
    const now = await endState(lab, NODES, asked);
    if (JSON.stringify(now) === before) return now;
    before = JSON.stringify(now);
  }
  throw new Error(`it does not come to rest: ${before}`);
}

async function compare(playbook: string, wantedEnd: EndState, asked: string): Promise<void> {
  succeeded(await lab.lab('writer', 'stop'));
  const end = await settled(asked);
  const differing = Object.keys(wantedEnd).filter(key => textOf(wantedEnd, key) !== textOf(end, key));
  if (differing.length > 0) {
    const told = differing.map(key => `${key} is ${textOf(end, key)} and was ${textOf(wantedEnd, key)}`);
    throw new Error(`another end than that of an undisturbed run: ${told.join('; ')}`);
  }
  if (scenarios[playbook]?.(MEMBERS).inOverlay) return;
  const written = JSON.parse((await lab.lab('writer', 'check', '--json')).stdout);
  if (written.lost !== 0 || !written.hashesEqual)
    throw new Error(`acknowledged writes are lost: ${JSON.stringify(written)}`);
  done.longestGapMs = Math.max(done.longestGapMs, written.longestGapMs);
}

function textOf(state: EndState, key: string): string {
  return JSON.stringify(Object.entries(state).find(([name]) => name === key)?.[1]);
}

function lastLines({ stdout, stderr }: Finished): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-3).join('\n').slice(-2000);
}
