import { describe, expect, test } from 'vitest';
import { AnswerLost, Unreachable } from '../../src/core/failure.ts';
import { run } from '../../src/runner/run.ts';
import { ends, eventsOf, lit, looks, notes, plan, play, task, world } from '../support/world.ts';

const hosts = ['node001', 'node002'];
const ignoring = { ignoreUnreachable: lit(true) };

/** Throws on node001. */
const fails = (error: Error) =>
  looks(async probe => {
    if (probe.name === 'node001') throw error;
    return {};
  });

describe('ignore_unreachable', () => {
  test('goes on with the host; its result says that it was not reached', async () => {
    const log: string[] = [];
    const outside = world({ hosts, options: { forks: 1 } });
    const steps = [task(fails(new Unreachable('node001', 'gone')), ignoring), task(notes(log, 'next'))];
    const { outcome } = await run(plan(play(steps, { hosts, maxFailPercentage: 0 })), outside.deps);
    expect({ outcome, log }).toEqual({ outcome: 'done', log: ['next@node001', 'next@node002'] });
    expect(ends(outside.events)[0]).toBe('looks@node001 ignored');
    expect(eventsOf(outside.events, 'ended').map(({ result }) => result)).toMatchObject([
      { failed: true, unreachable: true },
      { failed: false, unreachable: false },
      {},
      {},
    ]);
  });

  test('does not cover a failure, nor an answer that was lost', async () => {
    for (const error of [new Error('a defect'), new AnswerLost('node001', '`x`', 'gone')]) {
      const outside = world({ hosts, options: { forks: 1 } });
      await run(plan(play([task(fails(error), ignoring)], { hosts })), outside.deps);
      expect(ends(outside.events)[0]).toBe('looks@node001 failed');
    }
  });
});
