import { describe, expect, test } from 'vitest';
import { AnswerLost, Failure, Unreachable } from '../../src/core/failure.ts';
import type { Json } from '../../src/core/value.ts';
import { OMIT } from '../../src/runner/values.ts';
import {
  acts,
  args,
  brings,
  eventsOf,
  expr,
  fails,
  include,
  lit,
  looks,
  loopOver,
  notes,
  ref,
  runSteps,
  says,
  setsFacts,
  task,
} from '../support/world.ts';

/** An observe module that gives each of `results` in turn; a Failure is thrown. */
function inTurn(...results: (Failure | Readonly<Record<string, Json>>)[]) {
  const left = [...results];
  return looks(async () => {
    const next = left.shift();
    if (next === undefined) throw new Error('asked too often');
    if (next instanceof Failure) throw next;
    return next;
  });
}
const trouble = (result: Readonly<Record<string, Json>> = {}) => new Failure('command-failed', 'rc 1', { result });

describe('registers', () => {
  test('every result has changed, failed, skipped and message; the module adds its own', async () => {
    const { events } = await runSteps([
      task(inTurn({ rc: 0 }), { register: 'a' }),
      task(says, { when: [lit(false)], register: 'b' }),
      task(inTurn(trouble({ rc: 1 })), { register: 'c', ignoreErrors: lit(true) }),
    ]);
    expect(eventsOf(events, 'ended').map(event => event.result)).toEqual([
      { rc: 0, changed: false, failed: false, skipped: false, message: '' },
      { changed: false, failed: false, skipped: true, message: 'its condition was not true' },
      { rc: 1, changed: false, failed: true, skipped: false, message: 'rc 1' },
    ]);
  });

  test('they are their host’s own and outlive the play; hostvars shows those of others', async () => {
    const { events } = await runSteps(
      [
        task(
          looks(async probe => ({ me: probe.name })),
          { register: 'r' },
        ),
        task(says, { args: args({ msg: ref('r.me') }) }),
        task(says, { args: args({ msg: ref('hostvars.b.r.me') }) }),
        task(says, { args: args({ msg: ref('hostvars.b.address') }) }),
      ],
      { hosts: ['a', 'b'] },
    );
    expect(eventsOf(events, 'ended').flatMap(event => event.text ?? [])).toEqual([
      'a',
      'b',
      'b',
      'b',
      '10.0.0.b',
      '10.0.0.b',
    ]);
  });
});

describe('loops', () => {
  test('an event an item, then one for the whole; results in order, with their items', async () => {
    const { ends, events } = await runSteps([
      task(
        acts(async (_host, params) => ({ ...params, changed: params.n === 2 })),
        {
          name: 't',
          args: args({ n: ref('item') }),
          loop: loopOver([1, 2], { indexVariable: 'i', label: expr(scope => `no. ${Number(scope.get('i')) + 1}`) }),
          register: 'r',
        },
      ),
    ]);
    expect(ends).toEqual(['t[no. 1]@node001 ok', 't[no. 2]@node001 changed', 't@node001 changed']);
    expect(eventsOf(events, 'ended').at(-1)?.result).toMatchObject({
      changed: true,
      failed: false,
      skipped: false,
      results: [
        { n: 1, item: 1, changed: false },
        { n: 2, item: 2, changed: true },
      ],
    });
    expect(eventsOf(events, 'run-ended')[0]?.totals.node001).toMatchObject({ ok: 0, changed: 1 });
  });

  test('conditions are asked for each item; a failed item does not stop the others, an unreachable host does', async () => {
    const done: Json[] = [];
    const module = looks(async (_probe, { n }) => {
      done.push(n as Json);
      if (n === 2) throw trouble();
      if (n === 4) throw new Unreachable('node001', 'gone');
      return {};
    });
    const run = await runSteps([
      task(module, {
        name: 't',
        args: args({ n: ref('item') }),
        loop: loopOver([1, 2, 3, 4, 5]),
        when: [expr(scope => scope.get('item') !== 3)],
      }),
    ]);
    expect(done).toEqual([1, 2, 4]);
    expect(run.ends).toEqual([
      't[1]@node001 ok',
      't[2]@node001 failed',
      't[3]@node001 skipped',
      't[4]@node001 unreachable',
      't@node001 failed',
    ]);
  });

  test('no items: skipped; no list: an error; a condition that is false comes first', async () => {
    expect((await runSteps([task(says, { name: 't', loop: loopOver([]) })])).ends).toEqual(['t@node001 skipped']);
    const notAList = task(says, { name: 't', loop: loopOver('abc') });
    expect((await runSteps([notAList])).events.find(event => event.type === 'ended')).toMatchObject({
      status: 'failed',
      error: { code: 'type-mismatch', hint: "a text of several items becomes a list by `| split(',')`" },
    });
    const undefinedList = task(says, { name: 't', loop: loopOver(ref('nothing')), when: [lit(false)] });
    expect((await runSteps([undefinedList])).ends).toEqual(['t@node001 skipped']);
  });

  test('pause waits between items, not after the last', async () => {
    const { clock } = await runSteps([task(says, { loop: loopOver([1, 2, 3], { pause: lit(2) }) })]);
    expect(clock.slept).toEqual([2000, 2000]);
  });
});

describe('tries', () => {
  test('retries: 2 means three tries, 5 s apart', async () => {
    const { outcome, clock, events } = await runSteps([
      task(inTurn(trouble(), trouble(), { rc: 0 }), { retries: lit(2) }),
    ]);
    expect([outcome, clock.slept]).toEqual(['done', [5000, 5000]]);
    expect(
      eventsOf(events, 'retry').map(({ attempt, attempts, waitMs, because }) => [attempt, attempts, waitMs, because]),
    ).toEqual([
      [1, 3, 5000, 'rc 1'],
      [2, 3, 5000, 'rc 1'],
    ]);
  });

  test('the last failure is the task’s; delay and backoff space the tries', async () => {
    const { outcome, clock, events } = await runSteps([
      task(inTurn(trouble(), trouble(), new Failure('timed-out', 'too slow')), {
        retries: lit(2),
        delay: lit(3),
        backoff: lit(2),
      }),
    ]);
    expect([outcome, clock.slept]).toEqual(['failed', [3000, 6000]]);
    expect(eventsOf(events, 'ended')[0]?.error?.code).toBe('timed-out');
  });

  test('until sees the result by its register, and gives up after three retries by default', async () => {
    const until = [expr(scope => (scope.get('r') as { n: number }).n === 2)];
    expect(await runSteps([task(inTurn({ n: 1 }, { n: 2 }), { register: 'r', until })])).toMatchObject({
      outcome: 'done',
    });
    const never = await runSteps([
      task(inTurn({ n: 0 }, { n: 0 }, { n: 0 }, { n: 0 }), { register: 'r', until, delay: lit(1) }),
    ]);
    expect(never.outcome).toBe('failed');
    expect(eventsOf(never.events, 'ended')[0]).toMatchObject({
      error: { code: 'condition-not-met' },
      result: { n: 0, failed: true },
    });
  });

  test('a failure that fulfils the until is not tried again', async () => {
    const until = [expr(scope => (scope.get('r') as { rc: number }).rc === 2)];
    const run = await runSteps([task(inTurn(trouble({ rc: 1 }), trouble({ rc: 2 })), { register: 'r', until })]);
    expect([run.outcome, run.clock.slept]).toEqual(['failed', [5000]]);
  });

  test('what must happen once is not repeated once it has begun: not after a failure, nor for an until', async () => {
    for (const more of [{}, { until: [lit(false)] }]) {
      let applied = 0;
      const once = acts(
        async () => {
          applied += 1;
          if (!('until' in more)) throw trouble();
          return {};
        },
        { repeat: () => 'never' },
      );
      const { outcome } = await runSteps([task(once, { retries: lit(5), ...more })]);
      expect([outcome, applied]).toEqual(['failed', 1]);
    }
  });

  test('what must happen once is tried again while it has not begun', async () => {
    let asked = 0;
    let applied = 0;
    const once = acts(
      async () => {
        applied += 1;
        return {};
      },
      {
        repeat: () => 'never',
        done: async () => {
          asked += 1;
          if (asked === 1) throw trouble();
          return undefined;
        },
      },
    );
    expect((await runSteps([task(once, { retries: lit(5) })])).outcome).toBe('done');
    expect(applied).toBe(1);
  });

  test('after a lost answer a converge module looks again before anything is repeated', async () => {
    const state = { value: 'old' };
    let applied = 0;
    const module = brings(state, 'new', {
      apply: async () => {
        applied += 1;
        if (applied === 2) state.value = 'new';
        throw new AnswerLost('node001', 'cmsh', 'the channel closed');
      },
    });
    const { outcome, ends } = await runSteps([task(module, { name: 't', retries: lit(3) })]);
    expect([outcome, applied, ends]).toEqual(['done', 2, ['t@node001 changed']]);
  });

  test('no retry of an unreachable host', async () => {
    const { outcome, clock } = await runSteps([task(inTurn(new Unreachable('node001', 'x')), { retries: lit(3) })]);
    expect([outcome, clock.slept]).toEqual(['unreachable', []]);
  });

  test('timeout ends a try, and counts as a failure that may be tried again', async () => {
    let tries = 0;
    const slow = looks(async probe => {
      tries += 1;
      await new Promise((_, reject) => {
        probe.signal.addEventListener('abort', () => reject(probe.signal.reason));
      }).catch(() => probe.clock.sleep(1, probe.signal));
      return {};
    });
    const { events } = await runSteps([task(slow, { timeout: lit(7), retries: lit(1) })]);
    expect(tries).toBe(2);
    expect(eventsOf(events, 'ended')[0]?.error).toMatchObject({
      code: 'timed-out',
      message: "it was not done within the task's 7 s",
    });
  });
});

describe('changed_when and failed_when', () => {
  test('changed_when decides, by the register', async () => {
    const { ends } = await runSteps([
      task(
        acts(async () => ({ rc: 3 })),
        { name: 'a', register: 'r', changedWhen: [expr(s => (s.get('r') as { rc: number }).rc === 0)] },
      ),
      task(
        acts(async () => ({ rc: 0 })),
        { name: 'b', changedWhen: [lit(false)] },
      ),
      task(inTurn({}), { name: 'c', changedWhen: [lit(true)] }),
    ]);
    expect(ends).toEqual(['a@node001 ok', 'b@node001 ok', 'c@node001 changed']);
  });

  test('failed_when makes a failure, or says that one is none', async () => {
    const { ends, events } = await runSteps([
      task(
        acts(async () => {
          throw trouble({ rc: 1 });
        }),
        { name: 'a', register: 'r', failedWhen: [expr(s => (s.get('r') as { rc: number }).rc > 1)] },
      ),
      task(says, { name: 'b', args: args({ msg: ref('r.failed') }) }),
      task(inTurn({ rc: 2 }), { name: 'c', failedWhen: [lit(true)] }),
    ]);
    expect(ends).toEqual(['a@node001 changed', 'b@node001 ok', 'c@node001 failed']);
    expect(eventsOf(events, 'ended')[1]?.text).toBe('false');
    expect(eventsOf(events, 'ended')[2]).toMatchObject({ error: { code: 'condition-not-met' }, result: { rc: 2 } });
  });

  test('failed_when says nothing of an unreachable host', async () => {
    const down = inTurn(new Unreachable('node001', 'x'));
    expect((await runSteps([task(down, { failedWhen: [lit(false)] })])).outcome).toBe('unreachable');
  });
});

describe('where and with what', () => {
  test('delegate_to works on the other host and registers on this one', async () => {
    const { events, jobs } = await runSteps(
      [
        task(
          acts(async host => ({ on: host.name, rc: (await host.run(['true'])).code })),
          {
            delegateTo: lit('b'),
            register: 'r',
          },
        ),
        task(says, { args: args({ msg: ref('r.on') }) }),
      ],
      { hosts: ['a', 'b'], play: { hosts: ['a'] } },
    );
    expect(eventsOf(events, 'ended')[0]?.where).toMatchObject({ host: 'a', on: 'b' });
    expect(jobs.map(job => job.host)).toEqual(['b']);
    expect(eventsOf(events, 'ended')[1]?.text).toBe('b');
  });

  test('a host that is not in the inventory is an error that says so', async () => {
    const { events } = await runSteps([task(inTurn({}), { delegateTo: lit('node009') })]);
    expect(eventsOf(events, 'ended')[0]?.error).toMatchObject({
      code: 'no-hosts',
      message: 'node009 is not in the inventory (a test)',
    });
  });

  test('parameters: omit leaves one out, defaults are filled in, a wrong one fails before anything is asked', async () => {
    const seen: unknown[] = [];
    const module = looks(async (_probe, params) => {
      seen.push(params);
      return {};
    });
    const validate = (_: unknown, params: Json) => {
      if (typeof params !== 'object' || params === null || Array.isArray(params) || 'bad' in params)
        throw new Failure('invalid-value', 'bad');
      return { mode: '0600', ...(params as Readonly<Record<string, Json>>) };
    };
    const good = task(module, { args: args({ a: 1, b: lit(OMIT) }) });
    expect((await runSteps([good], { validate })).outcome).toBe('done');
    expect((await runSteps([task(module, { args: args({ bad: 1 }) })], { validate })).outcome).toBe('failed');
    expect(seen).toEqual([{ a: 1, mode: '0600' }]);
  });

  test('names: what stands nearest wins', async () => {
    const show = (name: string, more: object) => task(says, { name, args: args({ msg: ref('x') }), ...more });
    const vars = (value: string) => new Map([['x', lit(value)]]);
    const { events } = await runSteps([show('inventory', {})], { hostVars: { x: 'inventory' } });
    expect(eventsOf(events, 'ended')[0]?.text).toBe('inventory');

    const layered = await runSteps(
      [
        show('play vars', {}),
        task(setsFacts, { args: args({ x: 'fact' }) }),
        show('fact', {}),
        show('still the fact', { vars: vars('task') }),
        include([show('include', {}), show('still the include', { vars: vars('task') })], { vars: vars('include') }),
        show('loop', { vars: vars('task'), loop: loopOver(['loop'], { variable: 'x' }) }),
      ],
      { hostVars: { x: 'inventory' }, play: { vars: vars('play vars') } },
    );
    const texts = eventsOf(layered.events, 'ended').flatMap(event => event.text ?? []);
    expect(texts).toEqual(['play vars', 'fact', 'fact', 'include', 'include', 'loop']);
  });

  test('vars are rendered where they are used; one that names itself means the next one out', async () => {
    const { events } = await runSteps(
      [
        task(says, { args: args({ msg: ref('url') }), loop: loopOver(['n1']) }),
        task(says, {
          args: args({ msg: ref('x') }),
          vars: new Map([['x', expr(scope => `${String(scope.get('x'))}!`)]]),
        }),
        task(says, {
          args: args({ msg: ref('a') }),
          vars: new Map([
            ['a', ref('b')],
            ['b', ref('a')],
          ]),
        }),
      ],
      {
        hostVars: { x: 'inventory' },
        play: {
          vars: new Map([['url', expr(scope => `https://${String(scope.get('item'))}`)]]),
        },
      },
    );
    const found = eventsOf(events, 'ended');
    expect([found[0]?.text, found[2]?.text]).toEqual(['https://n1', 'inventory!']);
    expect(found[3]?.error?.code).toBe('undefined-name');
  });

  test('a name that cannot be rendered is shown as it was written', async () => {
    const { events } = await runSteps([{ ...task(says), name: ref('nothing') }]);
    expect(eventsOf(events, 'task-started')[0]?.name).toBe('name');
  });
});

test('no_log: nothing of what a task works with leaves it, a loop’s items included', async () => {
  const leaky = looks(async (probe, params) => {
    probe.progress({ text: `trying ${String(params.password)}` });
    throw trouble({ password: String(params.password) });
  });
  const module = brings({ value: 'hunter2' }, 'hunter3');
  const { events, ends } = await runSteps([
    task(leaky, {
      name: 't',
      noLog: true,
      args: args({ password: ref('item') }),
      loop: loopOver(['hunter2']),
      retries: lit(1),
      ignoreErrors: lit(true),
      register: 'r',
    }),
    task(module, { name: 'u', noLog: true }),
    task(says, { name: 'v', when: [expr(s => JSON.stringify(s.get('r')).includes('hunter2'))] }),
  ]);
  expect(JSON.stringify(events)).not.toContain('hunter');
  expect(ends).toEqual(['t[#1]@node001 ignored', 't@node001 ignored', 'u@node001 changed', 'v@node001 ok']);
});

test('a step that fails says where it stands', async () => {
  const { events } = await runSteps([task(fails), task(notes([], 'x'))]);
  expect(eventsOf(events, 'ended')[0]?.error).toEqual({
    code: 'condition-not-met',
    message: 'told to fail',
    place: 'site.yml:1:3',
  });
});
