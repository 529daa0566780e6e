import { describe, expect, test } from 'vitest';
import { Failure, Unreachable } from '../../src/core/failure.ts';
import type { Play, Step, Task } from '../../src/core/plan.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  args,
  block,
  brings,
  ends,
  eventsOf,
  expr,
  fails,
  flush,
  include,
  lit,
  looks,
  loopOver,
  notes,
  plan,
  play,
  promote,
  ref,
  type TaskMore,
  task,
  world,
} from '../support/world.ts';

const two = ['node001', 'node002'];
const onlyOn = (host: string) => expr(scope => scope.get('inventory_hostname') === host);

/** A change that wakes these handlers. */
const changing = (notify: readonly string[], more: TaskMore = {}) =>
  task(
    acts(async () => ({})),
    { notify, ...more },
  );

/** Handlers h0, h1 … that note their names. */
const noting = (log: string[], ...names: string[]): Task[] =>
  names.map((name, i) => task(notes(log, name), { id: `h${i}`, name }));

async function runPlay(steps: readonly Step[], more: Partial<Play>, deps: Parameters<typeof world>[0] = {}) {
  const outside = world({ hosts: two, ...deps });
  const { outcome } = await run(plan(play(steps, { hosts: two, ...more })), outside.deps);
  return { outcome, events: outside.events };
}

describe('handlers', () => {
  test('are done once, after the tasks, in their own order, on the hosts on which they were notified', async () => {
    const log: string[] = [];
    const steps = [
      changing(['h1', 'h0']),
      changing(['h1'], { when: [onlyOn('node002')] }),
      changing(['h2'], { when: [onlyOn('node002')] }),
      task(notes(log, 'last')),
    ];
    await runPlay(steps, { handlers: noting(log, 'a', 'b', 'c') });
    expect(log).toEqual([
      'last@node001',
      'last@node002',
      'a@node001',
      'a@node002',
      'b@node001',
      'b@node002',
      'c@node002',
    ]);
  });

  test('are not woken by what changed nothing, was skipped, or failed before it changed anything', async () => {
    const log: string[] = [];
    const there = brings({ value: 'new' }, 'new');
    const steps = [
      task(there, { notify: ['h0'] }),
      changing(['h0'], { when: [lit(false)] }),
      changing(['h0'], { changedWhen: [lit(false)] }),
      task(fails, { notify: ['h0'], ignoreErrors: lit(true) }),
    ];
    expect((await runPlay(steps, { handlers: noting(log, 'a') })).outcome).toBe('done');
    expect(log).toEqual([]);
  });

  test('are woken by one changed item of a loop, even beside one whose failure is ignored', async () => {
    const log: string[] = [];
    const each = acts(async (_host, params) => {
      if (params.item === 2) throw new Failure('command-failed', 'rc 1');
      return { changed: params.item === 3 };
    });
    const loop = { loop: loopOver([1, 2, 3]), args: args({ item: ref('item') }), ignoreErrors: lit(true) };
    await runPlay([task(each, { notify: ['h0'], ...loop })], { hosts: ['node001'], handlers: noting(log, 'a') });
    expect(log).toEqual(['a@node001']);
  });

  test('are done at a flush, with the names of the play, and again only where they are notified again', async () => {
    const log: string[] = [];
    const sees = looks(async (probe, params) => {
      log.push(`${params.what}@${probe.name}`);
      return {};
    });
    const handlers = [task(sees, { id: 'h0', args: args({ what: ref('who') }) })];
    const inside = [changing(['h0']), flush(), task(notes(log, 'inside'))];
    const steps = [
      block(inside, { vars: new Map([['who', lit('block')]]), when: [onlyOn('node001')] }),
      include([changing(['h0'])], { loop: loopOver([1, 2]) }),
      task(notes(log, 'last')),
    ];
    await runPlay(steps, { hosts: ['node001'], handlers, vars: new Map([['who', lit('play')]]) });
    expect(log).toEqual(['play@node001', 'inside@node001', 'last@node001', 'play@node001']);
  });

  test('wake those below them, in the same flush', async () => {
    const log: string[] = [];
    const [a, b] = [changing(['h1'], { id: 'h0' }), task(notes(log, 'b'), { id: 'h1' })];
    await runPlay([changing(['h0'])], { hosts: ['node001'], handlers: [a, b] });
    expect(log).toEqual(['b@node001']);
  });

  test('are left to a resume on a host that failed, which the end of the run says; others do theirs', async () => {
    const log: string[] = [];
    const steps = [changing(['h0']), task(fails, { when: [onlyOn('node001')] })];
    const { outcome, events } = await runPlay(steps, { handlers: noting(log, 'a') });
    expect(outcome).toBe('failed');
    expect(log).toEqual(['a@node002']);
    expect(eventsOf(events, 'run-ended')[0]?.waiting).toEqual([{ handler: 'a', hosts: ['node001'] }]);
    expect(eventsOf(events, 'ended')[0]).toMatchObject({ notified: ['a'] });
    expect(eventsOf(events, 'task-started').map(({ handler }) => handler === true)).toEqual([false, false, true]);
  });

  test('that fail take their host out, and go on waiting', async () => {
    const log: string[] = [];
    const handlers = [
      task(fails, { id: 'h0', name: 'a', when: [onlyOn('node001')] }),
      ...noting(log, '', 'b').slice(1),
    ];
    const { outcome, events } = await runPlay([changing(['h0', 'h1'])], { handlers });
    expect(outcome).toBe('failed');
    expect(log).toEqual(['b@node002']);
    expect(eventsOf(events, 'run-ended')[0]?.waiting).toEqual([
      { handler: 'a', hosts: ['node001'] },
      { handler: 'b', hosts: ['node001'] },
    ]);
  });

  describe('with force_handlers', () => {
    const force = { forceHandlers: true };

    test('are done on hosts that failed, too, even where that ends the run for all', async () => {
      for (const more of [{}, { maxFailPercentage: 0 }]) {
        const log: string[] = [];
        const steps = [changing(['h0']), task(fails, { when: [onlyOn('node001')] })];
        const { outcome, events } = await runPlay(steps, { handlers: noting(log, 'a'), ...force, ...more });
        expect({ outcome, log }).toEqual({ outcome: 'failed', log: ['a@node001', 'a@node002'] });
        expect(eventsOf(events, 'run-ended')[0]).not.toHaveProperty('waiting');
      }
    });

    test('are left to a resume where a host is gone or a change was refused', async () => {
      const refused = acts(async () => {
        throw new Failure('guard-refused', 'no');
      });
      const gone = looks(async () => {
        throw new Unreachable('node001', 'gone');
      });
      for (const last of [refused, gone]) {
        const log: string[] = [];
        await runPlay([changing(['h0']), task(last)], { hosts: ['node001'], handlers: noting(log, 'a'), ...force });
        expect(log).toEqual([]);
      }
    });

    test('are not done a second time by the resume, unless something new has woken them', async () => {
      const where = { name: '', module: 'acts', host: 'node001', on: 'node001', within: [] };
      const record = (id: string, status: 'changed' | 'failed' | 'ok') => ({
        where: { ...where, task: id },
        status,
        changes: [],
        result: { changed: status === 'changed', failed: status === 'failed' },
        facts: {},
        withheld: false,
        endedAtMs: 0,
      });
      const ended = [record('t0', 'changed'), record('t1', 'failed'), record('h0', 'ok')];
      for (const [notify, wanted] of [
        [[], []],
        [['h0'], ['a@node001']],
      ] as const) {
        const log: string[] = [];
        const steps = [changing(['h0'], { id: 't0' }), changing(notify, { id: 't1' })];
        const outside = world();
        const deps = { ...outside.deps, recall: { begunAtMs: 0, ended, underWay: [] } };
        await run(plan(play(steps, { handlers: noting(log, 'a'), ...force })), deps);
        expect(log).toEqual(wanted);
      }
    });
  });

  test('belong to the course, also where only the run will tell whether they are woken', async () => {
    const handlers = [
      task(brings({ value: '' }, 'new', { weighed: true, risks: () => [promote] }), { id: 'h0', name: 'promote' }),
    ];
    const { events } = await runPlay(
      [changing(['h0'])],
      { hosts: ['node001'], handlers },
      { options: { check: true } },
    );
    expect(eventsOf(events, 'course')[0]?.steps.map(({ name }) => name)).toEqual(['promote']);
    expect(ends(events)).toEqual(['acts@node001 unknown', 'promote@node001 changed']);
    expect(eventsOf(events, 'run-ended')[0]).not.toHaveProperty('waiting');
  });
});
