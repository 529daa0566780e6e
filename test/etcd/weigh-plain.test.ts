// A second implementation of `weigh`, as plain as can be: it plays the step on a list of voters, counts votes, and reads the
// rules off one after the other as they are written down for people. All clusters up to seven members
// are compared.
import { expect, test } from 'vitest';
import type { Health } from '../../src/etcd/cluster.ts';
import type { Weight } from '../../src/etcd/standing.ts';
import type { Step } from '../../src/etcd/weigh.ts';
import { weigh } from '../../src/etcd/weigh.ts';
import { clustersUpTo, stepsOn } from './enumerate.ts';

/** True where more than half of the votes are alive. */
const decides = (votes: readonly boolean[]): boolean => votes.filter(v => v).length * 2 > votes.length;

/** How many more votes may fail before no decision is possible; −n where n are missing. Found by trying. */
function spare(votes: readonly boolean[]): number {
  const alive = votes.filter(v => v).length;
  const dead = votes.length - alive;
  const withAlive = (n: number) => [...Array(n).fill(true), ...Array(votes.length - n).fill(false)];
  if (decides(votes)) {
    let may = 0;
    while (alive - may - 1 >= 0 && decides(withAlive(alive - may - 1))) may += 1;
    return may;
  }
  for (let missing = 1; missing <= dead; missing += 1) if (decides(withAlive(alive + missing))) return -missing;
  return -1 - dead;
}

const votesOf = (members: readonly Weight[]): boolean[] =>
  members.filter(m => m.role === 'voter').map(m => m.health === 'healthy');

/** All that `members` may look like while the step is under way or done. */
function moments(members: readonly Weight[], step: Step): boolean[][] {
  const without = (ids: readonly string[]) =>
    votesOf(members.map(m => (ids.includes(m.id) ? { ...m, health: 'unhealthy' } : m)));
  switch (step.kind) {
    case 'add-learner':
      return [votesOf(members)];
    case 'add-voter':
      return [[...votesOf(members), false]];
    case 'promote':
      return [votesOf(members.map(m => (m.id === step.id ? { ...m, role: 'voter' } : m)))];
    case 'remove':
      return [votesOf(members.filter(m => m.id !== step.id))];
    case 'stop':
    case 'wipe':
    case 'restore':
      return [without(step.ids)];
    case 'restart':
      return step.together ? [without(step.ids)] : [votesOf(members), ...step.ids.map(id => without([id]))];
  }
}

function plainly(members: readonly Weight[], step: Step, snapshotFresh: boolean): string {
  const votes = votesOf(members);
  const allAlive = votes.every(v => v);
  const before = spare(votes);
  const worst = Math.min(...moments(members, step).map(v => (v.length === 0 ? Number.NEGATIVE_INFINITY : spare(v))));
  const ids = 'ids' in step ? step.ids : 'id' in step ? [step.id] : [];
  const target = members.filter(m => ids.includes(m.id));
  const aliveVoterIn = target.some(m => m.role === 'voter' && m.health === 'healthy');
  const voterIn = target.some(m => m.role === 'voter');

  const isPromotion = step.kind === 'promote' && target.some(m => m.role === 'learner');
  const isAdd = step.kind === 'add-learner' || step.kind === 'add-voter';
  // Before an add, a promotion or a stop every voter must be healthy; a removal of a live one counts as a stop.
  if ((isAdd || isPromotion || (step.kind !== 'promote' && aliveVoterIn)) && !allAlive) return 'refused';
  // A learner is promoted only while it is alive.
  if (isPromotion && target.some(m => m.health !== 'healthy')) return 'refused';
  // A cluster with quorum is not gone back from to a snapshot.
  if (step.kind === 'restore' && voterIn && before >= 0) return 'refused';
  // The data of a voter is not wiped while there is no quorum.
  if (step.kind === 'wipe' && voterIn && before < 0) return 'refused';
  // A bounded loss that heals by itself.
  if (step.kind === 'restart' && aliveVoterIn && worst < 0) return snapshotFresh ? 'interrupts' : 'refused';
  if (worst < 0 && worst < before) return 'refused';
  if (worst === 0 && before > 0) return 'fragile';
  return 'safe';
}

const ORDERED: readonly Health[] = ['healthy', 'unhealthy'];

/** Every order of up to four members: that members of one kind can't be told apart is what the rest rests on. */
function* inEveryOrder(): Generator<readonly Weight[]> {
  for (let size = 1; size <= 4; size += 1)
    for (let bits = 0; bits < 4 ** size; bits += 1) {
      const members = Array.from({ length: size }, (_, i): Weight => {
        const state = Math.floor(bits / 4 ** i) % 4;
        return {
          id: 'abcd'.charAt(i),
          role: state < 2 ? 'voter' : 'learner',
          health: ORDERED[state % 2] ?? 'unknown',
        };
      });
      if (members.some(m => m.role === 'voter')) yield members;
    }
}

function* stepsInEveryOrder(members: readonly Weight[]): Generator<Step> {
  yield { kind: 'add-learner' };
  yield { kind: 'add-voter' };
  for (const id of [...members.map(m => m.id), 'z']) {
    yield { kind: 'promote', id };
    yield { kind: 'remove', id };
  }
  for (let set = 1; set < 2 ** members.length; set += 1) {
    const ids = members.filter((_, i) => Math.floor(set / 2 ** i) % 2 === 1).map(m => m.id);
    for (const kind of ['stop', 'restart', 'wipe', 'restore'] as const)
      for (const together of kind === 'restart' ? [true, false] : [true]) yield { kind, ids, together };
  }
}

interface Case {
  readonly members: readonly Weight[];
  readonly step: Step;
  readonly snapshotFresh: boolean;
}

function* cases(
  clusters: Iterable<readonly Weight[]>,
  steps: (members: readonly Weight[]) => Iterable<Step>,
): Generator<Case> {
  for (const members of clusters)
    for (const step of steps(members))
      for (const snapshotFresh of [true, false]) yield { members, step, snapshotFresh };
}

function differences(all: Iterable<Case>): { readonly compared: number; readonly found: readonly string[] } {
  let compared = 0;
  const found: string[] = [];
  for (const { members, step, snapshotFresh } of all) {
    compared += 1;
    const [got, plain] = [weigh(members, step, { snapshotFresh }).kind, plainly(members, step, snapshotFresh)];
    if (got !== plain) found.push(`${JSON.stringify({ members, step, snapshotFresh })}: ${got}, plainly ${plain}`);
  }
  return { compared, found: found.slice(0, 5) };
}

/** A second or two; the limit is for a machine that has much else to do. */
const LIMIT_MS = 60_000;

test('weigh agrees with the plain one for all clusters up to seven members', { timeout: LIMIT_MS }, () => {
  const { compared, found } = differences(cases(clustersUpTo(7), stepsOn));
  expect(found).toEqual([]);
  expect(compared).toBeGreaterThan(100_000);
});

test('and in whatever order the members stand', { timeout: LIMIT_MS }, () => {
  const { compared, found } = differences(cases(inEveryOrder(), stepsInEveryOrder));
  expect(found).toEqual([]);
  expect(compared).toBeGreaterThan(30_000);
});

/** How the cluster stays once the step is over: who restarts is back, whatever else stops is not. */
function stays(members: readonly Weight[], step: Step): number {
  return step.kind === 'restart' ? spare(votesOf(members)) : Math.min(...moments(members, step).map(spareOrNone));
}

const spareOrNone = (votes: readonly boolean[]): number =>
  votes.length === 0 ? Number.NEGATIVE_INFINITY : spare(votes);

test('nothing but refused for a step that lowers the margin below zero to stay', { timeout: LIMIT_MS }, () => {
  const wrong: string[] = [];
  let lowering = 0;
  for (const { members, step, snapshotFresh } of cases(clustersUpTo(7), stepsOn)) {
    const before = spare(votesOf(members));
    const lasting = stays(members, step);
    const { kind } = weigh(members, step, { snapshotFresh });
    if (lasting < 0 && lasting < before) {
      lowering += 1;
      if (kind !== 'refused') wrong.push(JSON.stringify({ members, step, kind }));
    }
    // For the time of a restart it may be so, where all voters are there to come back and a snapshot is at hand.
    const dips = step.kind === 'restart' && Math.min(...moments(members, step).map(spareOrNone)) < Math.min(0, before);
    const ready = snapshotFresh && votesOf(members).every(v => v);
    if (dips && kind !== (ready ? 'interrupts' : 'refused')) wrong.push(JSON.stringify({ members, step, kind }));
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(lowering).toBeGreaterThan(1000);
});
