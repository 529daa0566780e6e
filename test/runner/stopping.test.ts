import { describe, expect, test } from 'vitest';
import { AnswerLost, Cancelled, Failure } from '../../src/core/failure.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  block,
  brings,
  ends,
  eventsOf,
  lit,
  looks,
  loopOver,
  notes,
  plan,
  play,
  runSteps,
  says,
  task,
  world,
} from '../support/world.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const cancel = () => reject(new Cancelled('the job was ended'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  });

describe('stop', () => {
  test('the step that is under way is finished, always sections run, nothing else begins', async () => {
    const log: string[] = [];
    const outside = world({ hosts: ['a', 'b'], options: { forks: 1 } });
    const module = acts(async host => {
      outside.stop.abort();
      expect(host.signal.aborted).toBe(false);
      return {};
    });
    const { outcome } = await run(
      plan(
        play(
          [
            block([task(module, { name: 'act' }), task(notes(log, 'body'))], {
              rescue: [task(notes(log, 'rescue'))],
              always: [task(brings({ value: 'a' }, 'b'), { name: 'always' })],
            }),
            task(notes(log, 'later')),
          ],
          { hosts: ['a', 'b'] },
        ),
        play([task(notes(log, 'next play'))], { id: 'p1' }),
      ),
      outside.deps,
    );
    expect([outcome, log]).toEqual(['interrupted', []]);
    expect(ends(outside.events)).toEqual(['act@a changed', 'always@a changed', 'always@b ok']);
    expect(eventsOf(outside.events, 'run-ended')[0]).toMatchObject({
      error: {
        code: 'interrupted',
        message: 'stopped by its user; 2 changed, the last one: always on a; nothing was under way',
      },
      next: ['quorate status', 'quorate run site.yml'],
    });
  });

  test('what only looks is stopped at once; so are waits between tries and items', async () => {
    const outside = world();
    const waits = looks(async probe => {
      outside.stop.abort();
      return await untilAborted(probe.signal);
    });
    const { outcome } = await run(plan(play([task(waits)])), outside.deps);
    expect(outcome).toBe('interrupted');

    const other = world();
    const stopping = looks(async () => {
      other.stop.abort();
      throw new Failure('command-failed', 'rc 1');
    });
    const tries = task(stopping, { retries: lit(9) });
    expect((await run(plan(play([tries])), other.deps)).outcome).toBe('interrupted');
    expect(other.clock.slept).toEqual([]);

    const third = world();
    const stops = looks(async () => {
      third.stop.abort();
      return {};
    });
    await run(plan(play([task(stops, { name: 't', loop: loopOver([1, 2, 3], { pause: lit(9) }) })])), third.deps);
    expect(ends(third.events)).toEqual(['t[1]@node001 ok', 't@node001 failed']);
    expect(eventsOf(third.events, 'run-ended')[0]?.outcome).toBe('interrupted');
  });

  test('an always section may look, wait and try again as ever', async () => {
    const outside = world();
    const stops = acts(async () => {
      outside.stop.abort();
      return {};
    });
    let looked = 0;
    const looksTwice = looks(async probe => {
      looked += 1;
      await probe.clock.sleep(1, probe.signal);
      if (looked === 1) throw new Failure('command-failed', 'rc 1');
      return {};
    });
    const cleaning = task(looksTwice, { name: 'clean', retries: lit(1), loop: loopOver([1, 2], { pause: lit(1) }) });
    await run(plan(play([block([task(stops, { name: 'act' })], { always: [cleaning] })])), outside.deps);
    expect(ends(outside.events)).toEqual([
      'act@node001 changed',
      'clean[1]@node001 ok',
      'clean[2]@node001 ok',
      'clean@node001 ok',
    ]);
  });

  test('in the rehearsal: nothing was done, nobody is asked', async () => {
    const outside = world({ answer: () => true });
    const stops = looks(async () => {
      outside.stop.abort();
      return {};
    });
    const weighed = brings({ value: 'a' }, 'b', { weighed: true });
    const { outcome } = await run(plan(play([task(stops), task(weighed)])), outside.deps);
    expect([outcome, outside.asked, ends(outside.events)]).toEqual(['interrupted', [], []]);
  });
});

describe('abort', () => {
  test('jobs are ended, not even always sections run, and what was under way is named', async () => {
    const log: string[] = [];
    const outside = world({
      execute: async (_host, job) => {
        outside.stop.abort();
        outside.abort.abort();
        return await untilAborted(job.signal);
      },
    });
    const module = acts(async host => ({ rc: (await host.run(['sleep', '100'])).code }));
    const { outcome } = await run(
      plan(play([block([task(module, { name: 'sleep' })], { always: [task(notes(log, 'always'))] })])),
      outside.deps,
    );
    expect([outcome, log]).toEqual(['interrupted', []]);
    expect(eventsOf(outside.events, 'run-ended')[0]?.error?.message).toBe(
      'the job was ended; nothing was changed; under way, its outcome not seen: sleep on node001',
    );
    expect(outside.closed).toEqual(['node001']);
  });
});

test('what was lost sight of is under way, too', async () => {
  const outside = world({ hosts: ['a', 'b'], options: { forks: 1 } });
  const module = acts(async host => {
    if (host.name === 'a') throw new AnswerLost('a', 'sleep', 'the channel closed');
    outside.stop.abort();
    return {};
  });
  await run(plan(play([task(module, { name: 't' }), task(says)], { hosts: ['a', 'b'] })), outside.deps);
  expect(eventsOf(outside.events, 'run-ended')[0]?.error?.message).toBe(
    'stopped by its user; 1 changed, the last one: t on b; under way, its outcome not seen: t on a',
  );
});

describe('settling', () => {
  test('looks each second until it is there; trouble in looking is part of it', async () => {
    let looked = 0;
    const module = brings({ value: 'x' }, 'y', {
      settleMs: () => 30_000,
      observe: async () => {
        looked += 1;
        if (looked === 3) throw new Failure('no-quorum', 'voters are restarting');
        if (looked === 4) return { kind: 'unknown', why: 'no answer' };
        if (looked === 6) return { kind: 'same', state: null, result: { value: 'y' } };
        return { kind: 'differs', state: null, changes: [{ what: 'nodes' }] };
      },
      apply: async () => ({ waited: 1 }),
    });
    const { outcome, clock, events } = await runSteps([task(module)]);
    expect([outcome, clock.slept]).toEqual(['done', [1000, 1000, 1000, 1000]]);
    expect(events.map(event => event.type)).toContain('settling');
    expect(eventsOf(events, 'ended')[0]?.result).toMatchObject({ value: 'y', waited: 1, changed: true });
  });

  test('not there in time: not-settled, with what is still to do', async () => {
    const module = brings({ value: 'x' }, 'y', { settleMs: () => 3000, apply: async () => undefined });
    const { events, clock } = await runSteps([task(module)]);
    expect(clock.slept).toEqual([1000, 1000, 1000]);
    expect(eventsOf(events, 'ended')[0]?.error).toMatchObject({
      code: 'not-settled',
      message: 'the change was made, and its effect was not seen within 3 s: still to do: value',
    });
  });

  test('a lost answer: looking decides', async () => {
    const lost = () => new AnswerLost('node001', 'cmsh', 'the channel closed');
    const state = { value: 'x' };
    const arrived = brings(state, 'y', {
      apply: async () => {
        state.value = 'y';
        throw lost();
      },
    });
    expect((await runSteps([task(arrived, { name: 't' })])).ends).toEqual(['t@node001 changed']);

    const gone = brings({ value: 'x' }, 'y', {
      apply: async () => {
        throw lost();
      },
    });
    const log: string[] = [];
    const { outcome, events } = await runSteps([
      block([task(gone, { name: 't', ignoreErrors: lit(true) })], { rescue: [task(notes(log, 'rescue'))] }),
      task(says),
    ]);
    expect([outcome, log]).toEqual(['failed', []]);
    expect(eventsOf(events, 'run-ended')[0]?.error).toMatchObject({ code: 'answer-lost' });
  });

  test('what is there cannot be told: nothing is changed', async () => {
    const state = { value: 'x' };
    const module = brings(state, 'y', { observe: async () => ({ kind: 'unknown', why: 'etcd does not answer' }) });
    const { events } = await runSteps([task(module)]);
    expect(eventsOf(events, 'ended')[0]?.error?.code).toBe('unknown-state');
    expect(state.value).toBe('x');
  });
});

describe('what is wrong with the machine that quorate runs on', () => {
  const trouble = { why: 'the disk of headnode is full (/var)', hint: 'make room on headnode first: df -h /var' };
  const end = async (failure: Failure | undefined) => {
    const outside = world();
    let asked = 0;
    const ownTrouble = async () => {
      asked += 1;
      return trouble;
    };
    const module = looks(async () => {
      if (failure) throw failure;
      return {};
    });
    await run(plan(play([task(module)])), { ...outside.deps, ownTrouble });
    return { asked, error: eventsOf(outside.events, 'run-ended')[0]?.error };
  };

  test('is told with what failed, and what to type about it comes first', async () => {
    const { error } = await end(new Failure('timed-out', 'etcd on node003 is not active', { hint: 'look there' }));
    expect(error).toMatchObject({
      message: 'etcd on node003 is not active; the disk of headnode is full (/var), which may be why',
      hint: 'make room on headnode first: df -h /var; then look there',
    });
  });

  test('is not told twice, and not asked about where nothing failed', async () => {
    const message = 'node001: cannot write /x: No space left on device';
    expect((await end(new Failure('command-failed', message))).error).toEqual({ code: 'command-failed', message });
    expect(await end(undefined)).toEqual({ asked: 0, error: undefined });
  });
});
