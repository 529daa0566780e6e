import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Cancelled } from '../core/failure.ts';
import type { Consent } from '../runner/deps.ts';
import type { Io } from './io.ts';

/**
 * The question, at a terminal only; the course stands above it already. `quiet` keeps the view from drawing over it.
 * Throws `Cancelled` on Ctrl-C.
 */
export function consentAt(io: Io, quiet: <T>(ask: () => Promise<T>) => Promise<T>, stop: AbortSignal): Consent {
  if (!io.input.isTTY || !io.out.isTTY) return {};
  const output = new Writable({
    write(chunk, _encoding, done) {
      io.out.write(String(chunk));
      done();
    },
  });
  return {
    ask: steps =>
      quiet(async () => {
        const lines = createInterface({ input: io.input, output });
        const what = steps.length === 1 ? 'this step' : `these ${steps.length} steps`;
        try {
          const answer = await lines.question(`Go ahead with ${what}? Type yes: `, { signal: stop });
          return answer.trim().toLowerCase() === 'yes';
        } catch (error) {
          if (stop.aborted) throw new Cancelled('stopped at the question; nothing was changed');
          throw error;
        } finally {
          lines.close();
        }
      }),
  };
}
