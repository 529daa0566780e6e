import { expect, test } from 'vitest';
import type { Risk } from '../../src/core/guard.ts';
import { brings, eventsOf, fails, guardOf, promote, remove, runSteps, task } from '../support/world.ts';

const step = { host: 'node001', command: 'etcdctl member promote 2f' };

/** A weighed change that knows its commands, and a failure after it or before it. */
const promotes = () =>
  task(brings({ value: 'old' }, 'new', { weighed: true, risks: () => [promote], byHand: () => [step] }), {
    name: 'promote',
  });

test('check mode tells how a change is made by hand', async () => {
  const { events } = await runSteps([promotes()], { guard: guardOf('safe'), options: { check: true } });
  expect(eventsOf(events, 'ended').map(event => event.byHand)).toEqual([[step]]);
  expect(eventsOf(events, 'run-ended')[0]?.remaining).toBeUndefined();
});

test('a run that fails on its way tells what is left of its course, and not what is done', async () => {
  const one = promotes();
  const broken = brings({ value: 'old' }, 'new', {
    byHand: () => [{ ...step, command: 'mkdir -p /var/lib/etcd' }],
    apply: async () => undefined,
  });
  const two = task(broken, { name: 'make it' });
  const { outcome, events } = await runSteps([one, two], { guard: guardOf('safe'), options: { yes: true } });
  expect(outcome).toBe('failed');
  const { remaining = [] } = eventsOf(events, 'run-ended')[0] ?? {};
  expect(remaining.map(left => [left.where.name, left.steps[0]?.command])).toEqual([
    ['make it', 'mkdir -p /var/lib/etcd'],
  ]);
});

test('nothing is told of what a guard refuses, nor before anything was agreed to, nor of a task with no_log', async () => {
  const refused = await runSteps([promotes()], { guard: guardOf('refused'), options: { yes: true } });
  expect(refused.outcome).toBe('refused');
  const failed = await runSteps([task(fails), promotes()], { guard: guardOf('safe'), options: { yes: true } });
  expect(failed.outcome).toBe('failed');
  for (const { events } of [refused, failed]) expect(eventsOf(events, 'run-ended')[0]?.remaining).toBeUndefined();

  const quiet = await runSteps([{ ...promotes(), noLog: true }], { guard: guardOf('safe'), options: { check: true } });
  expect(eventsOf(quiet.events, 'ended')[0]?.byHand).toBeUndefined();
});

test('what comes after a change of the membership is typed where a voter is by then', async () => {
  const where = (risks: readonly Risk[]) =>
    task(
      brings({ value: 'old' }, 'new', {
        risks: () => risks,
        byHand: (_, { etcdHosts }) => [{ host: etcdHosts[0] ?? '', command: etcdHosts.join(' ') }],
      }),
    );
  const { events } = await runSteps([where([promote]), where([remove]), where([])], {
    hosts: ['node001', 'node002', 'node003'],
    groups: { etcd: ['node003'] },
    play: { hosts: ['node001'] },
    guard: guardOf('safe'),
    options: { check: true },
  });
  expect(eventsOf(events, 'ended').map(event => event.byHand?.[0]?.command)).toEqual([
    'node003',
    'node002 node003',
    'node002 node003',
  ]);
});
