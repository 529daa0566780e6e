import type { Json } from '../core/value.ts';

/** The format of journals; a reader refuses a newer one. Since 2 a run can be gone on with. */
export const VERSION = 2;

/** The file's name in the folder of its run. */
export const JOURNAL_FILE = 'journal.jsonl';

/** What makes the same plan again, and who made it. Secrets are left out or masked. */
export interface About {
  /** The version of quorate. */
  readonly version: string;
  readonly user: string;
  /** The machine it ran on. */
  readonly host: string;
  /** The working directory, which relative paths start from. */
  readonly cwd: string;
  /** As it was named: a path, or a shipped playbook's name. */
  readonly playbook: string;
  readonly options: {
    readonly inventory?: string;
    readonly limit?: string;
    readonly tags?: readonly string[];
    readonly skipTags?: readonly string[];
    readonly modules?: readonly string[];
    readonly allow?: readonly string[];
    readonly forks: number;
  };
  /** What `-e` gave, less what is secret. */
  readonly inputs: { readonly [name: string]: Json };
  /** The names of inputs that were given and are secret: a resume asks for them again. */
  readonly secrets: readonly string[];
  /** The playbook's text, and that of each file it includes, by path; a shipped one's begins with `playbooks/`. */
  readonly files: { readonly [path: string]: string };
  /** The hosts and groups that it began with. */
  readonly inventory: {
    readonly origin: string;
    readonly hosts: readonly { readonly name: string; readonly address: string; readonly [field: string]: Json }[];
    readonly groups: { readonly [name: string]: readonly string[] };
  };
}

/** A journal's first line; every other line is an event. */
export interface Header {
  /** The format's version. */
  readonly journal: number;
  readonly run: string;
  readonly about: About;
}
