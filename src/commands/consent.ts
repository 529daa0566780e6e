import type { Consent } from '../runner/deps.ts';
import { ask, canAsk } from './ask.ts';
import type { Io } from './io.ts';

/**
 * Questions, at a terminal only; where the course is asked about, it stands above already. `quiet` keeps the view from drawing over it.
 * Throws `Cancelled` on Ctrl-C.
 */
export function consentAt(io: Io, quiet: <T>(ask: () => Promise<T>) => Promise<T>, stop: AbortSignal): Consent {
  if (!canAsk(io)) return {};
  const question = (text: string): Promise<string> => quiet(async () => (await ask(io, text, { stop })) ?? '');
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
