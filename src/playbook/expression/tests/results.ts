import { isList, isMap, Unknown, type Value } from '../../../core/value.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { not } from '../operators.ts';
import type { TestSpec } from '../signature.ts';
import { anyMap } from '../types.ts';

/** A mark of a registered result. A loop's result without the mark of its own has it where one of its rounds has it. */
function marked(value: Value, mark: 'changed' | 'failed' | 'skipped', call: Call): boolean | Unknown {
  if (!isMap(value)) throw new Fault(`\`${call.name}\` asks about a registered result`, 'name what a task registers');
  const own = Object.hasOwn(value, mark) ? value[mark] : undefined;
  if (own instanceof Unknown || typeof own === 'boolean') return own;
  const rounds = Object.hasOwn(value, 'results') ? value.results : undefined;
  if (rounds instanceof Unknown) return rounds;
  if (rounds === undefined || !isList(rounds)) return false;
  const marks = rounds.map(round => (round instanceof Unknown ? round : isMap(round) && marked(round, mark, call)));
  return marks.includes(true) || (marks.find(m => m instanceof Unknown) ?? false);
}

const onResult = { input: anyMap, parameters: [], takesUnknownParts: true } as const;

export const resultTests: readonly TestSpec[] = [
  {
    ...onResult,
    name: 'changed',
    aliases: ['change'],
    summary: 'True where the registered task changed something.',
    examples: [{ expression: "{'changed': true} is changed", value: true }],
    holds: call => marked(call.input, 'changed', call),
  },
  {
    ...onResult,
    name: 'failed',
    aliases: ['failure'],
    summary: 'True where the registered task failed.',
    examples: [{ expression: "{'failed': false} is failed", value: false }],
    holds: call => marked(call.input, 'failed', call),
  },
  {
    ...onResult,
    name: 'skipped',
    aliases: ['skip'],
    summary: 'True where the registered task was skipped.',
    examples: [{ expression: "{'skipped': true} is skipped", value: true }],
    holds: call => marked(call.input, 'skipped', call),
  },
  {
    ...onResult,
    name: 'succeeded',
    aliases: ['success', 'ok', 'successful'],
    summary: 'True where the registered task did not fail.',
    examples: [{ expression: "{'failed': false} is succeeded", value: true }],
    holds: call => not(marked(call.input, 'failed', call)),
  },
];
