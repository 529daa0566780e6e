import type { Level } from '../location.ts';
import type { Answer, Session } from '../session.ts';
import type { ObjectKind } from '../state.ts';
import type { Word } from '../tokens.ts';

/** One of cmsh's commands. Where it isn't available, cmsh says that there is no such command. */
export interface CommandDescription {
  readonly names: readonly [string, ...string[]];
  readonly usage: string;
  readonly summary: string;
  /** At which levels; all where left out. */
  readonly levels?: readonly Level[];
  /** In which modes; all where left out. */
  readonly modes?: readonly ObjectKind[];
  run(session: Session, words: readonly Word[], execute: Execute): Answer | Promise<Answer>;
}

/** Runs further commands in the same session: for `foreach`. */
type Execute = (session: Session, source: string) => Promise<Answer>;

export function texts(words: readonly Word[]): string[] {
  return words.map(word => word.text);
}

/**
 * Takes options off the front of `words`: those in `flags` stand alone, those in `valued` take the next word.
 * An unknown one comes back as `illegal`.
 */
export function takeOptions(
  words: readonly string[],
  flags: readonly string[],
  valued: readonly string[],
): { options: Map<string, string>; rest: readonly string[]; illegal?: string } {
  const options = new Map<string, string>();
  let at = 0;
  while (/^-./.test(words[at] ?? '')) {
    const word = words[at] ?? '';
    if (flags.includes(word)) options.set(word, '');
    else if (valued.includes(word)) {
      at += 1;
      options.set(word, words[at] ?? '');
    } else return { options, rest: words.slice(at), illegal: word.replace(/^-+/, '') };
    at += 1;
  }
  return { options, rest: words.slice(at) };
}
