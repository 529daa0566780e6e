import type { Json } from '../core/value.ts';

/** The format of journals; a reader refuses a newer one. */
export const VERSION = 1;

/** The file's name in the folder of its run. */
export const JOURNAL_FILE = 'journal.jsonl';

/** A journal's first line; every other line is an event. */
export interface Header {
  /** The format's version. */
  readonly journal: number;
  readonly run: string;
  /** What the command wants to remember of the run: who, when, with which version, by which command line. */
  readonly about: { readonly [key: string]: Json };
}
