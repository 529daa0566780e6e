import type { MembershipView } from '../core/guard.ts';
import type { LockHolder } from '../core/lock.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import type { Finding } from '../etcd/diagnosis.ts';
import { diagnose } from '../etcd/diagnosis.ts';
import type { NodeOf, Remedy } from '../etcd/remedy.ts';
import { remedyFor } from '../etcd/remedy.ts';
import { faultTolerance } from '../etcd/standing.ts';
import { viewOf } from '../guards/view.ts';
import { renderMembership } from '../views/membership.ts';
import { type Paint, unpainted } from '../views/paint.ts';

/** What `quorate status` tells of a cluster; with `--json`, this very shape. */
export interface StatusReport {
  readonly clusterId: string;
  readonly members: readonly (MembershipView['members'][number] & {
    /** Entries of the log that the leader has and this member has not applied yet; absent where it did not answer. */
    readonly lag?: number;
    readonly version?: string;
  })[];
  readonly standing: MembershipView['standing'];
  readonly faultTolerance: number;
  /** The run that holds the lock on the membership; absent where none does. */
  readonly lock?: LockHolder;
  readonly findings: readonly Finding[];
  /** The way back to full health; no steps where the cluster is there. */
  readonly remedy: Remedy;
}

/** `nodeOf`: the node of a member, for the commands that are named. */
export function statusReport(cluster: Cluster, nodeOf: NodeOf, lock?: LockHolder): StatusReport {
  const { clusterId, members, standing } = viewOf(cluster);
  return {
    clusterId,
    members: members.map(member => {
      const seen = cluster.members.find(m => m.id === member.id);
      const lag = seen && lagOf(seen, cluster);
      return {
        ...member,
        ...(lag === undefined ? {} : { lag }),
        ...(seen?.status ? { version: seen.status.version } : {}),
      };
    }),
    standing,
    faultTolerance: faultTolerance(standing),
    ...(lock && { lock }),
    findings: diagnose(cluster, nodeOf),
    remedy: remedyFor(cluster, nodeOf),
  };
}

/** "the run X is changing this cluster, by root on headnode, since 2026-11-26T03:00:00.000Z". */
function holds({ run, who, sinceMs }: LockHolder): string {
  return `the run ${run} is changing this cluster, by ${who}, since ${new Date(sinceMs).toISOString()}`;
}

/** Members are asked one after the other while writes go on, so a few entries mean nothing. */
function lagOf({ status }: ObservedMember, cluster: Cluster): number | undefined {
  if (!status) return undefined;
  const leader = cluster.members.find(m => m.id === cluster.leaderId)?.status ?? status;
  return Math.max(0, leader.raftIndex - status.raftAppliedIndex);
}

/** The members, what is wrong, the way back to health, and at the end the command to type next. Ends with a newline. */
export function renderStatus(report: StatusReport, paint: Paint = unpainted): string {
  const lags = new Map(report.members.flatMap(m => (m.lag === undefined ? [] : [[m.id, m.lag] as const])));
  const parts = [renderMembership(report, paint, lags)];
  if (report.lock)
    parts.push(`${paint('cyan', 'note')}: ${holds(report.lock)}; wait for its end before you change anything\n`);
  const styles = { error: 'red', warning: 'yellow', note: 'cyan' } as const;
  for (const { severity, text, next } of report.findings)
    parts.push(`${paint(styles[severity], severity)}: ${text}\n${next.map(command => `  → ${command}\n`).join('')}`);
  const { steps, command } = report.remedy;
  if (command !== undefined) {
    const numbered = steps.map((step, i) => `  ${i + 1}. ${step}\n`).join('');
    parts.push(`the way to full health:\n${numbered}${paint('bold', 'type next:')} ${command}\n`);
  } else if (report.findings.every(f => f.severity === 'note'))
    parts.push('all is well; to compare the data of the members: quorate run verify\n');
  return parts.join('');
}
