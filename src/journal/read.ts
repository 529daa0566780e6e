import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StampedEvent } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import { type Header, JOURNAL_FILE, VERSION } from './format.ts';

/** What a run left behind. */
export interface JournalContents {
  readonly header: Header;
  /** In order. */
  readonly events: readonly StampedEvent[];
  /** True where the last line is torn: the run was killed, or its disk was full, while it was written. */
  readonly torn: boolean;
}

/**
 * Reads a run's journal. Throws Failure `file-not-found` where there is none, and `invalid-journal` where it is none, is of
 * another format than this version can go on with, or a line in it is damaged.
 */
export async function readJournal(state: string, run: string): Promise<JournalContents> {
  const path = join(state, 'runs', run, JOURNAL_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('file-not-found', `there is no journal of run ${run} (${path})`, {
      hint: 'quorate runs lists the runs that there are',
      cause,
    });
  });
  const lines = text.split('\n');
  // A whole file ends with a line end, so what follows the last one is empty or torn.
  const torn = lines.pop() !== '';
  const [first = '', ...rest] = lines;
  const header = headerIn(first, path);
  const events = rest.map((line, index) => eventOf(line, path, index + 2));
  events.forEach((event, index) => {
    if (event.sequence === index + 1) return;
    throw damaged(path, index + 2, `it is event ${event.sequence}, and event ${index + 1} was to come`);
  });
  return { header, events, torn };
}

/** The first line of a journal. Throws as `readJournal` does. */
export function headerIn(line: string, path: string): Header {
  const header = parse(line, path, 1);
  if (!isHeader(header)) throw new Failure('invalid-journal', `${path} is not a journal`);
  if (header.journal === VERSION) return header;
  const hint =
    header.journal > VERSION ? 'use the version of quorate that wrote it, or a newer one' : 'run the playbook anew';
  throw new Failure('invalid-journal', `${path} has format ${header.journal}; this version knows ${VERSION}`, { hint });
}

function eventOf(line: string, path: string, number: number): StampedEvent {
  const value = parse(line, path, number);
  if (isEvent(value)) return value;
  throw damaged(path, number, 'it is not an event');
}

function parse(line: string, path: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged(path, number, 'it is not JSON');
  }
}

/** Only the last line can be torn by a kill; damage elsewhere is somebody else's. */
function damaged(path: string, line: number, why: string): Failure {
  return new Failure('invalid-journal', `${path}:${line} is damaged: ${why}`, {
    hint: 'look at the cluster with quorate status, and run the playbook anew: it looks at what is before it changes anything',
  });
}

function isHeader(value: unknown): value is Header {
  return typeof value === 'object' && value !== null && 'journal' in value && typeof value.journal === 'number';
}

/** Whole lines are ours: events were written by `openJournal`, of this version. */
function isEvent(value: unknown): value is StampedEvent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'sequence' in value &&
    typeof value.sequence === 'number'
  );
}
