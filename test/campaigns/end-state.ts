// What a practice cluster is after a run, seen by other eyes than quorate's, less what differs from run to run.
import type { TestLab } from '../support/lab.ts';
import { isActive, memberList, overlays } from '../support/runs.ts';

export interface EndState {
  readonly members: readonly string[];
  readonly overlays: { readonly members: readonly string[]; readonly learners: readonly string[] };
  /** By node. */
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** How often cmsh committed something since the lab was made: a change that was made twice counts twice. */
  readonly commits: number;
  /** How many members were ever added, and removed, by etcd's own logs. */
  readonly added: number;
  readonly removed: number;
  /** The lock on the membership; empty where nobody holds it. */
  readonly lock: string;
}

interface NodeState {
  readonly etcd: 'active' | 'inactive';
  /** How often its data was moved aside. */
  readonly aside: number;
  /** Temporary files and records of jobs that a run left behind. */
  readonly leftovers: string;
}

export async function endState(lab: TestLab, nodes: readonly string[], asked: string): Promise<EndState> {
  const states = await Promise.all(nodes.map(async node => [node, await nodeState(lab, node)] as const));
  const logs = (await Promise.all(nodes.map(node => etcdLog(lab, node)))).join('\n');
  const state = JSON.parse(await lab.must('headnode', ['cat', '/var/spool/cmd/state.json']));
  return {
    members: await memberList(lab, asked),
    overlays: await overlays(lab),
    nodes: Object.fromEntries(states),
    commits: state.commits,
    added: countOf(/\badded (?:learner )?member (\w+)|"added-peer-id":"(\w+)"/g, logs),
    removed: countOf(/\bremoved member (\w+)|"removed-remote-peer-id":"(\w+)"/g, logs),
    lock: (await lab.etcdctl(asked, 'get --print-value-only quorate/lock')).trim(),
  };
}

/** Members differ by their IDs, and each host's log tells of all of them. */
function countOf(pattern: RegExp, logs: string): number {
  return new Set([...logs.matchAll(pattern)].map(([, id, other]) => id ?? other)).size;
}

async function nodeState(lab: TestLab, node: string): Promise<NodeState> {
  const list = async (command: string) => (await lab.exec(node, ['sh', '-c', command])).stdout.trim();
  return {
    etcd: (await isActive(lab, node)) ? 'active' : 'inactive',
    aside: Number(await list('ls -d /var/lib/etcd.aside/* 2>/dev/null | wc -l')),
    leftovers: await list('ls -d /run/quorate/* 2>/dev/null'),
  };
}

async function etcdLog(lab: TestLab, node: string): Promise<string> {
  const { stdout } = await lab.exec(node, ['journalctl', '--unit=etcd', '--output=cat', '--no-pager']);
  return stdout;
}
