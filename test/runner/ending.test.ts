import { expect, test } from 'vitest';
import type { MembershipView } from '../../src/core/guard.ts';
import { type LastWords, withoutQuorum } from '../../src/runner/ending.ts';

const words = (message: string): LastWords => ({
  outcome: 'failed',
  error: { code: 'task-failed', message, hint: 'look at it' },
  next: ['quorate status'],
});

/** Each voter by its health. */
function view(health: Readonly<Record<string, 'healthy' | 'unhealthy' | 'unknown'>>): MembershipView {
  const voters = Object.entries(health);
  const healthy = voters.filter(([, one]) => one === 'healthy').length;
  const quorum = Math.floor(voters.length / 2) + 1;
  return {
    clusterId: 'c1',
    members: [
      ...voters.map(([name, one], index) => ({
        id: `a${index}`,
        name,
        role: 'voter' as const,
        health: one,
        leader: false,
        peerUrl: `https://${name}:2380`,
      })),
      { id: 'b1', name: '', role: 'learner', health: 'unknown', leader: false, peerUrl: 'https://node003:2380' },
    ],
    standing: { voters: voters.length, healthy, learners: 1, quorum, margin: healthy - quorum },
  };
}

const message = 'etcd on node003 is not active after 30 s: it is activating';

test('the voters for lack of which there is no quorum are named', () => {
  const ended = withoutQuorum(words(message), view({ node001: 'healthy', node002: 'unknown' }));
  expect(ended).toEqual({
    ...words(`${message}; there is no quorum, which may be why: node002 does not answer`),
  });
  const both = withoutQuorum(words(message), view({ node001: 'healthy', node002: 'unknown', node004: 'unhealthy' }));
  expect(both.error?.message).toMatch(/why: node002, node004 do not answer$/);
});

test.each<[string, LastWords, MembershipView | undefined]>([
  ['there is a quorum', words(message), view({ node001: 'healthy', node002: 'healthy', node004: 'unknown' })],
  ['the cause names one', words('node002 is not healthy'), view({ node001: 'healthy', node002: 'unknown' })],
  ['nothing was seen', words(message), undefined],
  ['it came to its goal', { outcome: 'done', next: [] }, view({ node001: 'unknown', node002: 'unknown' })],
])('nothing is added where %s', (_, said, seen) => {
  expect(withoutQuorum(said, seen)).toBe(said);
});
