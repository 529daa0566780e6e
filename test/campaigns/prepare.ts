import type { Scenario } from '../e2e/playbooks/scenario.ts';
import { type MemberCount, scenarios } from '../e2e/playbooks/scenarios.ts';
import { succeeded, type TestLab } from '../support/lab.ts';

export const MEMBERS = 3;

/** Which of a lab's states the scenarios begin with. */
export const BASE = 'base';

/** A majority is lost: one node is off for good, one has lost its data. What is written after the snapshot is lost, as is meant. */
const restoreCluster: Scenario = {
  seconds: 90,
  before: async lab => {
    succeeded(await lab.exec('headnode', ['quorate', 'run', 'snapshot']));
    const newest = 'ls -t /cm/shared/backup/etcd/etcd-node001-* | head -n 1';
    const snapshot = (await lab.must('node001', ['sh', '-c', newest])).trim();
    succeeded(await lab.lab('fault', 'power-off', 'node003'));
    succeeded(await lab.lab('fault', 'wipe', 'node002'));
    succeeded(await lab.lab('fault', 'power-on', 'node002'));
    return ['nodes=node001,node002,node004', `snapshot=${snapshot}`, 'lost=node003', '--allow quorum-lost'];
  },
  voters: ['node001', 'node002', 'node004'],
  end: 'changes',
  gap: 'all voters restart',
};

/** What the campaigns run, by playbook. */
export const campaignScenarios: Readonly<Record<string, (members: MemberCount) => Scenario>> = {
  ...scenarios,
  'restore-cluster': () => restoreCluster,
};

/** False where a playbook begins with a majority lost, so that nothing can be written until it has come to its goal. */
export const beginsWithQuorum = (playbook: string): boolean => playbook !== 'restore-cluster';

/** True where a client's writes can be checked at the end: not after a return to a snapshot, nor where a member is left stopped. */
export const keepsWrites = (playbook: string): boolean =>
  beginsWithQuorum(playbook) && campaignScenarios[playbook]?.(MEMBERS).inOverlay === undefined;

/** The cluster as a scenario wants it; answers the words of its run, and a node that can be asked at its end. */
export async function prepared(
  lab: TestLab,
  playbook: string,
  members: MemberCount,
): Promise<{ readonly words: readonly string[]; readonly asked: string }> {
  const scenario = campaignScenarios[playbook]?.(members);
  if (!scenario) throw new Error(`no scenario for ${playbook}`);
  succeeded(await lab.lab('restore', BASE));
  const found = await scenario.before?.(lab);
  const inputs = [...(scenario.inputs ?? []), ...(found ?? [])];
  const words = inputs.flatMap(input => (input.startsWith('--') ? input.split(' ') : ['-e', input]));
  const asked = scenario.voters.find(node => scenario.inOverlay?.includes(node) ?? true) ?? 'node001';
  return { words: [playbook, ...words], asked };
}
