import { describe, expect, test } from 'vitest';
import type { Member } from '../../src/etcd/cluster.ts';
import { driftOf } from '../../src/etcd/drift.ts';
import { rowsOf } from './notation.ts';

// A member: role, number and, after a slash, its ID (`?`: not known yet): `V1/a`. Its peer URL goes by its number.
const table = `
  expected         | now              | drift
  -----------------|------------------|------------------------------------------------
  V1/a V2/b        | V1/a V2/b        | none
  V1/a V2/b        | V2/b V1/a        | none
  V1/a             | V1/a L2/b        | node002 was added as a learner
  V1/a             | V1/a V2/b        | node002 was added as a voter
  V1/a V2/b        | V1/a             | node002 was removed
  V1/a L2/b        | V1/a V2/b        | node002 became a voter
  V1/a V2/b        | V1/a V2/c        | node002 was added as a voter; node002 was removed
  V1/a L2/?        | V1/a L2/b        | none
  V1/a L2/?        | V1/a L3/b        | node003 was added as a learner; node002 was removed
  V1/a V2/b        | V1/a V3/b        | node003 has other peer URLs: https://10.141.0.3:2380
  V1/a V2/b V3/c   | V1/a V2/b L4/d   | node004 was added as a learner; node003 was removed
`;

function membersIn(text: string): (Member & { known: boolean })[] {
  return text.split(' ').map(word => {
    const [, role, number, id = ''] = /^([VL])(\d)\/(\w|\?)$/.exec(word) ?? [];
    return {
      id,
      known: id !== '?',
      name: `node00${number}`,
      role: role === 'V' ? 'voter' : 'learner',
      peerUrls: [`https://10.141.0.${number}:2380`],
      clientUrls: [],
    };
  });
}

describe('what somebody else changed', () => {
  test.each(rowsOf(table))('%s, now %s: %s', (expected, now, drift) => {
    const wanted = membersIn(expected ?? '').map(({ id, known, ...member }) => (known ? { ...member, id } : member));
    expect(driftOf(wanted, membersIn(now ?? '')).join('; ') || 'none').toBe(drift);
  });
});
