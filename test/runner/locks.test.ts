import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { MembershipView, OverlayState, Risk } from '../../src/core/guard.ts';
import type { MembershipLock } from '../../src/core/lock.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  brings,
  eventsOf,
  freeLock,
  guardOf,
  looks,
  notes,
  plan,
  play,
  promote,
  remove,
  runSteps,
  task,
  world,
} from '../support/world.ts';

const state = () => ({ value: 'old' });
const weighed = (risks: readonly Risk[] = [promote], more = {}) =>
  task(brings(state(), 'new', { weighed: true, risks: () => risks, ...more }), { name: 'promote' });
const lockOf = (take: () => Promise<never>): MembershipLock => ({ ...freeLock(), take });
const yes = { options: { yes: true } };

describe('the lock on the membership', () => {
  test('is held from before the yes to the end, and confirmed before each change', async () => {
    const log: string[] = [];
    const { outcome } = await runSteps([weighed(), weighed([remove])], {
      lock: freeLock(log),
      answer: () => {
        log.push('asked');
        return true;
      },
    });
    expect(outcome).toBe('done');
    expect(log).toEqual(['take', 'confirm', 'asked', 'confirm', 'confirm', 'release']);
  });

  test('is not taken where nothing is to be changed, nor in check mode', async () => {
    const log: string[] = [];
    const there = task(brings({ value: 'new' }, 'new', { weighed: true, risks: () => [promote] }));
    expect((await runSteps([there], { lock: freeLock(log), ...yes })).outcome).toBe('done');
    await runSteps([weighed()], { lock: freeLock(log), options: { check: true } });
    expect(log).toEqual([]);
  });

  test('of an earlier process of the run is freed where the resume needs none', async () => {
    const recall = { begunAtMs: 0, ended: [], underWay: [] };
    const groups = new Map([['etcd', ['node001']]]);
    const there = task(brings({ value: 'new' }, 'new', { weighed: true, risks: () => [promote] }));
    for (const [steps, more, wanted] of [
      [[there], { recall }, ['free']],
      [[there], {}, []],
      [[task(looks(async () => ({})))], { recall }, []],
      [[weighed()], { recall }, ['take', 'confirm', 'release']],
    ] as const) {
      const log: string[] = [];
      const outside = world({ lock: freeLock(log), ...yes });
      const inventory = { ...outside.deps.inventory, groups };
      await run(plan(play(steps)), { ...outside.deps, ...more, inventory });
      expect(log).toEqual(wanted);
    }
  });

  test('is freed after a failure, a refusal and a no', async () => {
    const failing = weighed([promote], {
      apply: async () => {
        throw new Failure('task-failed', 'no');
      },
    });
    for (const [step, more] of [
      [failing, yes],
      [weighed(), { guard: guardOf('refused'), ...yes }],
      [weighed(), { answer: () => false }],
    ] as const) {
      const log: string[] = [];
      expect((await runSteps([step], { lock: freeLock(log), ...more })).outcome).not.toBe('done');
      expect([log[0], log.at(-1)]).toEqual(['take', 'release']);
    }
  });

  test('of another run ends this one before anything is asked or done', async () => {
    const held = lockOf(async () => {
      throw new Failure('locked', 'another run is changing this cluster: r0');
    });
    const log: string[] = [];
    const { outcome, asked, events } = await runSteps([weighed(), task(notes(log, 'after'))], {
      lock: held,
      answer: () => true,
    });
    expect([outcome, asked]).toEqual(['locked', []]);
    expect(eventsOf(events, 'changing')).toEqual([]);
    expect(eventsOf(events, 'run-ended')[0]).toMatchObject({ error: { code: 'locked' } });
  });

  test('that is lost under the run stops it before the next change', async () => {
    let confirmed = 0;
    const lost: MembershipLock = {
      ...freeLock(),
      take: async () => ({
        confirm: async () => {
          confirmed += 1;
          if (confirmed > 1) throw new Failure('locked', 'another run is changing this cluster: r0');
        },
        release: async () => {},
      }),
    };
    const { outcome, events } = await runSteps([weighed(), weighed([remove])], { lock: lost, ...yes });
    expect(outcome).toBe('locked');
    expect(eventsOf(events, 'changing')).toHaveLength(0);
  });

  test('that etcd cannot keep without quorum is said to be missing, once, and the run goes on', async () => {
    const blind = lockOf(async () => {
      throw new Failure('no-quorum', 'etcd has no quorum');
    });
    const { outcome, events } = await runSteps([weighed(), weighed([remove])], { lock: blind, ...yes });
    expect(outcome).toBe('done');
    const warnings = eventsOf(events, 'warning').map(({ message }) => message);
    expect(warnings).toEqual([expect.stringContaining('cannot be kept in etcd (etcd has no quorum)')]);
  });

  test('is not needed by changes that no guard can weigh', async () => {
    const log: string[] = [];
    const opaque = task(acts(async () => ({}), { risks: () => [{ kind: 'opaque', command: 'make' }] }));
    expect((await runSteps([opaque], { lock: freeLock(log) })).outcome).toBe('done');
    expect(log).toEqual([]);
  });
});

describe('what was seen', () => {
  const view = (...names: readonly string[]): MembershipView => ({
    clusterId: 'c',
    members: names.map(name => ({ id: name, name, role: 'voter', health: 'healthy', leader: false, peerUrl: '' })),
    standing: { voters: names.length, healthy: names.length, learners: 0, quorum: 2, margin: 1 },
  });

  /** A cluster whose members `promote` makes more, and a guard that sees them when it may. */
  function scene(o: { readonly blindAfter?: true; readonly foreign?: string } = {}) {
    let members = view('a', 'b');
    let blind = false;
    const inner = guardOf('safe', () => members);
    const guard: typeof inner = {
      ...inner,
      judge: async (risk, context) => {
        blind = false;
        const judgement = await inner.judge(risk, context);
        return context.probe.check ? judgement : { ...judgement, seen: members };
      },
      membership: async () => (blind ? undefined : members),
      foreignChange: (_, now) => (now.members.length === 3 ? o.foreign : undefined),
    };
    const old = state();
    const one = task(
      brings(old, 'new', {
        weighed: true,
        risks: () => [promote],
        apply: async () => {
          old.value = 'new';
          members = view('a', 'b', 'c');
          blind = o.blindAfter === true;
          return undefined;
        },
      }),
      { name: 'one' },
    );
    const known = () => inner.contexts.filter(({ probe }) => !probe.check).map(context => context.known);
    return { guard, one, known };
  }
  const on = { groups: { etcd: ['node001'] }, ...yes };

  test('after a change is what the next one is weighed on', async () => {
    const { guard, one, known } = scene();
    const { events } = await runSteps([one, weighed([remove])], { guard, ...on });
    expect(known().map(k => [k?.view.members.length, k?.since])).toEqual([
      [2, []],
      [3, []],
    ]);
    expect(eventsOf(events, 'membership').map(event => [event.moment, event.view.members.length])).toEqual([
      ['before', 2],
      ['between', 3],
      ['after', 3],
    ]);
  });

  test("where nothing could be seen after a change, the next look knows the run's own", async () => {
    const { guard, one, known } = scene({ blindAfter: true });
    await runSteps([one, weighed([remove])], { guard, ...on });
    expect(known().map(k => [k?.view.members.length, k?.since])).toEqual([
      [2, []],
      [2, [promote]],
    ]);
  });

  test('of somebody else after a change stops the run, and the change counts as made', async () => {
    const { guard, one } = scene({ foreign: 'somebody else is changing this cluster' });
    const { outcome, ends, events } = await runSteps([one, weighed([remove])], { guard, ...on });
    expect([outcome, ends]).toEqual(['refused', ['one@node001 changed']]);
    expect(eventsOf(events, 'changing')).toHaveLength(1);
  });

  test('of an overlay that would become something else than was shown stops the run', async () => {
    const overlay: OverlayState = {
      name: 'kube-default-etcd',
      priority: 500,
      allHeadNodes: false,
      nodes: ['node002', 'node001'],
      categories: [],
      roles: [],
    };
    let nodes: readonly string[] = ['node001', 'node002'];
    const becomes = () => ({ kind: 'configuration', overlay: overlay.name, becomes: { ...overlay, nodes } }) as const;
    const same = await runSteps([weighed([], { risks: () => [promote, becomes()] })], yes);
    expect(same.outcome).toBe('done');
    const { outcome, events } = await runSteps([weighed([], { risks: () => [promote, becomes()] })], {
      answer: () => {
        nodes = [...nodes, 'node009'];
        return true;
      },
    });
    expect(outcome).toBe('refused');
    expect(eventsOf(events, 'changing')).toEqual([]);
    expect(eventsOf(events, 'run-ended')[0]?.error?.message).toContain(
      'it would become nodes node001,node002,node009; categories none',
    );
  });
});
