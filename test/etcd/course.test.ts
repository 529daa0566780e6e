import { describe, expect, test } from 'vitest';
import type { CourseStep, Situation } from '../../src/etcd/course.ts';
import { afterStep, courseToHealth, nextStep, wantedVoters } from '../../src/etcd/course.ts';
import type { Weight } from '../../src/etcd/standing.ts';
import { standingOf } from '../../src/etcd/standing.ts';
import type { Step } from '../../src/etcd/weigh.ts';
import { weigh } from '../../src/etcd/weigh.ts';
import { clustersUpTo } from './enumerate.ts';
import { membersIn, rowsOf } from './notation.ts';

const inWords = (step: CourseStep): string => {
  switch (step.kind) {
    case 'add-learner':
      return 'add';
    case 'promote':
    case 'remove':
      return `${step.kind} ${step.id}`;
    case 'start':
      return `start ${step.ids.join(',')}`;
    case 'move-leader':
      return `lead ${step.to}`;
  }
};

const table = `
  members                | leader | course
  -----------------------|--------|-------
  V+                     | a      |
  V+ V+ V+               | b      |
  V+ V+                  | a      | add; start new-1; promote new-1
  V+ L+                  | a      | promote b; add; start new-1; promote new-1
  V+ L?                  | a      | start b; promote b; add; start new-1; promote new-1
  V+ L-                  | a      | remove b
  V+ V+ L+               | a      | promote c
  V+ V+ L?               | a      | start c; promote c
  V+ V+ L-               | a      | remove c; add; start new-1; promote new-1
  V+ V+ V+ L+            | a      | remove d
  V+ V+ V+ L-            | a      | remove d
  V+ V+ V-               | a      | remove c; add; start new-1; promote new-1
  V+ V+ V-               | c      | lead a; remove c; add; start new-1; promote new-1
  V+ V+ V- L+            | a      | remove c; promote d
  V+ V+ V- L?            | a      | remove c; start d; promote d
  V+ V+ V- L-            | a      | remove d; remove c; add; start new-1; promote new-1
  V+ V+ V+ V- V-         | a      | remove d; remove e; add; start new-1; promote new-1; add; start new-2; promote new-2
  V+ V-                  |        | start b; add; start new-1; promote new-1
  V+ V- V-               |        | start b,c
  V+ V- V- L+            |        | start b,c; remove d
  V-                     |        | start a
`;

/** `leader` empty: none. */
const situation = (members: readonly Weight[], leader: string): Situation =>
  leader === '' ? { members } : { members, leaderId: leader };

describe('the course to full health', () => {
  test.each(rowsOf(table))('%s, led by %s', (members = '', leader = '', course = '') => {
    const legs = courseToHealth(situation(membersIn(members), leader));
    expect(legs.map(leg => inWords(leg.step)).join('; ')).toBe(course);
  });
});

/** A step as it is weighed. */
function weighed(step: Exclude<CourseStep, { kind: 'move-leader' }>): Step {
  return step.kind === 'start' ? { kind: 'restart', ids: step.ids, together: true } : step;
}

const alive = (members: readonly Weight[], role: Weight['role']): number =>
  members.filter(m => m.role === role && m.health === 'healthy').length;
const all = (members: readonly Weight[], role: Weight['role']): number => members.filter(m => m.role === role).length;
const hasQuorum = (members: readonly Weight[]): boolean => alive(members, 'voter') * 2 > all(members, 'voter');

/** What etcd itself takes (measured, 3.4 to 3.6): a learner at a time, and only while all voters are connected. */
function etcdTakes(members: readonly Weight[], step: CourseStep): boolean {
  if (step.kind === 'start') return true;
  if (!hasQuorum(members)) return false;
  const target = 'id' in step ? members.find(m => m.id === step.id) : undefined;
  switch (step.kind) {
    case 'add-learner':
      return alive(members, 'voter') === all(members, 'voter') && all(members, 'learner') === 0;
    case 'promote':
      return target?.role === 'learner' && target.health === 'healthy';
    case 'remove': {
      if (!target) return false;
      const rest = members.filter(m => m !== target);
      return target.role === 'learner' || target.health !== 'healthy' || hasQuorum(rest);
    }
    case 'move-leader':
      return members.some(m => m.id === step.to && m.role === 'voter' && m.health === 'healthy');
  }
}

/** Each cluster up to seven members, led by nobody and by each of its voters. */
function* situations(): Generator<Situation> {
  for (const members of clustersUpTo(7)) {
    yield { members };
    for (const m of members) if (m.role === 'voter') yield { members, leaderId: m.id };
  }
}

test('from every cluster with quorum a course of allowed steps leads to full health', { timeout: 60_000 }, () => {
  const wrong: string[] = [];
  let courses = 0;
  for (const start of situations()) {
    if (!hasQuorum(start.members)) continue;
    courses += 1;
    const wanted = wantedVoters(start);
    let now = start;
    let steps = 0;
    for (let step = nextStep(now, wanted); step; step = nextStep(now, wanted)) {
      const { kind } =
        step.kind === 'move-leader' ? { kind: 'safe' } : weigh(now.members, weighed(step), { snapshotFresh: false });
      const removesLeader = step.kind === 'remove' && step.id === now.leaderId;
      if (kind === 'refused' || removesLeader || !etcdTakes(now.members, step))
        wrong.push(`${JSON.stringify(now)} ${inWords(step)}: ${kind}`);
      now = afterStep(now, step);
      if (standingOf(now.members).margin < 0) wrong.push(`${JSON.stringify(start)}: no quorum after ${inWords(step)}`);
      steps += 1;
      if (steps > 40) throw new Error(`no end from ${JSON.stringify(start)}`);
    }
    const done = now.members.every(m => m.role === 'voter' && m.health === 'healthy');
    if (!done || now.members.length !== wanted || wanted % 2 === 0) wrong.push(`ends ill: ${JSON.stringify(start)}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(courses).toBeGreaterThan(500);
});

test('without quorum the course begins with what is never refused', { timeout: 60_000 }, () => {
  let seen = 0;
  for (const start of situations()) {
    if (hasQuorum(start.members)) continue;
    seen += 1;
    const step = nextStep(start, wantedVoters(start));
    if (step?.kind !== 'start') throw new Error(`${JSON.stringify(start)}: ${JSON.stringify(step)}`);
    expect(weigh(start.members, weighed(step), { snapshotFresh: false }).kind).toBe('safe');
    // One after the other as well.
    for (const id of step.ids)
      expect(weigh(start.members, { kind: 'restart', ids: [id], together: false }, { snapshotFresh: false }).kind).toBe(
        'safe',
      );
  }
  expect(seen).toBeGreaterThan(500);
});

/** All that may be done to a cluster: of members of one kind, the first. */
function stepsFrom(members: readonly Weight[]): readonly Exclude<CourseStep, { kind: 'move-leader' }>[] {
  const firsts = members.filter((m, i) => members.findIndex(o => o.role === m.role && o.health === m.health) === i);
  return [
    ...(members.length < 7 ? [{ kind: 'add-learner' } as const] : []),
    ...firsts.flatMap(m => [{ kind: 'remove', id: m.id } as const, { kind: 'promote', id: m.id } as const]),
    // A learner can be started; a voter that is down is taken not to come back.
    ...firsts.filter(m => m.role === 'learner').map(m => ({ kind: 'start', ids: [m.id] }) as const),
  ];
}

/** The clusters from which steps that `may` lets through lead to healthy voters and no learner, by kinds of members. */
function healable(
  may: (members: readonly Weight[], step: Exclude<CourseStep, { kind: 'move-leader' }>) => boolean,
): ReadonlySet<string> {
  const keyOf = (members: readonly Weight[]) =>
    members
      .map(m => `${m.role}:${m.health}`)
      .sort()
      .join(' ');
  const states = new Map([...clustersUpTo(7)].map(members => [keyOf(members), members] as const));
  const next = new Map(
    [...states].map(([key, members]) => [
      key,
      stepsFrom(members)
        .filter(step => etcdTakes(members, step) && may(members, step))
        .map(step => keyOf(afterStep({ members }, step).members)),
    ]),
  );
  const well = new Set(
    [...states].filter(([, ms]) => ms.every(m => m.role === 'voter' && m.health === 'healthy')).map(([key]) => key),
  );
  for (let grown = true; grown; ) {
    grown = false;
    for (const [key, after] of next)
      if (!well.has(key) && after.some(k => well.has(k))) {
        well.add(key);
        grown = true;
      }
  }
  return well;
}

test('no refusal stands on the only way back to health', { timeout: 60_000 }, () => {
  const byEtcd = healable(() => true);
  const byUs = healable((members, step) => weigh(members, weighed(step), { snapshotFresh: false }).kind !== 'refused');
  expect([...byEtcd].filter(key => !byUs.has(key))).toEqual([]);
  expect(byEtcd.size).toBeGreaterThan(150);
});
