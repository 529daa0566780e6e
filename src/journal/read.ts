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

/** Reads a run's journal. Throws Failure `file-not-found`, or `invalid-value` where it is none or of a newer version. */
export async function readJournal(state: string, run: string): Promise<JournalContents> {
  const path = join(state, 'runs', run, JOURNAL_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('file-not-found', `there is no journal of run ${run} (${path})`, { cause });
  });
  const lines = text.split('\n');
  // A whole file ends with a line end, so what follows the last one is empty or torn.
  const torn = lines.pop() !== '';
  const [first = '', ...rest] = lines;
  const header = parse(first, path, 1);
  if (!isHeader(header)) throw new Failure('invalid-value', `${path} is not a journal`);
  if (header.journal > VERSION) {
    const hint = 'use the version of quorate that wrote it, or a newer one';
    throw new Failure('invalid-value', `${path} has format ${header.journal}; this version knows ${VERSION}`, { hint });
  }
  return { header, events: rest.map((line, index) => eventOf(line, path, index + 2)), torn };
}

function eventOf(line: string, path: string, number: number): StampedEvent {
  const value = parse(line, path, number);
  if (!isEvent(value)) throw new Failure('invalid-value', `${path}:${number} is not an event`);
  return value;
}

function parse(line: string, path: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Failure('invalid-value', `${path}:${number} is not a line of a journal`, { cause });
  }
}

function isHeader(value: unknown): value is Header {
  return typeof value === 'object' && value !== null && 'journal' in value && typeof value.journal === 'number';
}

/** Whole lines are ours: events were written by `openJournal`, of this version. */
function isEvent(value: unknown): value is StampedEvent {
  return typeof value === 'object' && value !== null && 'type' in value && 'sequence' in value;
}
