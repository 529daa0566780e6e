import type { Cluster, ObservedMember } from './cluster.ts';
import { calls, isStarted, learnersOf, votersOf } from './cluster.ts';
import type { Problem } from './problems.ts';
import { problemsOf } from './problems.ts';
import { standingOf } from './standing.ts';
import { knownFaults } from './version.ts';

/** Something worth saying about a cluster, and the commands to type next. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly next: readonly string[];
}

/** What is wrong with a cluster or may become so, the worst first, each with the command to type next. */
export function diagnose(cluster: Cluster): readonly Finding[] {
  const findings: Finding[] = problemsOf(cluster).map(p => ({
    severity: 'error',
    text: p.text,
    next: nextFor(p, cluster),
  }));
  for (const learner of learnersOf(cluster.members)) findings.push(aboutLearner(learner, cluster));
  findings.push(...aboutNumbers(cluster));
  for (const fault of versionsOf(cluster).flatMap(knownFaults))
    findings.push({ severity: 'note', text: fault, next: [] });
  const order = ['error', 'warning', 'note'];
  return findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** Too few voters, or one too many; while a learner is there, that is being seen to. */
function aboutNumbers(cluster: Cluster): readonly Finding[] {
  const { voters, healthy, learners } = standingOf(cluster.members);
  if (learners > 0) return [];
  if (voters === 1 && healthy === 1)
    return [
      {
        severity: 'warning',
        text: 'a single voter: if it fails, so does the cluster',
        next: [extendTo([...voterNames(cluster), '<node>'])],
      },
    ];
  if (voters % 2 === 1) return [];
  const text = `${voters} voters tolerate no more failures than ${voters - 1} would`;
  return [{ severity: 'warning', text, next: [extendTo(voterNames(cluster))] }];
}

/** The command that goes on to an odd number of members. */
function extendTo(nodes: readonly string[]): string {
  const odd = nodes.length % 2 === 1 ? nodes : [...nodes, '<node>'];
  return `quorate run extend-to-three -e nodes=${odd.join(',')}`;
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

function nextFor(problem: Problem, cluster: Cluster): readonly string[] {
  const member = cluster.members.find(m => m.id === problem.id);
  const host = member?.name || '<its node>';
  switch (problem.kind) {
    case 'voter-down':
    case 'wrong-cluster':
      return [`ssh ${host} systemctl status etcd`, `ssh ${host} journalctl -u etcd -n 50`];
    case 'no-quorum':
      return [
        'bring the voters that do not answer back before anything else: no membership can be changed without quorum',
      ];
    case 'no-leader':
      return ['quorate status'];
    case 'alarm':
      return problem.text.endsWith('NOSPACE')
        ? [`ssh ${host} df -h /var/lib/etcd`, 'compact and defragment, then: etcdctl alarm disarm']
        : ['do not restart or change members; compare their data: etcdctl endpoint hashkv --cluster'];
  }
}

function aboutLearner(learner: ObservedMember, cluster: Cluster): Finding {
  const name = calls(learner);
  const goOn = extendTo([...voterNames(cluster), isStarted(learner) ? learner.name : '<its node>']);
  const drop = `etcdctl member remove ${learner.id}`;
  if (!isStarted(learner))
    return {
      severity: 'warning',
      text: `${name} was added as a learner and has never started; no other member can be added meanwhile`,
      next: [goOn, `or give it up: ${drop}`],
    };
  if (learner.health !== 'healthy')
    return {
      severity: 'warning',
      text: `${name} is a learner and does not answer; it must not be promoted`,
      next: [`ssh ${learner.name} systemctl status etcd`, `or give it up: ${drop}`],
    };
  return { severity: 'note', text: `${name} is a learner and has no vote yet`, next: [goOn] };
}
