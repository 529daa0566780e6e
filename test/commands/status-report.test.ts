import { expect, test } from 'vitest';
import { renderStatus, statusReport } from '../../src/commands/status-report.ts';
import type { Cluster, ObservedMember } from '../../src/etcd/cluster.ts';
import { byName } from '../../src/etcd/remedy.ts';

const member = (n: number, appliedIndex = 100, more: Partial<ObservedMember> = {}): ObservedMember => ({
  id: `a${n}`,
  name: `node00${n}`,
  role: 'voter',
  peerUrls: [`https://10.141.0.${n}:2380`],
  clientUrls: [`https://10.141.0.${n}:2379`],
  health: 'healthy',
  status: {
    memberId: `a${n}`,
    role: 'voter',
    clusterId: 'c1',
    leaderId: 'a1',
    version: '3.5.31',
    dbSizeBytes: 1,
    revision: 1,
    raftTerm: 2,
    raftIndex: appliedIndex,
    raftAppliedIndex: appliedIndex,
  },
  ...more,
});
const { status: _, ...gone } = member(3, 0, { health: 'unhealthy' });
const cluster = (...members: ObservedMember[]): Cluster => ({
  id: 'c1',
  members,
  leaderId: 'a1',
  alarms: [],
  linearizable: true,
});

test('a voter that is down: what is wrong, the way back, and the command to type next at the very end', () => {
  expect(renderStatus(statusReport(cluster(member(1), member(2, 93), gone), byName))).toBe(
    [
      'NAME     ROLE   HEALTH     LEADER  LAG  ID  PEER URL',
      'node001  voter  healthy    leader    0  a1  https://10.141.0.1:2380',
      'node002  voter  healthy              7  a2  https://10.141.0.2:2380',
      'node003  voter  unhealthy            -  a3  https://10.141.0.3:2380',
      '3 voters (2 healthy), 0 learners; quorum 2; fault tolerance 0',
      'error: node003 does not answer',
      '  → ssh node003 systemctl status etcd',
      '  → ssh node003 journalctl -u etcd -n 50',
      '  → if it does not come back: quorate run replace-failed-member -e node=node003',
      'the way to full health:',
      '  1. remove node003: 2 of 2 voters healthy, quorum 2, fault tolerance 0',
      '  2. add a member, as a learner: 2 of 2 voters healthy, quorum 2, fault tolerance 0',
      '  3. start etcd on the new member: 2 of 2 voters healthy, quorum 2, fault tolerance 0',
      '  4. promote the new member once it is in sync: 3 of 3 voters healthy, quorum 2, fault tolerance 1',
      'type next: quorate run replace-failed-member -e node=node003',
      '',
    ].join('\n'),
  );
});

test('where all is well it names what looks deeper', () => {
  const report = statusReport(cluster(member(1), member(2), member(3)), byName);
  expect(renderStatus(report)).toMatch(/all is well; to compare the data of the members: quorate run verify\n$/);
  expect(report.remedy).toEqual({ steps: [] });
});

test('a member that is ahead of what the leader said before is not behind', () => {
  const { members, faultTolerance } = statusReport(cluster(member(1), member(2, 104), member(3, 40)), byName);
  expect(members.map(m => m.lag)).toEqual([0, 0, 60]);
  expect(faultTolerance).toBe(1);
});

test('a member that never started is called by its node, where that is known', () => {
  const unstarted: ObservedMember = { ...gone, name: '', role: 'learner', health: 'unknown', clientUrls: [] };
  const report = statusReport(cluster(member(1), member(2), unstarted), m => (m.id === 'a3' ? 'node003' : m.name));
  expect(report.remedy.command).toBe('quorate run extend-to-three -e nodes=node001,node002,node003');
  expect(report.findings[0]?.text).toMatch(/^node003 was added as a learner and has never started/);
});

test('names the run that is changing the cluster', () => {
  const lock = { run: 'r1', who: 'root on headnode', sinceMs: Date.UTC(2026, 10, 26, 3), process: 'p' };
  const report = statusReport(cluster(member(1), member(2), member(3)), byName, lock);
  expect(renderStatus(report)).toContain(
    'note: the run r1 is changing this cluster, by root on headnode, since 2026-11-26T03:00:00.000Z; wait for its end',
  );
});
