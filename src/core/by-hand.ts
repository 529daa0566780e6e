/** One thing to be typed by whoever goes on by hand: a command line for a login shell of root on `host`. */
export interface HandStep {
  readonly host: string;
  readonly command: string;
  /** What to wait for before the next step: the command is repeated until it ends with status 0 and this is so. */
  readonly until?: string;
}

/** What a module is told of where its work would be done by hand. */
export interface HandPlace {
  /** The task's host, or the one it is delegated to. */
  readonly host: string;
  /** Where etcdctl can be run, healthy voters first; never empty. */
  readonly etcdHosts: readonly string[];
  /** Parameters that are given and whose value is not known before the run; they are left out. */
  readonly unknown: readonly string[];
}

/** Words as they are typed into a shell; quoted where it would take them for something else. */
export function typed(words: readonly string[]): string {
  return words.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
