import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Cancelled } from '../core/failure.ts';
import type { Io } from './io.ts';

/** True where somebody can be asked. */
export function canAsk(io: Io): boolean {
  return io.input.isTTY && io.out.isTTY;
}

/**
 * Asks for a line at the terminal; undefined where there is none. What is typed for a `secret` is not shown. Throws `Cancelled`
 * when `stop` fires, at Ctrl-C and at the end of the input (Ctrl-D).
 */
export async function ask(
  io: Io,
  text: string,
  { secret = false, stop }: { secret?: boolean; stop?: AbortSignal } = {},
): Promise<string | undefined> {
  if (!canAsk(io)) return undefined;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!secret) io.out.write(String(chunk));
      done();
    },
  });
  // As a terminal it echoes by itself, to the output that swallows it.
  const lines = createInterface({ input: io.input, output, terminal: secret });
  // Only now: what is typed before would be shown.
  if (secret) io.out.write(text);
  const ended = new AbortController();
  lines.once('SIGINT', () => ended.abort());
  lines.once('close', () => ended.abort());
  try {
    return await lines.question(secret ? '' : text, {
      signal: AbortSignal.any([ended.signal, ...(stop ? [stop] : [])]),
    });
  } catch (error) {
    if (stop?.aborted || ended.signal.aborted) throw new Cancelled('stopped at the question');
    throw error;
  } finally {
    lines.close();
    if (secret) io.out.write('\n');
  }
}
