import { ask } from './ask.ts';
import type { Io } from './io.ts';

/** Asks a question that only a typed yes answers with true; undefined where there is no terminal. */
export async function askYes(io: Io, text: string, stop: AbortSignal): Promise<boolean | undefined> {
  const answer = await ask(io, text, { stop });
  return answer === undefined ? undefined : answer.trim().toLowerCase() === 'yes';
}
