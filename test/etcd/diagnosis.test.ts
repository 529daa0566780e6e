import { describe, expect, test } from 'vitest';
import type { Cluster, MemberStatus, ObservedMember } from '../../src/etcd/cluster.ts';
import { fingerprint, hasPeerUrl } from '../../src/etcd/cluster.ts';
import { diagnose } from '../../src/etcd/diagnosis.ts';
import { remedyFor } from '../../src/etcd/remedy.ts';

const status = (memberId: string, more: Partial<MemberStatus> = {}): MemberStatus => ({
  memberId,
  role: 'voter',
  clusterId: 'c1',
  leaderId: 'a1',
  version: '3.5.31',
  dbSizeBytes: 1,
  revision: 1,
  raftTerm: 2,
  raftIndex: 3,
  raftAppliedIndex: 3,
  ...more,
});

const member = (n: number, more: Partial<ObservedMember> = {}): ObservedMember => ({
  id: `a${n}`,
  name: `node00${n}`,
  role: 'voter',
  peerUrls: [`https://10.141.0.${n}:2380`],
  clientUrls: [`https://10.141.0.${n}:2379`],
  health: 'healthy',
  status: status(`a${n}`),
  ...more,
});
const { status: _, ...gone } = member(3, { health: 'unhealthy' });

const cluster = (members: readonly ObservedMember[], more: Partial<Cluster> = {}): Cluster => ({
  id: 'c1',
  members,
  leaderId: 'a1',
  alarms: [],
  linearizable: true,
  ...more,
});

const shown = (c: Cluster) => diagnose(c).map(f => `${f.severity}: ${f.text} → ${f.next[0] ?? '-'}`);

describe('diagnosis', () => {
  test('three healthy voters need nothing', () => {
    expect(shown(cluster([member(1), member(2), member(3)]))).toEqual([]);
  });

  test('a voter that does not answer', () => {
    expect(shown(cluster([member(1), member(2), gone]))).toEqual([
      'error: node003 does not answer → ssh node003 systemctl status etcd',
    ]);
  });

  test('a voter that runs and does not serve', () => {
    expect(shown(cluster([member(1), member(2), member(3, { health: 'unhealthy' })]))).toEqual([
      'error: node003 runs and does not answer reads → ssh node003 systemctl status etcd',
    ]);
  });

  test('no quorum comes first', () => {
    const c = cluster([member(1), { ...gone, id: 'a2', name: 'node002' }, gone], { linearizable: false });
    expect(shown(c)[0]).toMatch(/^error: the cluster has no quorum: 1 of 3 voters answers?, 2 must → bring the voters/);
    expect(shown(c)).toHaveLength(3);
  });

  test('a single voter, and what extends it', () => {
    expect(shown(cluster([member(1)]))).toEqual([
      'warning: a single voter: if it fails, so does the cluster → quorate run extend-to-three -e nodes=node001,<node>,<node>',
    ]);
  });

  test('two voters', () => {
    expect(shown(cluster([member(1), member(2)]))).toEqual([
      'warning: 2 voters tolerate no more failures than 1 would → quorate run extend-to-three -e nodes=node001,node002,<node>',
    ]);
  });

  test('learners: waiting, dead, never started', () => {
    const learner = { role: 'learner' } as const;
    const three = [member(1), member(2), member(3)];
    expect(shown(cluster([...three, member(4, learner)]))).toEqual([
      'note: node004 is a learner and has no vote yet → quorate run cancel-add -e node=node004',
    ]);
    expect(shown(cluster([...three, member(4, { ...learner, health: 'unhealthy' })]))).toEqual([
      'warning: node004 is a learner and does not answer; it must not be promoted → ssh node004 systemctl status etcd',
    ]);
    const { status: _, ...unstarted } = member(4, { ...learner, name: '', clientUrls: [], health: 'unknown' });
    const [finding] = diagnose(cluster([...three, unstarted]));
    expect(finding?.text).toMatch(/^https:\/\/10\.141\.0\.4:2380 was added as a learner and has never started/);
    expect(finding?.next[0]).toBe('quorate run cancel-add -e node=<its node>');
    const known = diagnose(cluster([...three, unstarted]), m => (m.id === 'a4' ? 'node004' : m.name));
    expect(known[0]?.next[1]).toBe(
      'or, in the place of a member: quorate run migrate-member -e from=<member> -e to=node004',
    );
  });

  test('a learner on its way says all about the number of voters', () => {
    expect(shown(cluster([member(1), member(2, { role: 'learner' })]))).toEqual([
      'note: node002 is a learner and has no vote yet → quorate run extend-to-three -e nodes=node001,node002,<node>',
    ]);
  });

  test('alarms', () => {
    const three = [member(1), member(2), member(3)];
    expect(shown(cluster(three, { alarms: [{ memberId: 'a2', kind: 'NOSPACE' }] }))).toEqual([
      'error: node002 has raised the alarm NOSPACE → ssh node002 df -h /var/lib/etcd',
    ]);
    expect(shown(cluster(three, { alarms: [{ memberId: 'ff', kind: 'CORRUPT' }] }))[0]).toMatch(
      /^error: ff has raised/,
    );
  });

  test('strangers at the URL of a member', () => {
    const other = member(3, { health: 'unhealthy', status: status('a3', { clusterId: 'c2' }) });
    expect(shown(cluster([member(1), member(2), other]))[0]).toMatch(
      /^error: at the URL of node003 a member of another/,
    );
    const twin = member(3, { health: 'unhealthy', status: status('a2') });
    expect(shown(cluster([member(1), member(2), twin]))[0]).toMatch(/another member \(a2, not a3\) answers/);
  });

  test('no agreed leader', () => {
    const { leaderId: _, ...leaderless } = cluster([member(1), member(2), member(3)]);
    expect(shown(leaderless)).toEqual(['error: the voters do not agree on a leader → quorate status --watch']);
  });

  test('known faults are notes', () => {
    const old = member(1, { status: status('a1', { version: '3.5.30' }) });
    expect(shown(cluster([old, member(2), member(3)]))[0]).toMatch(/^note: etcd 3\.5\.30: `member update`/);
  });
});

describe('the remedy', () => {
  const down = (n: number): ObservedMember => ({ ...gone, id: `a${n}`, name: `node00${n}` });
  const learner = (n: number, more: Partial<ObservedMember> = {}) => member(n, { role: 'learner', ...more });
  const five = [member(1), member(2), member(3)];

  test.each<[string, Cluster, string | undefined]>([
    ['nothing', cluster([member(1), member(2), member(3)]), undefined],
    ['two voters', cluster([member(1), member(2)]), 'extend-to-three -e nodes=node001,node002,<node>'],
    ['half-way', cluster([member(1), learner(2)]), 'extend-to-three -e nodes=node001,node002,<node>'],
    ['the last one', cluster([member(1), member(2), learner(3)]), 'extend-to-three -e nodes=node001,node002,node003'],
    ['a fourth', cluster([...five, learner(4)]), 'cancel-add -e node=node004'],
    ['a dead fourth', cluster([...five, learner(4, { health: 'unhealthy' })]), 'cancel-add -e node=node004'],
    ['one down', cluster([member(1), member(2), down(3)]), 'replace-failed-member -e node=node003'],
    [
      'one down, and a learner',
      cluster([member(1), member(2), down(3), learner(4)]),
      'replace-failed-member -e node=node003 -e replacement=node004',
    ],
    ['two of five down', cluster([...five, down(4), down(5)]), 'remove-member -e node=node004'],
    ['a sick leader', cluster([member(1), member(2), down(3)], { leaderId: 'a3' }), 'move-leader -e to=node001'],
  ])('%s', (_what, c, command) => {
    expect(remedyFor(c).command).toBe(command && `quorate run ${command}`);
  });

  test('without quorum: start what is down', () => {
    const c = cluster([member(1), down(2), down(3)], { linearizable: false });
    expect(remedyFor(c)).toEqual({
      command: 'ssh node002 systemctl restart etcd   (likewise: node003)',
      steps: ['start etcd on node002, node003: 3 of 3 voters healthy, quorum 2, fault tolerance 1'],
    });
    expect(diagnose(c)[0]?.next[1]).toBe(
      'only if they are lost for good: quorate run restore-cluster -e nodes=node001,node002,node003 -e snapshot=<the snapshot>',
    );
  });

  test('says each step, and what the cluster can stand after it', () => {
    expect(remedyFor(cluster([member(1), member(2), down(3)])).steps).toEqual([
      'remove node003: 2 of 2 voters healthy, quorum 2, fault tolerance 0',
      'add a member, as a learner: 2 of 2 voters healthy, quorum 2, fault tolerance 0',
      'start etcd on the new member: 2 of 2 voters healthy, quorum 2, fault tolerance 0',
      'promote the new member once it is in sync: 3 of 3 voters healthy, quorum 2, fault tolerance 1',
    ]);
  });

  test('members of two series', () => {
    const old = member(1, { status: status('a1', { version: '3.4.38' }) });
    expect(shown(cluster([old, member(2), member(3)]))[0]).toMatch(/^warning: members of 3\.4 and 3\.5 run together/);
  });
});

describe('members', () => {
  test('the fingerprint is the same in any order, and another after a promotion', () => {
    const [a, b] = [member(1), member(2, { role: 'learner' })];
    expect(fingerprint([a, b])).toBe('a1:voter a2:learner');
    expect(fingerprint([b, a])).toBe(fingerprint([a, b]));
    expect(fingerprint([a, { ...b, role: 'voter' }])).not.toBe(fingerprint([a, b]));
  });

  test('URLs that mean the same', () => {
    expect(hasPeerUrl(member(1), 'HTTPS://10.141.0.1:2380/')).toBe(true);
    expect(hasPeerUrl(member(1), 'https://10.141.0.11:2380')).toBe(false);
  });
});
