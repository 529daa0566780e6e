// A run that is killed after any line of its journal, or in the middle of one, and resumed, ends where it would have ended.
import { describe, expect, test } from 'vitest';
import type { RunEvent, StampedEvent } from '../../src/core/event.ts';
import { Failure } from '../../src/core/failure.ts';
import type { ActModule, ConvergeModule, Module } from '../../src/core/module.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import { isList, isMap, type Value } from '../../src/core/value.ts';
import { recallOf } from '../../src/journal/recall.ts';
import type { RunOptions } from '../../src/runner/deps.ts';
import { openExit } from '../../src/runner/exit.ts';
import { run } from '../../src/runner/run.ts';
import { faultsIn } from '../support/journal-lines.ts';
import {
  acts,
  args,
  block,
  brings,
  expr,
  fails,
  fakeClock,
  flush,
  guardOf,
  include,
  lit,
  looks,
  loopOver,
  plan,
  play,
  promote,
  ref,
  says,
  setsFacts,
  task,
  world,
} from '../support/world.ts';

/** Fires where a process is killed: nothing after it happens. */
class Killed extends Error {}

interface Site {
  readonly plan: Plan;
  readonly hosts?: readonly string[];
  /** What was done to the world, one entry a change. */
  readonly log: string[];
  /** What the world is in the end. */
  state(): unknown;
}

/**
 * Runs until `endsAt` says so of an event, then is killed, `before` that is told (so that what led to it is done) or `after`
 * (so that what it announces is not). `before` is the journal of earlier processes.
 */
async function process(
  site: Site,
  before: readonly StampedEvent[],
  endsAt: (event: StampedEvent, told: number) => boolean = () => false,
  more: { dies?: 'before' | 'after'; options?: Partial<RunOptions>; decide?: (what: string) => 'done' | 'again' } = {},
) {
  const journal: StampedEvent[] = [...before];
  const shown: RunEvent[] = [];
  const view = {
    event: (event: StampedEvent) => {
      if (more.dies !== 'after' && endsAt(event, journal.length - before.length)) throw new Killed();
      journal.push(event);
    },
  };
  const exits = openExit(fakeClock(1_000_000 * (before.length + 1)), view, []);
  let dead = false;
  const never = new Promise<never>(() => {});
  const hosts = site.hosts ?? ['node001'];
  const outside = world({ hosts, guard: guardOf('safe'), options: { yes: true, ...more.options } });
  const killed = Promise.withResolvers<'killed'>();
  const emit = (event: RunEvent): void => {
    if (dead) throw new Killed();
    try {
      // The number is the journal's; what fails in it is our kill.
      exits.emit(event);
      shown.push(event);
      if (more.dies === 'after' && endsAt({ ...event, sequence: 0, atMs: 0 }, journal.length - before.length))
        throw new Killed();
    } catch {
      dead = true;
      killed.resolve('killed');
      throw new Killed();
    }
  };
  const ended = run(site.plan, {
    ...outside.deps,
    emit,
    masked: exits.masked,
    hide: exits.hide,
    resume: 'quorate resume r1',
    consent: more.decide ? { decide: async what => more.decide?.(what) ?? 'stop' } : {},
    ...(before.length > 0 ? { recall: recallOf(before) } : {}),
  }).then(
    ({ outcome }) => (dead ? never : outcome),
    () => never,
  );
  const outcome = await Promise.race([ended, killed.promise]);
  // What a killed process still has in hand comes to nothing, because each change announces itself first.
  await new Promise(resolve => setTimeout(resolve, 1));
  return { outcome, journal: journal.map((event, index) => ({ ...event, sequence: index + 1 })), shown, outside };
}

/** Two hosts; loops, an include with a loop, blocks with rescue and always, registers, facts, acts that must happen once. */
function representative(): Site {
  const log: string[] = [];
  const values = new Map<string, string>();
  const once = (name: string) =>
    acts(
      async (host, params) => {
        log.push(`${name} ${JSON.stringify(params)}@${host.name}`);
        return { stdout: `${name} on ${host.name}` };
      },
      { name, repeat: () => 'never', done: async probe => doneOf(log, name, probe.name) },
    );
  const converges = (name: string, more: Partial<ConvergeModule> = {}) =>
    brings({ value: '' }, 'new', {
      observe: async (probe, params) => {
        const key = `${name} ${JSON.stringify(params)}@${probe.name}`;
        if (values.get(key) === 'new') return { kind: 'same', state: key, result: { value: 'new' } };
        return { kind: 'differs', state: key, changes: [{ what: key }] };
      },
      apply: async (_host, _params, key) => {
        values.set(String(key), 'new');
        log.push(String(key));
        return undefined;
      },
      ...more,
    });
  const handler = (name: string, number: number) =>
    task(once(name), { id: `p0.h${number}`, name, args: args({ handler: name }) });
  const handlers = [handler('early', 0), handler('both', 1), handler('late', 2), handler('idle', 3)];
  const sees = looks(async probe => ({ nodes: ['a', 'b'], at: probe.name }), { name: 'sees' });

  const steps = [
    task(sees, { id: 'p0.t0', name: 'look', register: 'seen' }),
    task(once('first'), { id: 'p0.t1', name: 'first', register: 'first', notify: ['p0.h0', 'p0.h1'] }),
    task(setsFacts, { id: 'p0.t2', name: 'note', args: args({ noted: ref('first.stdout'), message: 'kept' }) }),
    task(says, { id: 'p0.t3', name: 'say', args: args({ msg: ref('noted') }), register: 'said' }),
    task(once('each'), {
      id: 'p0.t4',
      name: 'each',
      loop: loopOver(['x', 'y', 'z']),
      args: args({ item: ref('item') }),
      register: 'all',
    }),
    include(
      [
        task(converges('round'), {
          id: 'p0.i.t0',
          name: 'bring',
          args: args({ of: ref('item') }),
          register: 'brought',
        }),
        task(once('rnd'), {
          id: 'p0.i.t1',
          name: 'in a round',
          args: args({ of: ref('item') }),
          when: [ref('brought.changed')],
        }),
      ],
      { id: 'p0.i', name: lit('rounds'), loop: loopOver(ref('seen.nodes')) },
    ),
    flush({ id: 'p0.f' }),
    include([task(once('never'), { id: 'p0.n.t0', name: 'never' })], { id: 'p0.n', when: [lit(false)] }),
    block(
      [
        task(once('risky'), { id: 'p0.b.t0', name: 'risky', notify: ['p0.h1', 'p0.h2'] }),
        task(fails, { id: 'p0.b.t1', name: 'fail' }),
        task(once('unreached'), { id: 'p0.b.t2', name: 'unreached' }),
      ],
      {
        id: 'p0.b',
        rescue: [
          task(once('mend'), {
            id: 'p0.b.r0',
            name: 'mend',
            args: args({ of: ref('ansible_failed_task.name') }),
            register: 'mended',
          }),
        ],
        always: [task(once('clean'), { id: 'p0.b.a0', name: 'clean' })],
      },
    ),
    task(fails, { id: 'p0.t6', name: 'ignored', ignoreErrors: lit(true), register: 'failed' }),
    task(once('skipped'), { id: 'p0.t7', name: 'skipped', when: [lit(false)], register: 'left', notify: ['p0.h3'] }),
    task(converges('last', { weighed: true, risks: () => [promote] }), {
      id: 'p0.t8',
      name: 'weighed',
      register: 'last',
    }),
    task(once('end'), {
      id: 'p0.t9',
      name: 'end',
      args: args({
        said: ref('said'),
        all: expr(scope => itemsOf(scope.get('all'))),
        failed: ref('failed.message'),
        left: ref('left.skipped'),
        last: ref('last.changed'),
        noted: ref('noted'),
        fact: ref('message'),
      }),
    }),
  ];
  return {
    plan: plan(play(steps, { hosts: ['node001', 'node002'], handlers })),
    hosts: ['node001', 'node002'],
    log,
    state: () => [...log].sort(),
  };
}

/** Which items a loop's result has, and whether they were changed: of what a person says was done, nothing else is known. */
function itemsOf(register: Value | undefined): Value {
  const results = register !== undefined && register !== null && isMap(register) ? (register.results ?? []) : [];
  return isList(results) ? results.map(it => (isMap(it) ? [it.item ?? null, it.changed ?? null] : null)) : null;
}

/** Each act leaves a trace on its host, by which a resume can tell that it was done; as `creates` of a command does. */
function doneOf(log: readonly string[], name: string, host: string): { stdout: string } | undefined {
  const rounds = ['each', 'rnd'].includes(name);
  if (rounds || !log.some(line => line.startsWith(`${name} `) && line.endsWith(`@${host}`))) return undefined;
  return { stdout: `${name} on ${host}` };
}

describe('killed anywhere', () => {
  test('after each line, then resumed: the end is the same, and nothing was done twice', async () => {
    const whole = representative();
    const undisturbed = await process(whole, []);
    expect(undisturbed.outcome).toBe('done');
    const lines = undisturbed.journal.length;
    expect(lines).toBeGreaterThan(80);
    const kills = Array.from({ length: lines - 1 }, (_, index) => index + 1).flatMap(last =>
      (['before', 'after'] as const).map(dies => ({ last, dies })),
    );
    for (const { last, dies } of kills) {
      const site = representative();
      const first = await process(site, [], (_, told) => told === last, { dies });
      expect(first.outcome, `killed at ${last}`).toBe('killed');
      const second = await process(site, first.journal, undefined, {
        decide: answer(site.log),
      });
      expect(faultsIn(second.journal)).toEqual([]);
      expect(second.outcome, `killed at ${last}: ${JSON.stringify(second.shown.at(-1))}`).toBe('done');
      expect(site.state(), `killed at ${last}`).toEqual(whole.state());
      expect(totalsOf(second.journal), `killed at ${last}`).toEqual(totalsOf(undisturbed.journal));
    }
  });

  test('again and again, at every other place of each process', async () => {
    const whole = representative();
    await process(whole, []);
    for (const step of [2, 3, 5, 7]) {
      const site = representative();
      let journal: readonly StampedEvent[] = [];
      for (let outcome = 'killed', kills = 0; outcome === 'killed'; kills += 1) {
        expect(kills).toBeLessThan(200);
        // Each process recalls what there is, and comes a few changes and ends further.
        let live = 0;
        const endsAt = ({ type }: StampedEvent) => {
          if (type === 'changing' || type === 'ended') live += 1;
          return live >= step;
        };
        const next = await process(site, journal, endsAt, {
          decide: answer(site.log),
        });
        outcome = next.outcome;
        journal = next.journal;
      }
      expect(site.state(), `every ${step} events`).toEqual(whole.state());
    }
  });
});

/** Rounds leave no trace: after a kill in the middle of one, a person looks into the log. */
function answer(log: readonly string[]): (what: string) => 'done' | 'again' {
  return what => {
    const [, name, item, host] = /^“(each|in a round) \((\w)\)” on (\w+) must happen once/.exec(what) ?? [];
    const act = name === 'each' ? 'each' : 'rnd';
    const done = log.some(line => line.startsWith(`${act} {`) && line.endsWith(`"${item}"}@${host}`));
    return done ? 'done' : 'again';
  };
}

describe('handlers', () => {
  test('that were notified before a failure are done in the resume, and those that were done are not', async () => {
    const log: string[] = [];
    let broken = true;
    const act = (name: string) =>
      acts(async () => {
        log.push(name);
        return {};
      });
    const flaky = acts(async () => {
      if (broken) throw new Failure('command-failed', 'rc 1');
      return {};
    });
    const handlers = ['a', 'b'].map((name, i) => task(act(`handler ${name}`), { id: `p0.h${i}`, name }));
    const steps = [
      task(act('one'), { id: 'p0.t0', notify: ['p0.h0'] }),
      flush({ id: 'p0.t1' }),
      task(act('two'), { id: 'p0.t2', notify: ['p0.h1'] }),
      task(flaky, { id: 'p0.t3' }),
    ];
    const site: Site = { plan: plan(play(steps, { handlers })), log, state: () => log };
    const first = await process(site, []);
    expect(first.outcome).toBe('failed');
    expect(log).toEqual(['one', 'handler a', 'two']);
    expect(first.journal.at(-1)).toMatchObject({ waiting: [{ handler: 'b', hosts: ['node001'] }] });
    expect(faultsIn(first.journal)).toEqual([]);
    broken = false;
    const second = await process(site, first.journal);
    expect(second.outcome).toBe('done');
    expect(log).toEqual(['one', 'handler a', 'two', 'handler b']);
    expect(second.journal.at(-1)).not.toHaveProperty('waiting');
  });
});

describe('what is recalled', () => {
  const siteOf = (log: string[], ...steps: Step[]): Site => ({ plan: plan(play(steps)), log, state: () => log });
  const act = (log: string[], name: string, more: Partial<ActModule> = {}) =>
    acts(
      async () => {
        log.push(name);
        return { stdout: name };
      },
      { name, repeat: () => 'never', ...more },
    );

  test('a retry is followed by its always section again, and by nothing that was done before it', async () => {
    const log: string[] = [];
    let broken = true;
    const flaky = acts(async () => {
      log.push('flaky');
      if (broken) throw new Failure('command-failed', 'rc 1');
      return {};
    });
    const site = siteOf(
      log,
      task(act(log, 'before'), { id: 't0' }),
      block([task(flaky, { id: 't1' })], { id: 'b', always: [task(act(log, 'clean'), { id: 't2' })] }),
    );
    const first = await process(site, []);
    expect(first.outcome).toBe('failed');
    broken = false;
    const second = await process(site, first.journal);
    expect(second.outcome).toBe('done');
    expect(log).toEqual(['before', 'flaky', 'clean', 'flaky', 'clean']);
    // A third one has nothing left to do.
    const third = await process(site, second.journal.slice(0, -1));
    expect([third.outcome, log.length]).toEqual(['done', 5]);
  });

  test('of a loop, the items that are done, whichever of them failed', async () => {
    const log: string[] = [];
    let broken = true;
    const each = acts(
      async (_host, params) => {
        log.push(String(params.item));
        if (broken && params.item === 2) throw new Failure('command-failed', 'rc 1');
        return {};
      },
      { repeat: () => 'never' },
    );
    const site = siteOf(log, task(each, { id: 't0', loop: loopOver([1, 2, 2, 3]), args: args({ item: ref('item') }) }));
    const first = await process(site, []);
    broken = false;
    expect((await process(site, first.journal)).outcome).toBe('done');
    expect(log).toEqual(['1', '2', '2', '3', '2', '2']);
  });

  test('not a result that is secret: looking is done again, and what must happen once is asked about', async () => {
    const log: string[] = [];
    const hidden = { noLog: true, register: 'kept' };
    const site = (name: string, module: Module) =>
      siteOf(
        log,
        task(module, { id: 't0', name, ...hidden }),
        task(act(log, 'use'), { id: 't1', args: args({ it: ref('kept.changed') }) }),
      );
    for (const [name, module, times] of [
      ['looks', looks(async () => ({ at: log.push('looks') })), 2],
      ['safe', act(log, 'safe', { repeat: () => 'safe' }), 2],
      ['done', act(log, 'done', { done: async () => (log.includes('done') ? {} : undefined) }), 1],
      ['once', act(log, 'once'), 1],
    ] as const) {
      const first = await process(
        site(name, module),
        [],
        event => event.type === 'task-started' && event.task === 't1',
      );
      expect(first.outcome).toBe('killed');
      const asked: string[] = [];
      const decide = (what: string) => {
        asked.push(what);
        return 'done' as const;
      };
      expect((await process(site(name, module), first.journal, undefined, { decide })).outcome).toBe('done');
      expect(
        log.filter(text => text === name),
        name,
      ).toHaveLength(times);
      expect(asked).toHaveLength(name === 'once' ? 1 : 0);
    }
  });

  test('what is done once, though the host on which it would be first now had failed then', async () => {
    const log: string[] = [];
    let broken = true;
    const flaky = acts(async host => {
      if (broken && host.name === 'node001') throw new Failure('command-failed', 'rc 1');
      return {};
    });
    const once = acts(async host => {
      log.push(host.name);
      return {};
    });
    const steps = [task(flaky, { id: 't0' }), task(once, { id: 't1', runOnce: true }), task(flaky, { id: 't2' })];
    const hosts = ['node001', 'node002'];
    const site: Site = { plan: plan(play(steps, { hosts })), hosts, log, state: () => log };
    const first = await process(site, []);
    broken = false;
    expect((await process(site, first.journal)).outcome).toBe('done');
    expect(log).toEqual(['node002']);
  });

  test('what was begun stays unknown through refusals, until somebody says what became of it', async () => {
    const log: string[] = [];
    const changedWhen = [ref('it.stdout')];
    const site = siteOf(log, task(act(log, 'once'), { id: 't0', name: 'once', register: 'it', changedWhen }));
    let { journal, outcome } = await process(site, [], event => event.type === 'ended');
    for (let tries = 0; tries < 3; tries += 1) {
      ({ journal, outcome } = await process(site, journal));
      expect(outcome).toBe('refused');
      expect(journal.at(-1)).toMatchObject({
        error: { code: 'outcome-unknown' },
        next: ['quorate status', 'quorate resume r1'],
      });
    }
    // Nothing is known of its result, so no condition is asked of it.
    const last = await process(site, journal, undefined, { options: { assumeDone: ['once'] } });
    expect([last.outcome, log]).toEqual(['done', ['once']]);
  });
});

function totalsOf(journal: readonly StampedEvent[]) {
  const last = journal.at(-1);
  return last?.type === 'run-ended' ? last.totals : undefined;
}
