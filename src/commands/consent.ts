import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Cancelled } from '../core/failure.ts';
import type { Consent } from '../runner/deps.ts';
import type { Io } from './io.ts';

/**
 * Questions, at a terminal only; where the course is asked about, it stands above already. `quiet` keeps the view from drawing over it.
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
  const question = (text: string): Promise<string> =>
    quiet(async () => {
      const lines = createInterface({ input: io.input, output });
      try {
        return await lines.question(text, { signal: stop });
      } catch (error) {
        if (stop.aborted) throw new Cancelled('stopped at the question');
        throw error;
      } finally {
        lines.close();
      }
    });
  return {
    async ask(steps) {
      const what = steps.length === 1 ? 'this step' : `these ${steps.length} steps`;
      const answer = await question(`Go ahead with ${what}? Type yes: `);
      return answer.trim().toLowerCase() === 'yes';
    },
    prompt: text => question(`${text} (Enter goes on): `),
    async decide(what) {
      for (;;) {
        const answer = (await question(`${what}.\nWas it done? Type done, again or stop: `)).trim().toLowerCase();
        if (answer === 'done' || answer === 'again' || answer === 'stop') return answer;
      }
    },
  };
}
