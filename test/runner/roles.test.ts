import { describe, expect, test } from 'vitest';
import type { RoleScope } from '../../src/core/plan.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  args,
  block,
  brings,
  ends,
  fails,
  guardOf,
  include,
  lit,
  looks,
  notes,
  plan,
  play,
  promote,
  ref,
  runSteps,
  task,
  world,
} from '../support/world.ts';

const role = (more: Partial<RoleScope> = {}): RoleScope => ({
  around: new Map(),
  name: 'web',
  params: new Map(),
  vars: new Map(),
  defaults: new Map(),
  ...more,
});
const import_ = { mode: 'import' as const };

describe('a role', () => {
  test('is guarded as the play is: nothing around it catches a refusal, also where it works as another user', async () => {
    const state = { value: 'old' };
    const risky = task(brings(state, 'new', { weighed: true, risks: () => [promote] }), {
      ignoreErrors: lit(true),
      ignoreUnreachable: lit(true),
      login: { become: lit(true) },
    });
    const steps = [
      block([include([risky], { ...import_, role: role() })], { rescue: [task(looks(async () => ({})))] }),
    ];
    const { outcome } = await runSteps(steps, { guard: guardOf('refused'), options: { yes: true } });
    expect({ outcome, value: state.value }).toEqual({ outcome: 'refused', value: 'old' });
  });

  test('is done once a host where it says so, again where it failed', async () => {
    const log: string[] = [];
    const entry = (id: string) => include([task(notes(log, id))], { ...import_, role: role(), once: 'web' });
    await runSteps([entry('a'), entry('b')]);
    expect(log).toEqual(['a@node001']);
    const failing = include([task(fails)], { ...import_, role: role(), once: 'web' });
    const again: string[] = [];
    const rescue = [include([task(notes(again, 'again'))], { ...import_, role: role(), once: 'web' })];
    await runSteps([block([failing], { rescue })]);
    expect(again).toEqual(['again@node001']);
  });

  test('adds names: params before all, vars after registers, defaults last; handlers see them too', async () => {
    const seen: unknown[] = [];
    const sees = looks(async (_probe, params) => {
      seen.push(params);
      return {};
    });
    const all = args({ p: ref('p'), v: ref('v'), f: ref('f'), d: ref('d'), late: ref('late') });
    const web = role({
      params: new Map([['p', lit('param')]]),
      vars: new Map([
        ['v', lit('role')],
        ['f', lit('role')],
        ['late', ref('v')],
      ]),
      defaults: new Map([
        ['d', lit('default')],
        ['v', lit('default')],
      ]),
    });
    const vars = new Map([
      ['p', lit('play')],
      ['v', lit('play')],
      ['d', lit('play')],
    ]);
    const steps = [
      task(
        looks(async () => ({})),
        { register: 'f' },
      ),
      include(
        [
          task(sees, { args: all, vars: new Map([['p', lit('task')]]) }),
          task(
            acts(async () => ({})),
            { notify: ['h0'] },
          ),
        ],
        {
          ...import_,
          role: web,
        },
      ),
    ];
    const outside = world();
    const handlers = [task(sees, { id: 'h0', args: all, roles: [web] })];
    await run(plan(play(steps, { vars, handlers })), outside.deps);
    const wanted = { p: 'param', v: 'role', f: expect.objectContaining({ changed: false }), d: 'play', late: 'role' };
    expect(seen).toEqual([wanted, wanted]);
    expect(ends(outside.events).at(-1)).toBe('looks@node001 ok');
  });
});
