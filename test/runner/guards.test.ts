import { describe, expect, test } from 'vitest';
import { Failure, Unreachable } from '../../src/core/failure.ts';
import type { MembershipView, Risk } from '../../src/core/guard.ts';
import type { Task } from '../../src/core/plan.ts';
import { refusal } from '../../src/runner/weigh.ts';
import {
  acts,
  args,
  block,
  brings,
  eventsOf,
  expr,
  fails,
  guardOf,
  include,
  lit,
  looks,
  loopOver,
  notes,
  promote,
  ref,
  remove,
  runSteps,
  says,
  setsFacts,
  type TaskMore,
  task,
} from '../support/world.ts';

/** A task that brings a weighed state about once. */
function weighed(risks: readonly Risk[] = [promote], more: TaskMore = {}): Task & { state: { value: string } } {
  const state = { value: 'old' };
  return { ...task(brings(state, 'new', { weighed: true, risks: () => risks }), { name: 'promote', ...more }), state };
}

test('a refusal names the rule and its numbers, before and after', () => {
  const standing = { voters: 3, healthy: 2, learners: 0, quorum: 2, margin: 0 };
  const { message, hint } = refusal(
    {
      kind: 'refused',
      risk: remove,
      reason: 'every voter must be healthy before this, and node002 is not',
      before: standing,
      after: { ...standing, healthy: 1, margin: -1 },
      next: 'bring node002 back first: quorate status',
      allowName: 'voters-down',
    },
    ['voters-down'],
  );
  expect(message).toBe(
    'every voter must be healthy before this, and node002 is not (voters-down: 2 of 3 voters are healthy, quorum 2; after it 1 of 3, quorum 2)',
  );
  expect(hint).toBe('bring node002 back first: quorate status; --allow voters-down accepts it');
});

describe('the yes', () => {
  test('the course is shown before anything is done, and asked for once', async () => {
    const log: string[] = [];
    const one = weighed();
    const two = weighed([remove], { name: 'remove' });
    const { outcome, asked, events } = await runSteps([task(notes(log, 'before')), one, two], {
      guard: guardOf('fragile'),
      answer: () => {
        log.push('asked');
        return true;
      },
    });
    expect(outcome).toBe('done');
    expect(log).toEqual(['before@node001', 'asked', 'before@node001']);
    expect(asked.map(steps => steps.map(step => [step.name, step.host, step.verdict.kind]))).toEqual([
      [
        ['promote', 'node001', 'fragile'],
        ['remove', 'node001', 'fragile'],
      ],
    ]);
    const types = events.filter(event => !('at' in event)).map(event => event.type);
    expect(types.slice(0, 5)).toEqual(['run-started', 'rehearsing', 'course', 'consent', 'play-started']);
    expect(eventsOf(events, 'rehearsing').flatMap(event => event.at ?? [])).toEqual(['looks', 'promote', 'remove']);
    expect(eventsOf(events, 'consent')).toEqual([
      { type: 'consent', how: 'typed', to: ['promote (fragile)', 'remove (fragile)'] },
    ]);
    expect([one.state.value, two.state.value]).toEqual(['new', 'new']);
  });

  test('--yes accepts the course without asking; even a safe course is shown', async () => {
    for (const kind of ['safe', 'fragile', 'interrupts'] as const) {
      const { outcome, asked, events } = await runSteps([weighed()], {
        guard: guardOf(kind),
        options: { yes: true },
        answer: () => false,
      });
      expect([outcome, asked]).toEqual(['done', []]);
      expect(eventsOf(events, 'consent')[0]?.how).toBe('--yes');
      expect(eventsOf(events, 'course')).toHaveLength(1);
    }
  });

  test('without a terminal and without --yes, and after a no, nothing is done', async () => {
    for (const more of [{}, { answer: () => false }]) {
      const one = weighed();
      const { outcome, events, ends } = await runSteps([task(says), one], { guard: guardOf('safe'), ...more });
      expect([outcome, ends, one.state.value]).toEqual(['refused', [], 'old']);
      expect(eventsOf(events, 'course')).toHaveLength(1);
      expect(eventsOf(events, 'run-ended')[0]?.error?.code).toBe('consent-missing');
    }
  });

  test('nothing to change: nothing to ask', async () => {
    const one = weighed();
    one.state.value = 'new';
    const { outcome, asked, events } = await runSteps([one], { answer: () => false });
    expect([outcome, asked, eventsOf(events, 'course')]).toEqual(['done', [], []]);
  });

  test('a playbook that changes no membership just runs, opaque commands included', async () => {
    const opaque = acts(async () => ({}), { risks: () => [{ kind: 'opaque', command: 'ls' }] });
    const { outcome, events } = await runSteps([task(opaque), task(brings({ value: 'a' }, 'b'))], {
      guard: guardOf('refused'),
    });
    expect(outcome).toBe('done');
    expect(eventsOf(events, 'rehearsing')).toEqual([]);
    expect(eventsOf(events, 'judged')).toEqual([]);
  });

  test('a step that turns out otherwise than in the course needs a yes of its own; --yes was to what was shown', async () => {
    let judged = 0;
    const guard = () => {
      judged = 0;
      return guardOf(() => {
        judged += 1;
        return judged === 1 ? 'safe' : 'interrupts';
      });
    };
    const asked = await runSteps([weighed()], { guard: guard(), answer: () => true });
    expect(asked.asked).toHaveLength(2);
    expect(asked.outcome).toBe('done');

    const one = weighed();
    const refused = await runSteps([one], { guard: guard(), options: { yes: true } });
    expect([refused.outcome, one.state.value]).toEqual(['refused', 'old']);
    expect(eventsOf(refused.events, 'ended')[0]?.error?.code).toBe('consent-missing');
  });

  test('a yes counts for the round of the loop that it was shown for', async () => {
    const rounds: string[] = [];
    const inner = task(
      acts(async (_host, { node }) => ({ node: String(rounds.push(String(node))) }), {
        weighed: true,
        risks: () => [promote],
      }),
      { name: 'promote', args: args({ node: ref('item') }) },
    );
    const { outcome, asked } = await runSteps([include([inner], { loop: loopOver(['n1', 'n2']) })], {
      guard: guardOf('fragile'),
      answer: () => true,
    });
    expect([outcome, rounds]).toEqual(['done', ['n1', 'n2']]);
    expect(asked.map(steps => steps.map(step => step.within))).toEqual([[['n1'], ['n2']]]);
  });

  test('and for no other round', async () => {
    const inner = task(
      acts(async () => ({}), { weighed: true, risks: () => [promote] }),
      { name: 'promote' },
    );
    let judged = 0;
    const guard = guardOf(() => {
      judged += 1;
      // The rehearsal sees n1 fragile and n2 safe; live, both are fragile.
      return judged === 2 ? 'safe' : 'fragile';
    });
    const { asked } = await runSteps([include([inner], { loop: loopOver(['n1', 'n2']) })], {
      guard,
      answer: () => true,
    });
    expect(asked.map(steps => steps.map(step => step.within))).toEqual([[['n1'], ['n2']], [['n2']]]);
  });
});

describe('refusals', () => {
  test('a host that waited for its turn does not begin after a refusal on another', async () => {
    for (const kind of ['converge', 'act'] as const) {
      const changed: string[] = [];
      let judged = 0;
      const guard = guardOf(() => {
        judged += 1;
        return judged === 3 ? 'refused' : 'safe';
      });
      const apply = async (host: { name: string }) => {
        changed.push(host.name);
        return {};
      };
      const more = { weighed: true, risks: () => [promote] };
      const module = kind === 'act' ? acts(apply, more) : brings({ value: 'old' }, 'new', { ...more, apply });
      const { outcome, ends } = await runSteps([task(module, { name: 't' })], {
        hosts: ['a', 'b'],
        guard,
        options: { yes: true },
      });
      expect([outcome, changed, ends]).toEqual(['refused', [], ['t@a failed', 't@b failed']]);
    }
  });

  test('a refused step in the course: nothing is done at all', async () => {
    const log: string[] = [];
    const one = weighed();
    const acting = acts(async () => {
      log.push('acted');
      return {};
    });
    const { outcome, events } = await runSteps([task(acting), one], {
      guard: guardOf('refused'),
      options: { yes: true },
    });
    expect([outcome, log, one.state.value]).toEqual(['refused', [], 'old']);
    expect(eventsOf(events, 'run-ended')[0]).toMatchObject({
      error: {
        code: 'guard-refused',
        message: 'promote: it is refused (lost-quorum)',
        hint: 'wait until it is healthy',
      },
    });
  });

  test('a refusal that comes live is caught by nothing, and stops all hosts; always sections run', async () => {
    const log: string[] = [];
    let judged = 0;
    const guard = guardOf(() => {
      judged += 1;
      return judged <= 2 ? 'safe' : 'refused';
    });
    const one = weighed([promote], {
      ignoreErrors: lit(true),
      failedWhen: [lit(false)],
      retries: lit(3),
      when: [expr(scope => scope.get('inventory_hostname') === 'a')],
    });
    const { outcome, ends } = await runSteps(
      [
        block([one, task(notes(log, 'body'))], {
          rescue: [task(notes(log, 'rescue'))],
          always: [task(notes(log, 'always'), { name: 'always', when: [expr(() => judged > 2)] })],
        }),
        task(notes(log, 'later')),
        weighed([remove], { when: [expr(() => judged < 2)] }),
      ],
      { hosts: ['a', 'b'], guard: { ...guard }, options: { yes: true, forks: 1 } },
    );
    expect(outcome).toBe('refused');
    expect(ends).toEqual(['promote@a failed', 'always@a ok', 'always@b ok']);
    // The rest are the rehearsal's.
    expect(log.slice(-2)).toEqual(['always@a', 'always@b']);
    expect(log).not.toContain('rescue@a');
    expect(one.state.value).toBe('old');
  });

  test('--allow accepts it by name, is named in the course and recorded', async () => {
    const one = weighed();
    const { outcome, events } = await runSteps([one], {
      guard: guardOf('refused'),
      options: { yes: true, allow: ['lost-quorum'] },
    });
    expect([outcome, one.state.value]).toEqual(['done', 'new']);
    expect(eventsOf(events, 'course')[0]?.steps[0]?.verdict.kind).toBe('refused');
    expect(eventsOf(events, 'consent').map(event => event.how)).toEqual(['--yes', '--allow']);
  });

  test('`allow` of a task is no leave by itself, but says what to type', async () => {
    const { outcome, events } = await runSteps([weighed([promote], { allow: ['lost-quorum'] })], {
      guard: guardOf('refused'),
      options: { yes: true },
    });
    expect(outcome).toBe('refused');
    expect(eventsOf(events, 'run-ended')[0]?.error?.hint).toBe(
      'wait until it is healthy; --allow lost-quorum accepts it',
    );
  });
});

describe('weighing', () => {
  test('changes with risks are made one at a time, and looked at again after waiting', async () => {
    let inside = 0;
    let peak = 0;
    let value = 'old';
    let applied = 0;
    const module = brings({ value }, 'new', {
      weighed: true,
      risks: () => [promote],
      observe: async () =>
        value === 'new'
          ? { kind: 'same', state: null, result: { value } }
          : { kind: 'differs', state: null, changes: [{ what: 'x' }] },
      apply: async host => {
        inside += 1;
        peak = Math.max(peak, inside);
        await host.clock.sleep(1, host.signal);
        inside -= 1;
        applied += 1;
        value = 'new';
        return undefined;
      },
    });
    const { outcome, ends } = await runSteps([task(module, { name: 't' })], {
      hosts: ['a', 'b', 'c'],
      guard: guardOf('safe'),
      options: { yes: true },
    });
    expect([outcome, peak, applied]).toEqual(['done', 1, 1]);
    expect(ends).toEqual(['t@a changed', 't@b ok', 't@c ok']);
  });

  test('of several risks of one change each takes those before it as come true', async () => {
    const guard = guardOf('safe');
    await runSteps([weighed([promote, remove])], { guard, options: { yes: true } });
    const real = guard.contexts.filter(context => !context.probe.check);
    expect(real.map(context => context.probe.assumed)).toEqual([[], [promote]]);
  });

  test('evidence of an act reaches the guard; in the rehearsal it is assumed, after what was assumed before it', async () => {
    const guard = guardOf('safe');
    const proof = { kind: 'snapshot', takenAtMs: 5, path: '/x', membership: 'a:voter' } as const;
    const snapshot = task(acts(async () => ({}), { proves: () => [proof] }));
    await runSteps([weighed([promote]), snapshot, weighed([remove])], { guard, options: { yes: true } });
    expect(guard.contexts.map(({ probe, evidence }) => [probe.check, evidence])).toEqual([
      [true, []],
      [true, [{ kind: 'snapshot', takenAtMs: 0, path: '', membership: '', assumedAfter: 1 }]],
      [false, []],
      [false, [proof]],
    ]);
  });

  test('a command whose effect nobody knows: the membership is compared before and after', async () => {
    let names = ['node001', 'node002'];
    const view = (): MembershipView => ({
      clusterId: 'c',
      members: names.map(name => ({ id: name, name, role: 'voter', health: 'healthy', leader: false, peerUrl: '' })),
      standing: { voters: 2, healthy: 2, learners: 0, quorum: 2, margin: 0 },
    });
    const opaque = acts(
      async () => {
        names = ['node001'];
        return {};
      },
      { risks: () => [{ kind: 'opaque', command: './tidy-up' }] },
    );
    const { events } = await runSteps([task(opaque, { name: 'tidy' })], {
      guard: guardOf('safe', view),
      groups: { etcd: ['node001'] },
    });
    expect(eventsOf(events, 'warning').map(event => event.message)).toEqual([
      'tidy on node001 changed the membership: node001 (voter), node002 (voter) → node001 (voter)',
    ]);
    expect(eventsOf(events, 'changing')[0]?.changes).toEqual([{ what: './tidy-up' }]);
  });

  test('the members are shown before and after a weighed run', async () => {
    const view: MembershipView = {
      clusterId: 'c',
      members: [],
      standing: { voters: 1, healthy: 1, learners: 0, quorum: 1, margin: 0 },
    };
    const { events } = await runSteps([weighed()], {
      guard: guardOf('safe', () => view),
      groups: { etcd: ['node001'] },
      options: { yes: true },
    });
    expect(eventsOf(events, 'membership').map(event => event.moment)).toEqual(['before', 'after']);
  });
});

describe('check mode', () => {
  const check = { options: { check: true } };

  test('nothing is changed; what was not run is unknown, and spreads', async () => {
    const state = { value: 'old' };
    const acting = acts(async () => {
      throw new Error('must not run');
    });
    const { ends, events, outcome } = await runSteps(
      [
        task(brings(state, 'new'), { name: 'bring', register: 'brought' }),
        task(says, { name: 'is changed', when: [ref('brought.changed')] }),
        task(says, { name: 'uses a field', args: args({ msg: ref('brought.value') }) }),
        task(acting, { name: 'act', register: 'acted' }),
        task(says, { name: 'asks', when: [ref('acted.rc')], register: 'asked' }),
        task(says, { name: 'asks what was asked', when: [ref('asked.x')] }),
        task(says, { name: 'false decides', when: [ref('acted.rc'), lit(false)] }),
        task(says, { name: 'elsewhere', delegateTo: ref('acted.host') }),
        task(says, { name: 'loops', loop: loopOver(ref('acted.items')) }),
        task(acting, { name: 'acts', loop: loopOver([1]), register: 'all' }),
        task(says, { name: 'asks the loop', when: [ref('all.changed')] }),
        include([task(says, { name: 'inner', register: 'inner' })], {
          name: lit('includes'),
          loop: loopOver(ref('acted.items')),
        }),
        task(says, { name: 'asks the inner', when: [ref('inner.x')] }),
      ],
      check,
    );
    expect(ends).toEqual([
      'bring@node001 changed',
      'is changed@node001 ok',
      'uses a field@node001 unknown',
      'act@node001 unknown',
      'asks@node001 unknown',
      'asks what was asked@node001 unknown',
      'false decides@node001 skipped',
      'elsewhere@node001 unknown',
      'loops@node001 unknown',
      'acts[1]@node001 unknown',
      'acts@node001 unknown',
      'asks the loop@node001 unknown',
      'includes@node001 unknown',
      'asks the inner@node001 unknown',
    ]);
    expect(eventsOf(events, 'ended').map(event => event.text)[4]).toBe('depends on the result of act');
    expect([outcome, state.value, eventsOf(events, 'changing')]).toEqual(['done', 'old', []]);
  });

  test('facts that would be set are unknown, not undefined', async () => {
    const { ends } = await runSteps(
      [
        task(
          acts(async () => ({})),
          { name: 'act', register: 'acted' },
        ),
        task(setsFacts, { name: 'set', args: args({ a: 1, b: ref('acted.x') }) }),
        task(setsFacts, { name: 'may set', args: args({ c: 1 }), when: [ref('acted.x')] }),
        task(says, { name: 'a', args: args({ msg: ref('a') }) }),
        task(says, { name: 'b', args: args({ msg: ref('b') }) }),
        task(says, { name: 'c', args: args({ msg: ref('c') }) }),
      ],
      check,
    );
    expect(ends.slice(1)).toEqual([
      'set@node001 unknown',
      'may set@node001 unknown',
      'a@node001 ok',
      'b@node001 unknown',
      'c@node001 unknown',
    ]);
  });

  test('what a change foretells of its result is known', async () => {
    const module = brings({ value: 'old' }, 'new', {
      observe: async () => ({ kind: 'differs', state: null, changes: [{ what: 'x' }], foreseen: { value: 'soon' } }),
    });
    const { events } = await runSteps(
      [task(module, { register: 'r' }), task(says, { args: args({ msg: ref('r.value') }) })],
      check,
    );
    expect(eventsOf(events, 'ended')[1]?.text).toBe('soon');
  });

  test('after the first change that is not made, only what foresees is asked', async () => {
    const asked: string[] = [];
    const look = (name: string, foresees: boolean) =>
      task(
        looks(
          async () => {
            asked.push(name);
            return {};
          },
          { foresees },
        ),
        { name },
      );
    const bring = task(brings({ value: 'old' }, 'new'), { name: 'bring' });
    const { ends } = await runSteps([look('a', false), bring, look('b', true), look('c', false)], check);
    expect(asked).toEqual(['a', 'b']);
    expect(ends.at(-1)).toBe('c@node001 unknown');
  });

  test('nothing is waited for that no longer comes about by itself', async () => {
    const failing = looks(async () => {
      throw new Failure('timed-out', 'not yet');
    });
    const bring = task(brings({ value: 'old' }, 'new'));
    const { clock, outcome } = await runSteps([bring, task(failing, { retries: lit(9) })], check);
    expect([outcome, clock.slept]).toEqual(['failed', []]);
  });

  test('each risk is judged on those assumed before it; a refused one makes the outcome', async () => {
    const guard = guardOf((risk, assumed) => (risk === remove && assumed.includes(promote) ? 'refused' : 'safe'));
    const { outcome, events, asked } = await runSteps([weighed([promote]), weighed([remove], { name: 'remove' })], {
      guard,
      ...check,
      answer: () => true,
    });
    expect([outcome, asked]).toEqual(['refused', []]);
    expect(eventsOf(events, 'course')[0]?.steps.map(step => step.verdict.kind)).toEqual(['safe', 'refused']);
  });

  test('what a converge module cannot see after a change that was not made is unknown; before it, it fails', async () => {
    const blind = brings({ value: 'old' }, 'new', {
      observe: async () => {
        throw new Failure('bcm-refused', 'no such overlay');
      },
    });
    const unsure = brings({ value: 'old' }, 'new', { observe: async () => ({ kind: 'unknown', why: 'dark' }) });
    const bring = task(brings({ value: 'old' }, 'new'));
    const before = await runSteps([task(blind, { name: 't' })], check);
    expect([before.outcome, before.ends]).toEqual(['failed', ['t@node001 failed']]);
    const after = await runSteps([bring, task(blind, { name: 't' }), task(unsure, { name: 'u' })], check);
    expect([after.outcome, after.ends.slice(1)]).toEqual(['done', ['t@node001 unknown', 'u@node001 unknown']]);
    expect(eventsOf(after.events, 'ended')[1]?.text).toBe('cannot be foreseen: no such overlay');
  });
});

describe('the rehearsal', () => {
  test('one that left nothing out was the run: nothing is looked at twice', async () => {
    const log: string[] = [];
    const one = weighed();
    one.state.value = 'new';
    const { outcome, ends, events } = await runSteps([task(notes(log, 'look'), { name: 'look' }), one]);
    expect([outcome, log, ends]).toEqual(['done', ['look@node001'], ['look@node001 ok', 'promote@node001 ok']]);
    expect(eventsOf(events, 'play-started')).toHaveLength(1);
    expect(eventsOf(events, 'run-ended')[0]?.totals.node001).toMatchObject({ ok: 2 });
  });

  test('but not where an expression asked whether it is one, nor where an act was left out', async () => {
    const log: string[] = [];
    const same = weighed();
    same.state.value = 'new';
    const real = task(notes(log, 'real'), { name: 'real', when: [expr(scope => scope.get('check_mode') === false)] });
    expect((await runSteps([same, real])).ends).toEqual(['promote@node001 ok', 'real@node001 ok']);
    const plain = task(brings({ value: 'a' }, 'b'), { name: 'plain' });
    expect((await runSteps([same, plain])).ends).toEqual(['promote@node001 ok', 'plain@node001 changed']);
    const proof = task(
      acts(async () => ({}), { proves: () => [] }),
      { name: 'snapshot' },
    );
    expect((await runSteps([same, proof])).ends).toEqual(['promote@node001 ok', 'snapshot@node001 changed']);
  });

  test('a failure that nothing went before is the run’s own, and nobody is asked', async () => {
    const { outcome, asked, ends, events } = await runSteps([task(fails, { name: 'f' }), weighed()], {
      answer: () => true,
    });
    expect([outcome, asked, ends]).toEqual(['failed', [], ['f@node001 failed']]);
    expect(eventsOf(events, 'run-ended')[0]?.next).toEqual(['quorate status', 'quorate run site.yml']);
  });

  test('a host that is needed later and cannot be reached: nothing is begun', async () => {
    const one = weighed();
    const down = brings({ value: 'a' }, 'b', {
      observe: async () => {
        throw new Unreachable('node003', 'no route to host');
      },
    });
    const { outcome, ends, events } = await runSteps([one, task(down, { name: '6.1 empty' })], {
      options: { yes: true },
    });
    expect([outcome, ends, one.state.value]).toEqual(['unreachable', [], 'old']);
    expect(eventsOf(events, 'run-ended')[0]?.error).toMatchObject({
      code: 'unreachable',
      message: 'node003 is unreachable: no route to host; nothing was begun, because of “6.1 empty”',
      hint: 'start it, or leave it out, then run the playbook again',
    });
  });

  test('a course that can be foreseen only in part says so', async () => {
    const { events, outcome } = await runSteps(
      [weighed(), task(fails, { name: 'f', when: [expr(scope => scope.get('check_mode') === true)] })],
      { options: { yes: true } },
    );
    expect(outcome).toBe('done');
    expect(eventsOf(events, 'warning').map(event => event.message)).toEqual([
      'the course could be foreseen only in part; what comes later is weighed when it is reached: f: told to fail',
    ]);
  });

  test('it leaves no registers behind', async () => {
    const { ends } = await runSteps(
      [
        task(says, { name: 'first', when: [expr(scope => scope.get('r') === undefined)] }),
        weighed([promote], { register: 'r' }),
      ],
      { options: { yes: true } },
    );
    expect(ends).toEqual(['first@node001 ok', 'promote@node001 changed']);
  });
});
