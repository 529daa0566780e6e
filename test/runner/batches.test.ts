import { describe, expect, test } from 'vitest';
import { Unreachable } from '../../src/core/failure.ts';
import type { BatchSize, Play, Step } from '../../src/core/plan.ts';
import { batchesOf } from '../../src/runner/batch.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  args,
  block,
  ends,
  eventsOf,
  expr,
  fails,
  lit,
  looks,
  notes,
  plan,
  play,
  ref,
  task,
  world,
} from '../support/world.ts';

const four = ['a', 'b', 'c', 'd'];
const onlyOn = (...hosts: string[]) => expr(scope => hosts.includes(String(scope.get('inventory_hostname'))));
const down = looks(async probe => {
  throw new Unreachable(probe.name, 'gone');
});

async function runPlays(...plays: readonly Play[]) {
  const outside = world({ hosts: four });
  const { outcome } = await run(plan(...plays), outside.deps);
  const said = eventsOf(outside.events, 'run-ended')[0]?.error;
  return { outcome, said, events: outside.events };
}
const playOf = (steps: readonly Step[], more: Partial<Play> = {}) => play(steps, { hosts: four, ...more });

describe('serial', () => {
  const sizes = (...list: (number | string)[]): BatchSize[] =>
    list.map(size => (typeof size === 'number' ? { hosts: size } : { percent: Number.parseFloat(size) }));

  test.each([
    [sizes(1), ['a', 'b', 'c', 'd']],
    [sizes(3), ['abc', 'd']],
    [sizes(1, 2), ['a', 'bc', 'd']],
    [sizes('50%'), ['ab', 'cd']],
    [sizes('10%'), ['a', 'b', 'c', 'd']],
    [sizes(1, '100%'), ['a', 'bcd']],
    [sizes(9), ['abcd']],
  ])('%j', (serial, batches) => {
    expect(batchesOf(playOf([], { serial }), four).map(batch => batch.join(''))).toEqual(batches);
  });

  test('takes a batch through all tasks and its handlers before the next one begins', async () => {
    const log: string[] = [];
    const handlers = [task(notes(log, 'h'), { id: 'h0' })];
    const steps = [
      task(
        acts(async () => ({})),
        { notify: ['h0'] },
      ),
      task(notes(log, 't')),
    ];
    const { events } = await runPlays(playOf(steps, { serial: [{ hosts: 2 }], handlers }));
    expect(log).toEqual(['t@a', 't@b', 'h@a', 'h@b', 't@c', 't@d', 'h@c', 'h@d']);
    expect(eventsOf(events, 'play-started').map(({ hosts }) => hosts.join(''))).toEqual(['ab', 'cd']);
  });

  test.each([
    ['failed', fails],
    ['unreachable', down],
  ])('begins no further batch, and no further play, where none of a batch is left (%s)', async (outcome, module) => {
    const log: string[] = [];
    const steps = [task(module, { when: [onlyOn('a', 'b')] }), task(notes(log, 't'))];
    const ended = await runPlays(
      playOf(steps, { serial: [{ hosts: 2 }] }),
      play([task(notes(log, 'next'))], { id: 'p1', hosts: ['d'] }),
    );
    expect([ended.outcome, ended.said?.code, log]).toEqual([outcome, 'too-many-failed', []]);
    expect(ended.said?.message).toMatch(/^a, b: 2 of 2 hosts failed, and none of the batch is left/);
  });

  test('goes on where some of a batch are left', async () => {
    const log: string[] = [];
    const steps = [task(fails, { when: [onlyOn('a')] }), task(notes(log, 't'))];
    expect((await runPlays(playOf(steps, { serial: [{ hosts: 2 }] }))).outcome).toBe('failed');
    expect(log).toEqual(['t@b', 't@c', 't@d']);
  });
});

describe('max_fail_percentage and any_errors_fatal', () => {
  test.each([
    ['one of four fails, 0 % may', 0, ['a'], []],
    ['one of four fails, 25 % may', 25, ['a'], ['b', 'c', 'd']],
    ['two of four fail, 25 % may', 25, ['a', 'b'], []],
  ])('%s', async (_, maxFailPercentage, failing, going) => {
    for (const module of [fails, down]) {
      const log: string[] = [];
      const steps = [task(module, { when: [onlyOn(...failing)] }), task(notes(log, 't'))];
      const ended = await runPlays(playOf(steps, { maxFailPercentage }));
      expect(log).toEqual(going.map(host => `t@${host}`));
      expect(ended.outcome).toBe(module === fails ? 'failed' : 'unreachable');
      expect(ended.said?.code === 'too-many-failed').toBe(going.length === 0);
    }
  });

  test('a failure that is ignored or rescued costs nobody; an always section is done all the same', async () => {
    const log: string[] = [];
    const some = { when: [onlyOn('a')] };
    const steps = [
      task(fails, { ...some, ignoreErrors: lit(true) }),
      block([block([task(fails, some)])], { rescue: [task(notes(log, 'rescue'))] }),
      block([task(fails, { when: [onlyOn('b')] }), task(notes(log, 'unreached'))], {
        always: [task(notes(log, 'always'))],
      }),
      task(notes(log, 'unreached')),
    ];
    expect((await runPlays(playOf(steps, { maxFailPercentage: 0 }))).outcome).toBe('failed');
    expect(log).toEqual(['rescue@a', ...four.map(host => `always@${host}`)]);
  });

  test('a host that cannot be reached is not rescued, so it counts', async () => {
    const log: string[] = [];
    const steps = [
      block([task(down, { when: [onlyOn('a')] }), task(notes(log, 'unreached'))], { rescue: [task(notes(log, 'r'))] }),
    ];
    expect((await runPlays(playOf(steps, { maxFailPercentage: 0 }))).outcome).toBe('unreachable');
    expect(log).toEqual([]);
  });
});

describe('run_once', () => {
  const counting = (log: string[]) =>
    acts(async host => {
      log.push(host.name);
      return { stdout: `from ${host.name}` };
    });
  const tells = (log: string[]) =>
    looks(async (probe, params) => {
      log.push(`${probe.name} ${params.of}`);
      return {};
    });

  test.each([
    ['without serial', {}],
    ['with serial', { serial: [{ hosts: 1 }] }],
  ])('is once, on the first host whose condition holds, and all have the result (%s)', async (_, more) => {
    const log: string[] = [];
    const told: string[] = [];
    const steps = [
      task(counting(log), { runOnce: true, register: 'it', when: [onlyOn('b', 'c')] }),
      task(tells(told), {
        args: args({ of: ref('it.stdout') }),
        when: [expr(scope => scope.get('inventory_hostname') !== 'a')],
      }),
    ];
    expect((await runPlays(playOf(steps, more))).outcome).toBe('done');
    expect(log).toEqual(['b']);
    expect(told).toEqual(['b from b', 'c from b', 'd from b']);
  });

  test('where no condition holds it is skipped on all', async () => {
    const { events } = await runPlays(playOf([task(counting([]), { runOnce: true, when: [lit(false)] })]));
    expect(ends(events)).toEqual(four.map(host => `acts@${host} skipped`));
  });

  test('its failure is that of all', async () => {
    const log: string[] = [];
    const { outcome } = await runPlays(playOf([task(fails, { runOnce: true }), task(notes(log, 't'))]));
    expect([outcome, log]).toEqual(['failed', []]);
  });
});

test('throttle bounds a task, forks the rest', async () => {
  let now = 0;
  let peak = 0;
  const module = looks(async probe => {
    now += 1;
    peak = Math.max(peak, now);
    await probe.clock.sleep(1, probe.signal);
    now -= 1;
    return {};
  });
  for (const [throttle, most] of [
    [2, 2],
    [9, 4],
    [0, 4],
  ] as const) {
    peak = 0;
    await runPlays(playOf([task(module, { throttle: lit(throttle) })], { forks: 4 }));
    expect(peak).toBe(most);
  }
});
