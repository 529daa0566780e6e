import { expect, test } from 'vitest';
import type { RunEffect } from '../../src/core/module.ts';
import { eventsOf, runSteps, says, task } from '../support/world.ts';

const pauses = (effect: RunEffect) => ({ ...says, name: 'pause', control: () => [effect] });

test('a wait takes its time, and none in check mode', async () => {
  const waits = [task(pauses({ kind: 'wait', ms: 5000 }), {})];
  expect((await runSteps(waits)).clock.slept).toEqual([5000]);
  const { clock, outcome } = await runSteps(waits, {
    options: { check: true },
  });
  expect([clock.slept, outcome]).toEqual([[], 'done']);
});

test('a prompt is put once for all hosts, and not in check mode', async () => {
  const asks = [task(pauses({ kind: 'ask', text: 'Look' }), {})];
  const put: string[] = [];
  const prompt = (text: string): string => {
    put.push(text);
    return 'seen';
  };
  const { events } = await runSteps(asks, { hosts: ['node001', 'node002'], prompt });
  expect(put).toEqual(['Look']);
  expect(eventsOf(events, 'ended').map(({ result }) => result)).toMatchObject([
    { user_input: 'seen' },
    { user_input: 'seen' },
  ]);
  await runSteps(asks, { prompt, options: { check: true } });
  expect(put).toHaveLength(1);
});

test('without a terminal a prompt is a failure', async () => {
  const { events, outcome } = await runSteps([task(pauses({ kind: 'ask', text: 'Look' }), {})]);
  expect(outcome).toBe('failed');
  expect(eventsOf(events, 'ended')[0]?.error).toMatchObject({ code: 'task-failed', message: /Look$/ });
});
