import type { Cluster, ObservedMember } from './cluster.ts';
import { calls, isStarted, learnersOf, votersOf } from './cluster.ts';
import type { Problem } from './problems.ts';
import { problemsOf } from './problems.ts';
import type { NodeOf } from './remedy.ts';
import { byName, cancelAdd, extendTo, replaceDown, restoreCluster } from './remedy.ts';
import { standingOf } from './standing.ts';
import { knownFaults, mixedSeries } from './version.ts';

/** Something worth saying about a cluster, and the commands to type next. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly next: readonly string[];
}

/** What is wrong with a cluster or may become so, the worst first, each with the command to type next. */
export function diagnose(cluster: Cluster, nodeOf: NodeOf = byName): readonly Finding[] {
  const findings: Finding[] = problemsOf(cluster).map(p => ({
    severity: 'error',
    text: p.text,
    next: nextFor(p, cluster, nodeOf),
  }));
  for (const learner of learnersOf(cluster.members)) findings.push(aboutLearner(learner, cluster, nodeOf));
  findings.push(...aboutNumbers(cluster));
  const mixed = mixedSeries(versionsOf(cluster));
  if (mixed !== undefined) findings.push({ severity: 'warning', text: mixed, next: [] });
  for (const fault of versionsOf(cluster).flatMap(version => knownFaults(version, 'server')))
    findings.push({ severity: 'note', text: fault, next: [] });
  const order = ['error', 'warning', 'note'];
  return findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** Too few voters, or one too many; while a learner is there, or a voter is down, that is being seen to. */
function aboutNumbers(cluster: Cluster): readonly Finding[] {
  const { voters, healthy, learners } = standingOf(cluster.members);
  if (learners > 0) return [];
  if (voters === 1 && healthy === 1)
    return [
      {
        severity: 'warning',
        text: 'a single voter: if it fails, so does the cluster',
        next: [extendTo(voterNames(cluster))],
      },
    ];
  if (voters % 2 === 1) return [];
  const text = `${voters} voters tolerate no more failures than ${voters - 1} would`;
  return [{ severity: 'warning', text, next: healthy === voters ? [extendTo(voterNames(cluster))] : [] }];
}

/** The versions that run, each once, oldest first. */
export function versionsOf(cluster: Cluster): readonly string[] {
  const versions = cluster.members.flatMap(m => (m.status ? [m.status.version] : []));
  return [...new Set(versions)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

const voterNames = (cluster: Cluster): readonly string[] =>
  votersOf(cluster.members)
    .filter(isStarted)
    .map(m => m.name);

function nextFor(problem: Problem, cluster: Cluster, nodeOf: NodeOf): readonly string[] {
  const member = cluster.members.find(m => m.id === problem.id);
  const host = (member && nodeOf(member)) ?? '<its node>';
  const look = [`ssh ${host} systemctl status etcd`, `ssh ${host} journalctl -u etcd -n 50`];
  const quorate = cluster.linearizable && standingOf(cluster.members).margin >= 0;
  switch (problem.kind) {
    case 'voter-down':
      return quorate ? [...look, `if it does not come back: ${replaceDown(cluster, nodeOf)}`] : look;
    case 'wrong-cluster':
      return look;
    case 'no-quorum':
      return [
        'bring the voters that do not answer back before anything else: no membership can be changed without quorum',
        `only if they are lost for good: ${restoreCluster(votersOf(cluster.members).map(m => nodeOf(m) ?? '<its node>'))}`,
      ];
    case 'no-leader':
      return ['quorate status --watch'];
    case 'alarm':
      return problem.text.endsWith('NOSPACE')
        ? [`ssh ${host} df -h /var/lib/etcd`, 'compact and defragment, then: etcdctl alarm disarm']
        : ['do not restart or change members; compare their data: etcdctl endpoint hashkv --cluster'];
  }
}

function aboutLearner(learner: ObservedMember, cluster: Cluster, nodeOf: NodeOf): Finding {
  const name = nodeOf(learner) ?? calls(learner);
  const node = nodeOf(learner) ?? '<its node>';
  const { voters, healthy } = standingOf(cluster.members);
  const drop = cancelAdd(learner, nodeOf);
  const giveUp = `or give it up: ${drop}`;
  // With it the number becomes odd, or there was a single voter: it was on its way there.
  const goOn = voters === 1 || voters % 2 === 0 ? extendTo([...voterNames(cluster), node]) : undefined;
  const replaces = `or, in the place of a member: quorate run migrate-member -e from=<member> -e to=${node}`;
  const choices = healthy < voters ? [] : goOn === undefined ? [drop, replaces] : [goOn, giveUp];
  if (!isStarted(learner))
    return {
      severity: 'warning',
      text: `${name} was added as a learner and has never started; no other member can be added meanwhile`,
      next: choices,
    };
  if (learner.health !== 'healthy')
    return {
      severity: 'warning',
      text: `${name} is a learner and does not answer; it must not be promoted`,
      next: [`ssh ${node} systemctl status etcd`, giveUp],
    };
  return { severity: 'note', text: `${name} is a learner and has no vote yet`, next: choices };
}
