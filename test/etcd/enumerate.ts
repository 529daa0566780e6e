import type { Health, Role } from '../../src/etcd/cluster.ts';
import type { Weight } from '../../src/etcd/standing.ts';
import type { Step } from '../../src/etcd/weigh.ts';

const KINDS: readonly { readonly role: Role; readonly health: Health }[] = [
  { role: 'voter', health: 'healthy' },
  { role: 'voter', health: 'unhealthy' },
  { role: 'voter', health: 'unknown' },
  { role: 'learner', health: 'healthy' },
  { role: 'learner', health: 'unhealthy' },
  { role: 'learner', health: 'unknown' },
];

/** All ways to write `total` or fewer as one number for each of `places`. */
function* counts(places: number, total: number): Generator<readonly number[]> {
  if (places === 0) yield [];
  else for (let n = 0; n <= total; n += 1) for (const rest of counts(places - 1, total - n)) yield [n, ...rest];
}

/**
 * Every cluster of up to `size` members with at least one voter, and with as many learners as etcd 3.6 can be told to take, each
 * once: members of one kind can't be told apart, so a cluster is how many there are of each of the six kinds.
 */
export function* clustersUpTo(size: number): Generator<readonly Weight[]> {
  for (const count of counts(KINDS.length, size)) {
    const members = KINDS.flatMap((kind, i) => Array.from({ length: count[i] ?? 0 }, () => kind)).map(
      (kind, i): Weight => ({ id: 'abcdefg'.charAt(i), ...kind }),
    );
    const learners = members.filter(m => m.role === 'learner').length;
    if (learners < members.length && learners <= 2) yield members;
  }
}

/** Every step on such a cluster, each once: of members of one kind the first ones are taken. */
export function* stepsOn(members: readonly Weight[]): Generator<Step> {
  yield { kind: 'add-learner' };
  yield { kind: 'add-voter' };
  const kinds = KINDS.map(k => members.filter(m => m.role === k.role && m.health === k.health).map(m => m.id));
  for (const id of [...kinds.flatMap(ids => ids.slice(0, 1)), 'z']) {
    yield { kind: 'promote', id };
    yield { kind: 'remove', id };
  }
  for (const count of counts(KINDS.length, members.length)) {
    if (count.some((n, i) => n > (kinds[i]?.length ?? 0))) continue;
    const ids = kinds.flatMap((all, i) => all.slice(0, count[i]));
    if (ids.length === 0) continue;
    for (const kind of ['stop', 'restart', 'wipe', 'restore'] as const)
      for (const together of kind === 'restart' ? [true, false] : [true]) yield { kind, ids, together };
  }
}
