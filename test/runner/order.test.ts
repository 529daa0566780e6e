import { describe, expect, test } from 'vitest';
import { Unreachable } from '../../src/core/failure.ts';
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
  guardOf,
  include,
  lit,
  looks,
  loopOver,
  notes,
  plan,
  play,
  ref,
  runSteps,
  says,
  task,
  world,
} from '../support/world.ts';

const two = ['node001', 'node002'];
const onlyOn = (host: string) => expr(scope => scope.get('inventory_hostname') === host);

describe('plays and hosts', () => {
  test('all hosts go through a task before any begins the next', async () => {
    const log: string[] = [];
    await runSteps([task(notes(log, 'a')), task(notes(log, 'b'))], { hosts: two });
    expect(log).toEqual(['a@node001', 'a@node002', 'b@node001', 'b@node002']);
  });

  test('forks bounds how many hosts are worked on at once, the play before the run', async () => {
    for (const [forks, most] of [
      [1, 1],
      [2, 2],
    ] as const) {
      let now = 0;
      let peak = 0;
      const module = looks(async probe => {
        now += 1;
        peak = Math.max(peak, now);
        await probe.clock.sleep(1, probe.signal);
        now -= 1;
        return {};
      });
      await runSteps([task(module)], { hosts: ['a', 'b', 'c'], options: { forks: 3 }, play: { forks } });
      expect(peak).toBe(most);
    }
  });

  test('a host that fails leaves, the others go on, and the next play runs without it', async () => {
    const log: string[] = [];
    const outside = world({ hosts: two });
    const { outcome } = await run(
      plan(
        play([task(fails, { when: [onlyOn('node001')] }), task(notes(log, 'a'))], { hosts: two }),
        play([task(notes(log, 'b'))], { hosts: two, id: 'p1' }),
      ),
      outside.deps,
    );
    expect(log).toEqual(['a@node002', 'b@node002']);
    expect(outcome).toBe('failed');
    expect(eventsOf(outside.events, 'play-started').map(event => event.hosts)).toEqual([two, ['node002']]);
  });

  test('one host failed and one unreachable: failed', async () => {
    const down = looks(async () => {
      throw new Unreachable('node001', 'gone');
    });
    const steps = [task(down, { when: [onlyOn('node001')] }), task(fails)];
    expect((await runSteps(steps, { hosts: two })).outcome).toBe('failed');
  });

  test('a defect in what only shows is a defect, too', async () => {
    const guard = {
      ...guardOf('safe'),
      membership: async () => {
        throw new TypeError('x is undefined');
      },
    };
    const weighed = task(brings({ value: 'a' }, 'b', { weighed: true }));
    const { outcome } = await runSteps([weighed], { guard, groups: { etcd: ['node001'] } });
    expect(outcome).toBe('defect');
  });

  test('a play without hosts left is named, not silently passed over', async () => {
    const outside = world();
    await run(plan(play([task(fails)]), play([task(says)], { id: 'p1', name: 'the rest' })), outside.deps);
    expect(eventsOf(outside.events, 'warning').map(event => event.message)).toEqual([
      'the play the rest is left out: none of its hosts is left',
    ]);
  });

  test('an unreachable host counts as unreachable, is not rescued, and its always section still runs', async () => {
    const log: string[] = [];
    const down = looks(async () => {
      throw new Unreachable('node001', 'connection timed out');
    });
    const { ends, outcome, events } = await runSteps([
      block([task(down, { name: 'look', ignoreErrors: lit(true) })], {
        rescue: [task(notes(log, 'rescue'))],
        always: [task(notes(log, 'always'), { name: 'always' })],
      }),
      task(notes(log, 'later')),
    ]);
    expect(ends).toEqual(['look@node001 unreachable', 'always@node001 ok']);
    expect(log).toEqual(['always@node001']);
    expect(outcome).toBe('unreachable');
    expect(eventsOf(events, 'run-ended')[0]).toMatchObject({
      error: { code: 'unreachable', message: 'node001 is unreachable: connection timed out' },
      next: ['quorate status', 'quorate run site.yml'],
    });
  });

  test('a host that could not be connected to is tried anew by a later task', async () => {
    let tries = 0;
    const outside = world({
      connect: async host => {
        tries += 1;
        throw new Unreachable(host.name, 'refused');
      },
    });
    const asks = acts(async host => ({ rc: (await host.run(['true'])).code }));
    const steps = [block([task(asks)], { always: [task(asks)] })];
    const { outcome } = await run(plan(play(steps)), outside.deps);
    expect([outcome, tries]).toEqual(['unreachable', 2]);
  });

  test('an exception that is no Failure is a defect: it ends the run and nothing catches it', async () => {
    const log: string[] = [];
    const broken = looks(async () => {
      throw new TypeError('x is not a function');
    });
    const { outcome, events } = await runSteps(
      [
        block([task(broken, { when: [onlyOn('node001')], ignoreErrors: lit(true) })], {
          rescue: [task(notes(log, 'rescue'))],
        }),
        task(notes(log, 'later')),
      ],
      { hosts: two },
    );
    expect([outcome, log]).toEqual(['defect', []]);
    expect(eventsOf(events, 'run-ended')[0]?.error).toMatchObject({ code: 'defect', message: 'x is not a function' });
  });
});

describe('conditions', () => {
  test('all must hold; a block asks its own for each task in it', async () => {
    const asked: string[] = [];
    const count = (name: string, value: boolean) =>
      expr(() => {
        asked.push(name);
        return value;
      });
    const { ends } = await runSteps([
      block([task(says, { name: 'a' }), task(says, { name: 'b', when: [count('own', false)] })], {
        when: [count('block', true)],
      }),
      task(says, { name: 'c', when: [lit(true), lit(0)] }),
      task(says, { name: 'd', when: [lit([1])] }),
    ]);
    expect(ends).toEqual(['a@node001 ok', 'b@node001 skipped', 'c@node001 skipped', 'd@node001 ok']);
    expect(asked).toEqual(['block', 'block', 'own']);
  });

  test('a text is no condition', async () => {
    const { events, outcome } = await runSteps([task(says, { when: [lit('false')] })]);
    expect(outcome).toBe('failed');
    expect(eventsOf(events, 'ended')[0]?.error).toMatchObject({ code: 'type-mismatch', place: 'site.yml:1:3' });
  });
});

describe('blocks', () => {
  test('a failure is rescued for the host that failed; always runs for all', async () => {
    const { ends, outcome, events } = await runSteps(
      [
        block([task(fails, { name: 'body', when: [onlyOn('node001')] }), task(says, { name: 'body 2' })], {
          rescue: [task(says, { name: 'rescue', args: args({ msg: ref('ansible_failed_result.msg') }) })],
          always: [task(says, { name: 'always' })],
        }),
        task(says, { name: 'later' }),
      ],
      { hosts: two, options: { forks: 1 } },
    );
    expect(ends).toEqual([
      'body@node001 rescued',
      'body@node002 skipped',
      'body 2@node002 ok',
      'rescue@node001 ok',
      'always@node001 ok',
      'always@node002 ok',
      'later@node001 ok',
      'later@node002 ok',
    ]);
    expect(outcome).toBe('done');
    expect(eventsOf(events, 'ended').find(event => event.where.name === 'rescue')?.text).toBe('told to fail');
    expect(eventsOf(events, 'run-ended')[0]?.totals.node001).toMatchObject({ failed: 0, ignored: 1, ok: 3 });
  });

  test('a failure in rescue counts, unless an outer block catches it', async () => {
    const inner = block([task(fails, { name: 'a' })], { rescue: [task(fails, { name: 'b' })] });
    expect(await runSteps([inner])).toMatchObject({
      outcome: 'failed',
      ends: ['a@node001 rescued', 'b@node001 failed'],
    });
    const outer = block([inner], { rescue: [task(says, { name: 'c' })] });
    expect(await runSteps([outer])).toMatchObject({
      outcome: 'done',
      ends: ['a@node001 rescued', 'b@node001 rescued', 'c@node001 ok'],
    });
  });

  test('ignore_errors lets a failure pass, and the result still says that it failed', async () => {
    const { ends, outcome, events } = await runSteps([
      task(fails, { name: 'a', ignoreErrors: lit(true), register: 'a' }),
      task(says, { name: 'b', args: args({ msg: ref('a.failed') }) }),
    ]);
    expect([outcome, ends]).toEqual(['done', ['a@node001 ignored', 'b@node001 ok']]);
    expect(eventsOf(events, 'ended')[1]?.text).toBe('true');
  });
});

describe('includes', () => {
  test('a loop enters once a round; conditions and vars are worked out once, on entering', async () => {
    let worked = 0;
    const body = [
      task(says, { name: 'one', args: args({ msg: ref('peer') }) }),
      task(says, { name: 'two', args: args({ msg: ref('peer') }) }),
    ];
    const peer = expr(scope => {
      worked += 1;
      return `https://${String(scope.get('item'))}`;
    });
    const { ends, events } = await runSteps([
      include(body, {
        name: lit('Add'),
        loop: loopOver(['n1', 'n2', 'n3']),
        when: [expr(scope => scope.get('item') !== 'n2')],
        vars: new Map([['peer', peer]]),
      }),
    ]);
    expect(ends).toEqual([
      'one[n1]@node001 ok',
      'two[n1]@node001 ok',
      'Add[n2]@node001 skipped',
      'one[n3]@node001 ok',
      'two[n3]@node001 ok',
    ]);
    expect(worked).toBe(2);
    expect(eventsOf(events, 'ended').flatMap(event => event.text ?? [])).toEqual([
      'https://n1',
      'https://n1',
      'https://n3',
      'https://n3',
    ]);
    expect(eventsOf(events, 'include-entered').map(event => [event.name, event.within, event.hosts])).toEqual([
      ['Add', ['n1'], ['node001']],
      ['Add', ['n3'], ['node001']],
    ]);
  });

  test('hosts with the same rounds go in together, others apart; one that failed takes no further round', async () => {
    const log: string[] = [];
    const perHost = expr(scope => (scope.get('inventory_hostname') === 'c' ? ['x', 'z'] : ['x', 'y']));
    const { events } = await runSteps(
      [include([task(fails, { when: [onlyOn('b')] }), task(notes(log, 't'))], { loop: loopOver(perHost) })],
      { hosts: ['a', 'b', 'c'] },
    );
    expect(eventsOf(events, 'include-entered').map(event => [event.within[0], event.hosts])).toEqual([
      ['x', ['a', 'b', 'c']],
      ['y', ['a']],
      ['z', ['c']],
    ]);
    expect(log).toEqual(['t@a', 't@c', 't@a', 't@c']);
  });

  test('rounds nest, and a loop in a round bears its item', async () => {
    const inner = include([task(says, { name: 't', loop: loopOver(['i']) })], { loop: loopOver(['b']) });
    const { ends } = await runSteps([include([inner], { loop: loopOver(['a']) })]);
    expect(ends).toEqual(['t[a][b][i]@node001 ok', 't[a][b]@node001 ok']);
  });

  test('an import asks its condition for each task, and its vars are lazy', async () => {
    let asked = 0;
    const when = expr(() => {
      asked += 1;
      return true;
    });
    const { ends, events } = await runSteps([
      include([task(says, { name: 'a', args: args({ msg: ref('v') }) }), task(says, { name: 'b' })], {
        mode: 'import',
        when: [when],
        vars: new Map([['v', lit('lazy')]]),
      }),
    ]);
    expect([ends, asked]).toEqual([['a@node001 ok', 'b@node001 ok'], 2]);
    expect(eventsOf(events, 'ended')[0]?.text).toBe('lazy');
    expect(eventsOf(events, 'include-entered')).toEqual([]);
  });

  test('a skipped include leaves skipped registers behind', async () => {
    const { ends } = await runSteps([
      include([task(says, { register: 'r' })], { name: lit('inc'), when: [lit(false)] }),
      task(says, { name: 'uses it', when: [ref('r.skipped')] }),
    ]);
    expect(ends).toEqual(['inc@node001 skipped', 'uses it@node001 ok']);
  });

  test('what cannot be worked out on entering fails there, and a rescue catches it', async () => {
    const bad = include([task(says)], { name: lit('inc'), loop: loopOver('n1,n2') });
    const { ends, outcome } = await runSteps([block([bad], { rescue: [task(says, { name: 'rescue' })] })]);
    expect([outcome, ends]).toEqual(['done', ['inc@node001 rescued', 'rescue@node001 ok']]);
  });
});

test('events come in an order that a view can follow', async () => {
  const outside = world();
  await run(plan(play([task(says, { name: 'a' })])), outside.deps);
  expect(outside.events.map(event => event.type)).toEqual([
    'run-started',
    'play-started',
    'task-started',
    'ended',
    'run-ended',
  ]);
  expect(ends(outside.events)).toEqual(['a@node001 ok']);
});
