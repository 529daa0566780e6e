// A second implementation of `weigh`, as plain as can be: it plays the step on a list of voters, counts votes, and reads the
// rules off one after the other as they are written down for people. All clusters up to five members are compared.
import { expect, test } from 'vitest';
import type { Health } from '../../src/etcd/cluster.ts';
import type { Weight } from '../../src/etcd/standing.ts';
import type { Step } from '../../src/etcd/weigh.ts';
import { weigh } from '../../src/etcd/weigh.ts';

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
  // The data of a voter is not wiped while there is no quorum.
  if (step.kind === 'wipe' && voterIn && before < 0) return 'refused';
  // A bounded loss that heals by itself.
  if (step.kind === 'restart' && aliveVoterIn && worst < 0) return snapshotFresh ? 'interrupts' : 'refused';
  if (worst < 0 && worst < before) return 'refused';
  if (worst === 0 && before > 0) return 'fragile';
  return 'safe';
}

const HEALTHS: readonly Health[] = ['healthy', 'unhealthy'];

function* clusters(): Generator<readonly Weight[]> {
  for (let size = 1; size <= 5; size += 1)
    for (let bits = 0; bits < 4 ** size; bits += 1) {
      const members = Array.from({ length: size }, (_, i): Weight => {
        const state = Math.floor(bits / 4 ** i) % 4;
        return {
          id: 'abcde'.charAt(i),
          role: state < 2 ? 'voter' : 'learner',
          health: HEALTHS[state % 2] ?? 'unknown',
        };
      });
      // As many learners as etcd 3.6 can be told to take.
      if (members.some(m => m.role === 'voter') && members.filter(m => m.role === 'learner').length <= 2) yield members;
    }
}

function* steps(members: readonly Weight[]): Generator<Step> {
  yield { kind: 'add-learner' };
  yield { kind: 'add-voter' };
  const ids = [...members.map(m => m.id), 'z'];
  for (const id of ids) {
    yield { kind: 'promote', id };
    yield { kind: 'remove', id };
  }
  for (let set = 1; set < 2 ** members.length; set += 1) {
    const some = members.filter((_, i) => Math.floor(set / 2 ** i) % 2 === 1).map(m => m.id);
    for (const kind of ['stop', 'restart', 'wipe'] as const)
      for (const together of kind === 'restart' ? [true, false] : [true]) yield { kind, ids: some, together };
  }
}

test('weigh agrees with the plain one for all clusters up to five members', () => {
  let compared = 0;
  const differences: string[] = [];
  for (const members of clusters())
    for (const step of steps(members))
      for (const snapshotFresh of [true, false]) {
        compared += 1;
        const [got, plain] = [weigh(members, step, { snapshotFresh }).kind, plainly(members, step, snapshotFresh)];
        if (got !== plain)
          differences.push(`${JSON.stringify({ members, step, snapshotFresh })}: ${got}, plainly ${plain}`);
      }
  expect(differences.slice(0, 5)).toEqual([]);
  expect(compared).toBeGreaterThan(100_000);
});
