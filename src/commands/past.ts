import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult, StampedEvent } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import { type Header, JOURNAL_FILE } from '../journal/format.ts';
import { headerIn, type JournalContents, readJournal } from '../journal/read.ts';
import type { Io } from './io.ts';
import { isLocked } from './state.ts';

/** `unfinished`: it was killed. `unreadable`: its journal is damaged or of another format. */
export type PastOutcome = RunResult | 'running' | 'unfinished' | 'unreadable';

/** A run of the past, in short. */
export interface PastRun {
  readonly run: string;
  readonly outcome: PastOutcome;
  readonly playbook: string;
  readonly user: string;
  readonly host: string;
  readonly begunAtMs: number;
  readonly lastAtMs: number;
}

/** The runs that a state directory remembers, the newest first. */
export async function pastRuns(state: string): Promise<readonly PastRun[]> {
  const names = await readdir(join(state, 'runs')).catch(() => []);
  const runs = await Promise.all(names.map(async name => await pastRun(state, name)));
  return runs.filter(run => run !== undefined).sort((a, b) => b.begunAtMs - a.begunAtMs || (a.run < b.run ? 1 : -1));
}

/** A run's journal; where it cannot be read, says why and gives undefined. */
export async function journalOf(io: Io, state: string, run: string): Promise<JournalContents | undefined> {
  try {
    return await readJournal(state, run);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const hint = error.hint === undefined ? '' : `  → ${error.hint}\n`;
    io.err.write(`quorate: ${error.message} [${error.code}]\n${hint}`);
    return undefined;
  }
}

/**
 * The newest run that did not come to its goal and that nobody is at; else the newest that goes on, as far as can be told: its
 * lock then says who is at it.
 */
export async function newestUnfinished(state: string): Promise<string | undefined> {
  const runs = await pastRuns(state);
  return (runs.find(isResumable) ?? runs.find(({ outcome }) => outcome === 'running'))?.run;
}

function isResumable({ outcome }: PastRun): boolean {
  return outcome !== 'done' && outcome !== 'running' && outcome !== 'unreadable';
}

/** The end of a journal; what stands before it need not be read for a list. */
const TAIL_BYTES = 65_536;

async function pastRun(state: string, run: string): Promise<PastRun | undefined> {
  const folder = join(state, 'runs', run);
  const path = join(folder, JOURNAL_FILE);
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size, birthtimeMs, mtimeMs } = await file.stat();
    const lines = file.readLines({ autoClose: false, start: 0 });
    const head: string[] = [];
    for await (const line of lines) if (head.push(line) === 2) break;
    const at = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(TAIL_BYTES), position: at });
    const last = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .slice(at > 0 ? 1 : 0, -1)
      .at(-1);
    const header = readable(head[0] ?? '', path);
    if (!header) {
      return {
        run,
        outcome: 'unreadable',
        playbook: '',
        user: '',
        host: '',
        begunAtMs: birthtimeMs,
        lastAtMs: mtimeMs,
      };
    }
    const { playbook, user, host } = header.about;
    const ended = last === undefined ? undefined : eventIn(last);
    const outcome = (await isLocked(folder)) ? 'running' : ended?.type === 'run-ended' ? ended.outcome : 'unfinished';
    const begunAtMs = eventIn(head[1] ?? '')?.atMs ?? birthtimeMs;
    return { run, outcome, playbook, user, host, begunAtMs, lastAtMs: ended?.atMs ?? mtimeMs };
  } finally {
    await file.close();
  }
}

function readable(line: string, path: string): Header | undefined {
  try {
    return headerIn(line, path);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** What `openJournal` wrote; undefined for a line that is cut off. */
function eventIn(line: string): StampedEvent | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === 'object' && event !== null && 'atMs' in event ? (event as StampedEvent) : undefined;
  } catch {
    return undefined;
  }
}
