// Runs on a practice cluster that are killed again and again, resumed each time, and compared with undisturbed ones.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Finished, succeeded, type TestLab } from '../support/lab.ts';
import { type EndState, endState } from './end-state.ts';
import type { KillProgress } from './kill-progress.ts';
import { BASE, keepsWrites, MEMBERS, prepared } from './prepare.ts';

const NODES = ['node001', 'node002', 'node003', 'node004', 'node005'];
const KILL_AT = '/root/kill-at.mjs';
const COVERED = '/root/covered';
/** A process that is to die at a random instant dies within so many seconds: the next one begins where it was. */
const LONGEST_S = 40;
/** A run that was killed before this line was begun by nobody. */
const HAS_BEGUN = `grep -qs '"type":"run-started"' /root/.local/state/quorate/runs/*/journal.jsonl`;

/** A lab as these runs need it, with the checkpoint that they begin with. */
export async function makeLab(lab: TestLab): Promise<void> {
  await lab.lab('down');
  succeeded(await lab.lab('up', '--nodes', String(NODES.length), '--members', String(MEMBERS)));
  const killer = await readFile(fileURLToPath(new URL('./kill-at.mjs', import.meta.url)), 'utf8');
  await lab.must('headnode', ['tee', KILL_AT], killer);
  succeeded(await lab.lab('checkpoint', BASE));
}

interface Undisturbed {
  readonly end: EndState;
  readonly seconds: number;
}

interface Killing {
  /**
   * One run of a scenario, killed at most so often, and resumed to its end; answers what happened, in a line. Throws where it
   * does not end as an undisturbed run does.
   */
  chain(playbook: string, most: number): Promise<string>;
}

/** What was done is added to `done`; boundaries at which it says that a run was killed already are left for later. */
export function killing(lab: TestLab, random: () => number, done: KillProgress): Killing {
  const undisturbed = new Map<string, Undisturbed>();

  /** How an undisturbed run ends, found out once. */
  async function reference(playbook: string): Promise<Undisturbed> {
    const known = undisturbed.get(playbook);
    if (known) return known;
    const { words, asked } = await prepared(lab, playbook, MEMBERS);
    const begunMs = Date.now();
    succeeded(await lab.exec('headnode', ['quorate', 'run', ...words, '--yes', '--json']));
    const found = { end: await settled(asked), seconds: (Date.now() - begunMs) / 1000 };
    undisturbed.set(playbook, found);
    return found;
  }

  /** One run, killed again and again, and resumed to its end. */
  async function chain(playbook: string, most: number): Promise<string> {
    const { end, seconds } = await reference(playbook);
    const { words, asked } = await prepared(lab, playbook, MEMBERS);
    if (keepsWrites(playbook)) succeeded(await lab.lab('writer', 'start'));
    await lab.must('headnode', ['tee', COVERED], (done.covered[playbook] ?? []).map(key => `${key}\n`).join(''));
    const begunMs = Date.now();
    let kills = 0;
    let last: Finished | undefined;
    let begun = false;
    while (last?.exitCode !== 0) {
      const argv = begun ? ['quorate', 'resume', '--yes', '--json'] : ['quorate', 'run', ...words, '--yes', '--json'];
      last = await lab.exec('headnode', kills < most ? disturbed(argv, seconds) : argv);
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
    return (
      `${playbook}: killed ${kills} times, the same end after ${Math.round((Date.now() - begunMs) / 1000)} s ` +
      `(undisturbed: ${Math.round(seconds)} s); ${covered.length} boundaries so far`
    );
  }

  /** The command with a death of its own: mostly at a boundary of the journal, some of them in the middle of a line. */
  function disturbed(argv: readonly string[], seconds: number): readonly string[] {
    const way = random();
    if (way < 0.25)
      return ['timeout', '--signal=KILL', (0.3 + random() * Math.min(seconds, LONGEST_S)).toFixed(2), ...argv];
    return [
      'env',
      `NODE_OPTIONS=--import=${KILL_AT}`,
      `QUORATE_KILL_COVERED=${COVERED}`,
      `QUORATE_KILL_ANYWHERE=${way < 0.5 ? 'yes' : 'no'}`,
      `QUORATE_KILL_SKIP=${Math.floor(random() * (way < 0.5 ? 12 : 3))}`,
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
    if (keepsWrites(playbook)) succeeded(await lab.lab('writer', 'stop'));
    const end = await settled(asked);
    const differing = Object.keys(wantedEnd).filter(key => textOf(wantedEnd, key) !== textOf(end, key));
    if (differing.length > 0) {
      const told = differing.map(key => `${key} is ${textOf(end, key)} and was ${textOf(wantedEnd, key)}`);
      throw new Error(`another end than that of an undisturbed run: ${told.join('; ')}`);
    }
    if (!keepsWrites(playbook)) return;
    const written = JSON.parse((await lab.lab('writer', 'check', '--json')).stdout);
    if (written.lost !== 0 || !written.hashesEqual)
      throw new Error(`acknowledged writes are lost: ${JSON.stringify(written)}`);
    done.longestGapMs = Math.max(done.longestGapMs, written.longestGapMs);
  }

  return { chain };
}

function textOf(state: EndState, key: string): string {
  return JSON.stringify(Object.entries(state).find(([name]) => name === key)?.[1]);
}

function lastLines({ stdout, stderr }: Finished): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-3).join('\n').slice(-2000);
}
