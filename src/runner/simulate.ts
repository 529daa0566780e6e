import { type Plan, tasksOfPlay } from '../core/plan.ts';
import type { KillPoint, SimulationFinding, SimulationReport } from '../core/simulation.ts';
import { Connections } from './connections.ts';
import type { RunDeps } from './deps.ts';
import { loginOfRun } from './login.ts';
import { randomFrom } from './random.ts';
import { nothingYet, type Remains, remainsKey, remainsOf } from './remains.ts';
import type { Remembered } from './remembered.ts';
import { compareEnds } from './same-end.ts';
import { type SimulatedPass, type Stage, simulatedPass } from './simulated-pass.ts';
import { turn } from './virtual-clock.ts';

export interface SimulateOptions {
  /** Random kills after the walk, resumes included; none by default. */
  readonly chains?: { readonly kills: number; readonly seed: number };
  /** Milliseconds that really pass. */
  readonly stopwatch: () => number;
}

/** Most kills of one run. */
const LONGEST = 15;
/** Of how many runs it is told where they were killed, for each way in which they end otherwise. */
const TOLD = 20;
/** Longer than a snapshot is worth something. */
const LATER_MS = 60 * 60_000;

/**
 * Kills the run after each line that its journal would have, on the cluster as it would be by then, and goes on with it: as
 * `resume` does, and as who runs the playbook anew. All in check mode by the same engine; a host is asked only what the
 * plan had not asked it. Undefined where it is stopped meanwhile.
 */
export async function simulate(
  plan: Plan,
  deps: RunDeps,
  remembered: Remembered,
  { chains, stopwatch }: SimulateOptions,
): Promise<SimulationReport | undefined> {
  const hosts = [...new Set(plan.plays.flatMap(play => play.hosts))];
  const connections = new Connections(
    deps.inventory,
    'simulation',
    (host, signal) => remembered.connect(host, signal),
    true,
  );
  connections.lookAs = loginOfRun(plan.plays.flatMap(play => [...tasksOfPlay(play)]));
  const stage: Stage = { plan, hosts, deps, connections, remembered };
  remembered.freeze();
  const begin = nothingYet(deps.clock.now());
  const undisturbed = await simulatedPass(stage, begin, true);
  const beganMs = stopwatch();
  const walk = new Walk(stage, undisturbed);
  if (undisturbed.outcome !== 'done') {
    await walk.resume([begin]);
    return { boundaries: 0, states: 0, ...walk.report(), durationMs: stopwatch() - beganMs };
  }
  const remains = remainsOf(undisturbed.log, begin);
  for (const one of remains) {
    if (deps.stop.aborted) return undefined;
    await walk.resume([one]);
    await walk.anew(one);
  }
  const durationMs = stopwatch() - beganMs;
  const states = walk.states;
  const told = chains && (await walkChains(walk, remains, chains, deps.stop));
  if (deps.stop.aborted) return undefined;
  return {
    boundaries: remains.reduce((sum, { lines }) => sum + lines, 0),
    states,
    ...(told ? { chains: { ...told, states: walk.states } } : {}),
    ...walk.report(),
    durationMs,
  };
}

/** A pass, and what it went on with: alike remains share it, whichever comes first. */
interface GoneOn {
  readonly from: Remains;
  readonly pass: SimulatedPass;
}

class Walk {
  readonly #stage: Stage;
  readonly #undisturbed: SimulatedPass;
  readonly #passes = new Map<string, GoneOn>();
  readonly #asks = new Map<string, KillPoint>();
  readonly #findings = new Map<string, SimulationFinding>();
  readonly #anew = new Map<string, SimulationFinding>();
  readonly #begunAnew = new Set<string>();
  #failed = 0;
  #untold = 0;
  #untoldAnew = 0;

  constructor(stage: Stage, undisturbed: SimulatedPass) {
    this.#stage = stage;
    this.#undisturbed = undisturbed;
  }

  /** How many remains were gone on with that a resume can tell from each other. */
  get states(): number {
    return this.#passes.size;
  }

  /** Goes on with the last remains of a run and compares the end. */
  async resume(chain: readonly Remains[], laterMs = 0): Promise<void> {
    const last = chain.at(-1);
    if (!last) return;
    const { pass } = await this.goOn(last, laterMs);
    if (pass.asked) this.#asks.set(JSON.stringify(last.killed), last.killed);
    this.#compare(pass, chain, false);
  }

  /** The pass that goes on with remains; those alike are gone on with once. */
  async goOn(from: Remains, laterMs: number): Promise<GoneOn> {
    const key = remainsKey({ ...from, atMs: from.atMs + laterMs });
    const known = this.#passes.get(key);
    if (known) return known;
    const made = { from, pass: await simulatedPass(this.#stage, from, false, laterMs) };
    this.#passes.set(key, made);
    return made;
  }

  /** Begins the playbook anew on what is there. */
  async anew(from: Remains): Promise<void> {
    const key = JSON.stringify([from.made, from.changes > 0, from.following]);
    if (this.#begunAnew.has(key)) return;
    this.#begunAnew.add(key);
    this.#compare(await simulatedPass(this.#stage, from, true), [from], true);
  }

  report(): Pick<SimulationReport, 'asks' | 'failed' | 'findings' | 'anew' | 'untold' | 'untoldAnew'> {
    const [findings, anew] = [[...this.#findings.values()], [...this.#anew.values()]];
    const [failed, untold, untoldAnew] = [this.#failed, this.#untold, this.#untoldAnew];
    return { asks: [...this.#asks.values()], failed, findings, anew, untold, untoldAnew };
  }

  #compare(pass: SimulatedPass, chain: readonly Remains[], anew: boolean): void {
    const { found, untold } = compareEnds(this.#undisturbed, pass, anew);
    if (untold && anew) this.#untoldAnew += 1;
    else if (untold) this.#untold += 1;
    const all = anew ? this.#anew : this.#findings;
    const killed = chain.map(one => one.killed);
    if (found.length > 0 && !anew) this.#failed += 1;
    for (const one of found) {
      const key = `${one.kind} ${one.message}`;
      const { times = 0, killed: before = [] } = all.get(key) ?? {};
      all.set(key, { ...one, times: times + 1, killed: times < TOLD ? [...before, killed] : before });
    }
  }
}

/** Runs that are killed at random, resumed, and killed again, until there were so many kills. */
async function walkChains(
  walk: Walk,
  first: readonly Remains[],
  { kills, seed }: { readonly kills: number; readonly seed: number },
  stop: AbortSignal,
) {
  const random = randomFrom(seed);
  let [done, runs, longest] = [0, 0, 0];
  while (done < kills && !stop.aborted) {
    const length = Math.min(1 + Math.floor(random() * LONGEST), kills - done);
    const chain: Remains[] = [];
    let remains = first;
    let laterMs = 0;
    while (chain.length < length) {
      const next = chosen(remains, random);
      chain.push(next);
      laterMs = random() < 0.2 ? LATER_MS : 0;
      if (chain.length < length) {
        const { from, pass } = await walk.goOn(next, laterMs);
        if (pass.outcome !== 'done') break;
        remains = remainsOf(pass.log, from);
      }
    }
    await walk.resume(chain, laterMs);
    done += chain.length;
    runs += 1;
    longest = Math.max(longest, chain.length);
    // A stop comes through here.
    await turn();
  }
  return { seed, kills: done, runs, longest };
}

/** One of them, by the lines of the journal. */
function chosen(remains: readonly Remains[], random: () => number): Remains {
  let left = random() * remains.reduce((sum, { lines }) => sum + lines, 0);
  const found = remains.find(({ lines }) => {
    left -= lines;
    return left < 0;
  });
  const last = found ?? remains.at(-1);
  if (!last) throw new Error('a run leaves something at each of its lines');
  return last;
}
