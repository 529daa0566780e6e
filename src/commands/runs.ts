import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { historyOf } from '../views/history.ts';
import { painter } from '../views/paint.ts';
import { renderHistory, renderRuns } from '../views/runs.ts';
import { exit, type Io, wantsColour } from './io.ts';
import { journalOf, type PastRun, pastRuns } from './past.ts';
import { isLocked, stateDirectory } from './state.ts';

interface AsJson {
  readonly json?: true;
}

/** `quorate runs`. */
export async function listRuns(io: Io, { json }: AsJson): Promise<number> {
  const state = stateDirectory(io);
  const runs = await pastRuns(state);
  if (json) io.out.write(`${JSON.stringify(runs, undefined, 2)}\n`);
  else if (runs.length === 0) io.out.write(`no runs are remembered in ${state}\n`);
  else io.out.write(renderRuns(runs, painter(wantsColour(io.out, io.env))));
  return exit.done;
}

/** `quorate runs show RUN`. */
export async function showRun(io: Io, run: string, { json }: AsJson): Promise<number> {
  const state = stateDirectory(io);
  const journal = await journalOf(io, state, run);
  if (!journal) return exit.invalid;
  const { header, events, torn } = journal;
  const running = await isLocked(join(state, 'runs', run));
  const { version, user, host, playbook, inputs } = header.about;
  const history = { run, playbook, user, host, version, inputs, running, torn, ...historyOf(events) };
  if (json) io.out.write(`${JSON.stringify(history, undefined, 2)}\n`);
  else io.out.write(renderHistory(history, painter(wantsColour(io.out, io.env))));
  return exit.done;
}

interface PruneOptions extends AsJson {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly unfinished?: true;
}

const DAY_MS = 24 * 60 * 60_000;
/** Where neither a number nor an age is given. */
const KEEP = 50;

/** `quorate runs prune`: forgets runs that are done, the oldest first; others only where it is said. */
export async function pruneRuns(io: Io, options: PruneOptions): Promise<number> {
  const state = stateDirectory(io);
  const gone = toForget(await pastRuns(state), options, io.clock.now());
  for (const { run } of gone) await rm(join(state, 'runs', run), { recursive: true });
  if (options.json)
    io.out.write(
      `${JSON.stringify(
        gone.map(({ run }) => run),
        undefined,
        2,
      )}\n`,
    );
  else io.out.write(`${gone.map(({ run }) => `${run}\n`).join('')}${gone.length} forgotten\n`);
  return exit.done;
}

/** Of runs, the newest first, those that are to go. Never one that goes on. */
export function toForget(
  runs: readonly PastRun[],
  { keep, olderThan, unfinished }: PruneOptions,
  nowMs: number,
): readonly PastRun[] {
  const kept = keep ?? (olderThan === undefined ? KEEP : 0);
  const old = ({ lastAtMs }: PastRun) => olderThan === undefined || nowMs - lastAtMs > olderThan * DAY_MS;
  const may = ({ outcome }: PastRun) => outcome !== 'running' && (outcome === 'done' || unfinished === true);
  return runs.slice(kept).filter(run => may(run) && old(run));
}
