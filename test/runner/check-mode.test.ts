import { describe, expect, test } from 'vitest';
import type { Recollection } from '../../src/core/recall.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  args,
  brings,
  ends,
  eventsOf,
  guardOf,
  lit,
  looks,
  plan,
  play,
  promote,
  ref,
  says,
  task,
  world,
} from '../support/world.ts';

const alone = { checkMode: lit(true) };

describe('check_mode: true', () => {
  test('in a real run: nothing is made, weighed, assumed or asked about; later tasks see what is', async () => {
    const guard = guardOf('refused');
    const state = { value: 'old' };
    const weighed = brings(state, 'new', { weighed: true, risks: () => [promote] });
    const sees = looks(async probe => ({ assumed: probe.assumed.length }), { returns: brings(state, '').returns });
    const outside = world({ guard });
    const steps = [
      task(weighed, { ...alone, register: 'would' }),
      task(sees),
      task(says, { args: args({ msg: ref('would.changed') }) }),
    ];
    const { outcome } = await run(plan(play(steps)), outside.deps);
    expect({ outcome, value: state.value, judged: guard.contexts.length }).toEqual({
      outcome: 'done',
      value: 'old',
      judged: 0,
    });
    expect(ends(outside.events)).toEqual(['brings@node001 changed', 'looks@node001 ok', 'debug@node001 ok']);
    const [made] = eventsOf(outside.events, 'ended');
    expect(made).toMatchObject({ notMade: true, changes: [{ what: 'value', before: 'old', after: 'new' }] });
    expect(eventsOf(outside.events, 'changing')).toEqual([]);
  });

  test('an act is not begun, and what depends on its result is open', async () => {
    let begun = 0;
    const act = acts(async () => {
      begun += 1;
      return {};
    });
    const outside = world();
    await run(
      plan(play([task(act, { ...alone, register: 'r' }), task(says, { args: args({ msg: ref('r') }) })])),
      outside.deps,
    );
    expect(begun).toBe(0);
    expect(ends(outside.events)).toEqual(['acts@node001 unknown', 'debug@node001 unknown']);
  });

  test('a resume looks again instead of going on with a result that nobody made', async () => {
    const state = { value: 'old' };
    const steps = [
      task(brings(state, 'new'), { ...alone, id: 't0', register: 'would' }),
      task(says, { id: 't1', args: args({ msg: ref('would.value') }) }),
    ];
    const where = { task: 't0', name: 'brings', module: 'brings', host: 'node001', on: 'node001', within: [] };
    const ended: Recollection = {
      where,
      status: 'changed',
      changes: [],
      result: { value: '(unknown)', changed: true },
      facts: {},
      withheld: false,
      notMade: true,
      endedAtMs: 0,
    };
    const outside = world();
    await run(plan(play(steps)), { ...outside.deps, recall: { begunAtMs: 0, ended: [ended], underWay: [] } });
    expect(state.value).toBe('old');
    expect(ends(outside.events)).toEqual(['brings@node001 changed', 'debug@node001 unknown']);
  });
});

describe('check_mode: false, in check mode', () => {
  const only = { checkMode: lit(false) };

  test('has what is known to only look run, and nothing else', async () => {
    const begun: string[] = [];
    const act = (name: string, onlyLooks: boolean) =>
      acts(
        async () => {
          begun.push(name);
          return {};
        },
        { name, onlyLooks: () => onlyLooks },
      );
    const state = { value: 'old' };
    const steps = [task(act('looks', true), only), task(act('writes', false), only), task(brings(state, 'new'), only)];
    await run(plan(play(steps)), world({ options: { check: true } }).deps);
    expect(begun).toEqual(['looks']);
    expect(state.value).toBe('old');
  });
});
