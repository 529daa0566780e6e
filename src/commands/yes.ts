import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Cancelled } from '../core/failure.ts';
import type { Io } from './io.ts';

/** Asks a question that only a typed yes answers with true; undefined where there is no terminal. */
export async function askYes(io: Io, text: string, stop: AbortSignal): Promise<boolean | undefined> {
  if (!io.input.isTTY || !io.out.isTTY) return undefined;
  const output = new Writable({
    write(chunk, _encoding, done) {
      io.out.write(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: io.input, output });
  try {
    return (await lines.question(text, { signal: stop })).trim().toLowerCase() === 'yes';
  } catch (error) {
    if (stop.aborted) throw new Cancelled('stopped at the question');
    throw error;
  } finally {
    lines.close();
  }
}
