// One run with one fault at one of its phases: it comes to its goal, or it stops safely and says why, and once the fault is
// undone it comes to its goal.
import type { StampedEvent } from '../../../src/core/event.ts';
import { succeeded, type TestLab } from '../../support/lab.ts';
import { disturb, isActive, type LabRun } from '../../support/runs.ts';
import { beginsWithQuorum, MEMBERS } from '../prepare.ts';
import { checkGap, checkGoal, checkWords, mustTakeWrites, someVoters, takesWrites } from './judge.ts';
import { type FaultKind, kinds } from './kinds.ts';
import { phasesOf } from './phases.ts';
import { observed, type Prepared, peakMb, prepare, waitsOf } from './prepared.ts';

export interface Combination {
  readonly playbook: string;
  readonly fault: string;
  /** Where it strikes; `headnode` for what is no host. */
  readonly host: string;
  readonly phase: string;
}

export interface Outcome {
  /** `not struck`: the phase did not come, or there was nothing that the fault could harm. */
  readonly end: 'goal' | 'resumed' | 'ran again' | 'refused' | 'not struck';
  /** What the first run ended with. */
  readonly exitCode: number;
  /** Its last words, and those of what followed. */
  readonly said: readonly string[];
  readonly longestGapMs: number;
  /** Of any process of quorate. */
  readonly peakMb: number;
}

/** Ends that a run may come to: its goal, a task that failed, an unreachable host, a refusal, a lock. */
const SAFE = [0, 4, 5, 6, 7];
/** With what a run ends whose host died, by the signal or by what `lab exec` answers. */
const DIED = [4, 128, 137, 143, 255];

/** A state of the cluster that a run cannot bring to the goal without a person's decision, and that it says so. */
const NEEDS_A_DECISION = /^the copy \S+ must not be put back on node\d{3}: the leader has changed since it was taken/;

export const textOf = ({ playbook, fault, host, phase }: Combination): string =>
  `${playbook}, ${fault}${host === 'headnode' ? '' : ` ${host}`}, ${phase}`;

/** Throws with what is wrong; the fault is undone all the same. */
export async function combine(lab: TestLab, combination: Combination): Promise<Outcome> {
  const kind = kindOf(combination.fault);
  const { host } = combination;
  const prepared = await prepare(lab, combination.playbook);
  if (beginsWithQuorum(combination.playbook)) succeeded(await lab.lab('writer', 'start'));
  const { run, struck, stopped } = await strikeAt(lab, combination, prepared);
  if (!struck) return { end: 'not struck', exitCode: run.exitCode, said: [run.said], longestGapMs: 0, peakMb: 0 };
  const gone = kind.takesVoter ? [host] : [];
  let keptQuorum = false;
  try {
    const ends = kind.runGoesOn ? SAFE : [...SAFE, ...DIED];
    if (!ends.includes(run.exitCode)) throw new Error(`it ended with ${run.exitCode}: ${run.said}`);
    if (run.exitCode !== 0 && kind.runGoesOn) checkWords(run, kind.strikes === 'nodes' ? host : undefined, kind.says);
    keptQuorum = mustTakeWrites(await someVoters(lab, gone), gone, stopped);
    if (keptQuorum) await takesWrites(lab, gone, 'under the fault');
  } finally {
    await kind.undo(lab, host, prepared.scenario.inOverlay ?? prepared.scenario.voters);
  }
  if (beginsWithQuorum(combination.playbook)) await takesWrites(lab, [], 'after the fault');
  const said = [`it ended with ${run.exitCode}: ${run.said}`];
  const end = run.exitCode === 0 ? 'goal' : await goOn(lab, prepared, said);
  const longestGapMs = await checkGoal(lab, prepared, kind);
  if (keptQuorum && end !== 'refused') checkGap(longestGapMs, prepared, kind);
  return { end, exitCode: run.exitCode, said, longestGapMs, peakMb: await peakMb(lab) };
}

/** A run with its fault; `stopped` are the nodes that the playbook itself had stopped by then. */
async function strikeAt(
  lab: TestLab,
  { fault, host, phase }: Combination,
  prepared: Prepared,
): Promise<{ readonly run: LabRun; readonly struck: boolean; readonly stopped: readonly string[] }> {
  let struck = false;
  let stopped: readonly string[] = [];
  const phaseOf = phasesOf();
  const isPhase = (event: StampedEvent) => phaseOf(event) === phase;
  const run = await disturb(lab, observed('run', ...prepared.words), isPhase, async () => {
    stopped = await inactive(lab, prepared, phase);
    struck = await kindOf(fault).strike(lab, host);
  });
  return { run, struck, stopped };
}

/** What an undisturbed run tells of a scenario. */
export interface Course {
  readonly phases: readonly string[];
  /** The nodes that have to do with it. */
  readonly hosts: readonly string[];
}

export async function undisturbed(lab: TestLab, playbook: string): Promise<Course> {
  const prepared = await prepare(lab, playbook);
  const phases: string[] = [];
  const phaseOf = phasesOf();
  const note = (event: StampedEvent) => {
    const phase = phaseOf(event);
    if (phase !== undefined) phases.push(phase);
    return false;
  };
  const run = await disturb(lab, observed('run', ...prepared.words), note, async () => undefined);
  if (run.exitCode !== 0) throw new Error(`undisturbed, ${playbook} ended with ${run.exitCode}: ${run.said}`);
  await checkGoal(lab, prepared);
  const members = Array.from({ length: MEMBERS }, (_, i) => `node00${i + 1}`);
  return { phases, hosts: await thatAnswer(lab, [...new Set([...members, ...prepared.subjects])].sort()) };
}

/** A node that the scenario itself lost can be struck by nothing, and nothing may bring it back. */
async function thatAnswer(lab: TestLab, nodes: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(nodes.map(async node => (await lab.exec(node, ['true'])).exitCode === 0));
  return nodes.filter((_, index) => answers[index]);
}

/** Each fault at each of its hosts and phases, but for those of `faults` that are not named. */
export function combinationsOf(
  playbook: string,
  { phases, hosts }: Course,
  faults: readonly string[],
): readonly Combination[] {
  return faults.flatMap(fault =>
    (kindOf(fault).strikes === 'nodes' ? hosts : ['headnode']).flatMap(host =>
      phases.map(phase => ({ playbook, fault, host, phase })),
    ),
  );
}

export function kindOf(fault: string): FaultKind {
  const kind = kinds[fault];
  if (!kind) throw new Error(`there is no fault ${fault}; there are ${Object.keys(kinds).join(', ')}`);
  return kind;
}

/** By `resume`, or where nothing was begun, or the resume does not come to the goal either, by running it again. */
async function goOn(lab: TestLab, { words }: Prepared, said: string[]): Promise<Outcome['end']> {
  const resumed = await quorate(lab, 'resume');
  said.push(`resume ended with ${resumed.exitCode}: ${resumed.said}`);
  if (resumed.exitCode === 0) return 'resumed';
  if (resumed.exitCode !== 2) checkWords(resumed, undefined, /./);
  const again = await quorate(lab, 'run', ...words);
  said.push(`run again ended with ${again.exitCode}: ${again.said}`);
  if (again.exitCode === 0) return 'ran again';
  if (NEEDS_A_DECISION.test(again.said)) {
    const decided = await decide(lab, again.said);
    said.push(`what it says to type ended with ${decided.exitCode}: ${decided.said}`);
    if (decided.exitCode === 0) return 'refused';
  }
  throw new Error(`with the fault undone it does not come to its goal: ${said.join(' | ')}`);
}

/** The decision is to do what the refusal says to type. */
async function decide(lab: TestLab, said: string): Promise<LabRun> {
  const [, playbook = '', input = ''] = /quorate run ([\w-]+) -e (node=node\d{3})$/m.exec(said) ?? [];
  const inputs = [input, ...(await waitsOf(playbook))];
  return quorate(lab, 'run', playbook, ...inputs.flatMap(one => ['-e', one]));
}

function quorate(lab: TestLab, ...words: readonly string[]): Promise<LabRun> {
  return disturb(
    lab,
    observed(...words),
    () => false,
    async () => undefined,
  );
}

/** The nodes that the run is about whose etcd is stopped at the moment, or may be stopped in this moment. */
async function inactive(lab: TestLab, { subjects }: Prepared, phase: string): Promise<readonly string[]> {
  if (phase.startsWith('changing')) return subjects;
  const active = await Promise.all(subjects.map(node => isActive(lab, node)));
  return subjects.filter((_, index) => !active[index]);
}
