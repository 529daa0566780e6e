import { shuffled } from '../random.ts';
import type { Combination } from './combination.ts';
import { kinds } from './kinds.ts';
import { scenarioOf } from './prepared.ts';

const SAMPLE = 400;

/**
 * The combination that brings most that is new for its time, of a random sample of those that did not run yet: first faults and phases of a
 * playbook that it never had, then a fault at a kind of phase or a host; the rather, the seldomer its playbook had its turn.
 */
export function choose(
  candidates: readonly Combination[],
  ran: readonly Combination[],
  random: () => number,
): Combination | undefined {
  const known = new Set(ran.flatMap(one => [JSON.stringify(named(one)), ...novelties(one)]));
  const times = Map.groupBy(ran, ({ playbook }) => playbook);
  const rating = (one: Combination) =>
    novelty(one) / Math.sqrt(secondsOf(one) * (1 + (times.get(one.playbook)?.length ?? 0)));
  const novelty = (one: Combination) =>
    novelties(one).reduce((sum, novel, index) => sum + (known.has(novel) ? 0 : (WEIGHTS[index] ?? 1)), 0);
  const fresh = shuffled(candidates, random).filter(one => !known.has(JSON.stringify(named(one))));
  return fresh
    .slice(0, SAMPLE)
    .reduce<Combination | undefined>(
      (best, one) => (best === undefined || rating(one) > rating(best) ? one : best),
      undefined,
    );
}

/** About how long it takes: what is gone is waited for, and found to be gone again and again. */
function secondsOf({ playbook, fault }: Combination): number {
  return scenarioOf(playbook).seconds + (kinds[fault]?.takesVoter ? 60 : 0);
}

const WEIGHTS = [6, 3, 4, 2, 1];

function novelties({ playbook, fault, host, phase }: Combination): readonly string[] {
  const kindOfPhase = phase.split(':')[0];
  return [
    `fault ${fault}`,
    `${playbook} has ${fault}`,
    `${playbook} at ${phase}`,
    `${fault} at ${kindOfPhase}`,
    `${fault} on ${host}`,
  ];
}

const named = ({ playbook, fault, host, phase }: Combination) => [playbook, fault, host, phase];
