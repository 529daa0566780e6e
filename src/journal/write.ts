import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { StampedEvent, View } from '../core/event.ts';
import type { About, Header } from './format.ts';
import { JOURNAL_FILE, VERSION } from './format.ts';

/** The journal of a run: a line for each event, there before what the event announces is done. */
export interface Journal extends View {
  /** The folder of the run: `<state>/runs/<run>`. */
  readonly folder: string;
}

/**
 * Begins a run's journal below `state`; throws the file system's error where that can't be. Only its owner may read it:
 * results may tell more than a log should. Synchronous on purpose: an intent is on the disk before the change begins.
 */
export function openJournal(state: string, run: string, about: About): Journal {
  const folder = join(state, 'runs', run);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = openSync(join(folder, JOURNAL_FILE), 'ax', 0o600);
  const header: Header = { journal: VERSION, run, about };
  writeLine(file, header);
  fsyncSync(file);
  syncFolder(folder);
  return journalOn(file, folder);
}

/** Goes on with a run's journal, after its last whole line: a torn one was never read by anybody. */
export function continueJournal(state: string, run: string): Journal {
  const folder = join(state, 'runs', run);
  const path = join(folder, JOURNAL_FILE);
  const whole = readFileSync(path).lastIndexOf(10) + 1;
  const file = openSync(path, 'a', 0o600);
  ftruncateSync(file, whole);
  fsyncSync(file);
  return journalOn(file, folder);
}

function journalOn(file: number, folder: string): Journal {
  let open = true;
  return {
    folder,
    event: event => {
      writeLine(file, event);
      if (isKept(event)) fsyncSync(file);
    },
    close: async () => {
      if (!open) return;
      open = false;
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** Intents, results and decisions survive a power cut; progress and the like need not. */
function isKept({ type }: StampedEvent): boolean {
  switch (type) {
    case 'run-started':
    case 'resumed':
    case 'consent':
    case 'decided':
    case 'include-entered':
    case 'changing':
    case 'ended':
    case 'run-ended':
      return true;
    default:
      return false;
  }
}

/** One write a line, so that a full disk or a kill leaves at most the last line torn. */
function writeLine(file: number, value: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

/** So that the file's name survives a power cut, too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
