import { expect, test } from 'vitest';
import type { Where } from '../../src/core/event.ts';
import type { Risk } from '../../src/core/guard.ts';
import type { Recollection } from '../../src/core/recall.ts';
import { Unknown } from '../../src/core/value.ts';
import type { Entry } from '../../src/runner/pass-log.ts';
import { nothingYet, type Remains, remainsKey, remainsOf } from '../../src/runner/remains.ts';
import type { LeftOut } from '../../src/runner/witness.ts';

const access = {};
const add: Risk = { kind: 'membership', change: 'add-learner', member: { name: 'node002' }, access };
const stop: Risk = { kind: 'service', effect: 'stop', hosts: ['node003'], together: false, access };
const overlay: Risk = { kind: 'configuration', overlay: 'o' };
const opaque: Risk = { kind: 'opaque', command: 'x' };

const where = (name: string, more: Partial<Where> = {}): Where => ({
  ...{ task: name, name, module: 'm', host: 'h', on: 'h', within: [] },
  ...more,
});
const change = (name: string, risks: readonly Risk[], more: Partial<LeftOut> = {}): Entry => ({
  kind: 'left out',
  change: { where: where(name), changes: [{ what: name }], risks, once: false, seen: true, starts: false, ...more },
  atMs: 0,
});
const record = (at: Where, more: Partial<Recollection> = {}): Recollection => ({
  ...{ where: at, status: 'changed', changes: [], result: {}, facts: {}, withheld: false, endedAtMs: 0 },
  ...more,
});
const ended = (name: string): Entry => ({ kind: 'ended', record: record(where(name)), open: false });

/** "made c: add-learner; still stop", with what is under way and whether it was really done. */
const told = (all: readonly Remains[]) =>
  all.map(({ killed, made, following, underWay, reallyDone, ended }) =>
    [
      `${killed.moment} ${killed.where?.name ?? ''}`.trim(),
      made
        .map(risk => `${risk.kind}${risk.kind === 'membership' && risk.started === false ? ' unstarted' : ''}`)
        .join(' '),
      following.map(risk => `then ${risk.kind}`).join(' '),
      underWay.map(it => `open ${it.where.name}${reallyDone.size > 0 ? ' (done)' : ''}`).join(' '),
      ended.map(it => it.where.name).join(' '),
    ]
      .filter(Boolean)
      .join(' | '),
  );

test('a change of the membership: before, announced, made, ended; nothing has started what was added', () => {
  expect(told(remainsOf([change('a', [add]), ended('a'), ended('b')], nothingYet(0)))).toEqual([
    'begun',
    'announced a | open a',
    'made a | membership unstarted | open a',
    'ended a | membership unstarted | a',
    'ended b | membership unstarted | a b',
  ]);
});

test('what may start a member does so when it is made, not when it is announced', () => {
  const log: Entry[] = [change('a', [add]), ended('a'), change('s', [overlay], { starts: true }), { kind: 'started' }];
  expect(told(remainsOf(log, nothingYet(0))).slice(-2)).toEqual([
    'announced s | membership unstarted | open s | a',
    'made s | membership configuration | open s | a',
  ]);
  const waited: Entry[] = [change('a', [add]), { kind: 'started' }, ended('w')];
  expect(told(remainsOf(waited, nothingYet(0))).at(-1)).toBe('ended w | membership | open a | w');
});

test('what BCM does about a configuration comes before the next change, whenever the run is killed', () => {
  const first = remainsOf([change('c', [stop, overlay]), ended('c')], nothingYet(0));
  expect(told(first)).toEqual([
    'begun',
    'announced c | open c',
    'in part c | configuration | then service | open c',
    'made c | service configuration | open c',
    'ended c | service configuration | c',
  ]);
  const inPart = first.find(({ killed }) => killed.moment === 'in part');
  if (!inPart) throw new Error('it is not there');
  expect(told(remainsOf([ended('c'), change('a', [add]), ended('a')], inPart))).toEqual([
    'in part c | configuration | then service | open c',
    'ended c | configuration | then service | c',
    'announced a | configuration | then service | open a | c',
    'made a | configuration service membership unstarted | open a | c',
    'ended a | configuration service membership unstarted | c a',
  ]);
});

test('a change that a look shows is as if its end were written; what must happen once is remembered as done', () => {
  expect(told(remainsOf([change('f', []), ended('f')], nothingYet(0)))).toEqual([
    'begun',
    'announced f | open f',
    'ended f | f',
  ]);
  expect(told(remainsOf([change('x', [opaque], { once: true, seen: false })], nothingYet(0)))).toEqual([
    'begun',
    'announced x | open x',
    'made x | opaque | open x (done)',
  ]);
});

test('a resume that is killed while it recalls still knows what comes later; once it works, it no longer does', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(name => record(where(name)));
  if (!a || !b || !c) throw new Error('they are there');
  const from = { ...nothingYet(0), ended: [a, b, c] };
  const recalled: Entry = { kind: 'recalled', record: a, again: false, atMs: 0 };
  expect(told(remainsOf([recalled], from)).at(-1)).toBe('ended a | a b c');
  expect(told(remainsOf([recalled, ended('d')], from)).at(-1)).toBe('ended d | a d');
  // What is looked at again is not new.
  const again: Entry = { kind: 'recalled', record: a, again: true, atMs: 0 };
  expect(told(remainsOf([again, ended('a')], from)).at(-1)).toBe('ended a | a b c');
});

test('lines of the journal that change nothing leave the same', () => {
  const line: Entry = { kind: 'line', atMs: 5 };
  const all = remainsOf([line, line, change('a', [add]), line], nothingYet(0));
  expect(all.map(({ lines }) => lines)).toEqual([2, 1, 2]);
});

test('remains are alike where a resume cannot tell them from each other', () => {
  const one = (more: Partial<Recollection>, atMs = 0) =>
    remainsKey({ ...nothingYet(atMs), ended: [record(where('a'), more)] });
  expect(one({})).toBe(one({}, 60_000));
  expect(one({})).not.toBe(one({ status: 'ok' }));
  expect(one({ result: 'x' })).not.toBe(one({ result: new Unknown('x') }));
  const proved = [{ kind: 'snapshot', takenAtMs: 0, path: '', membership: '' } as const];
  expect(one({ proved })).toBe(one({ proved }, 60_000));
  // A proof is taken again once it is old.
  expect(one({ proved })).not.toBe(one({ proved }, 3_600_000));
});
