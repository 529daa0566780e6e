import { type MemberCount, scenarios } from '../e2e/playbooks/scenarios.ts';
import { succeeded, type TestLab } from '../support/lab.ts';

export const MEMBERS = 3;

/** Which of a lab's states the scenarios begin with. */
export const BASE = 'base';

/** The cluster as a scenario wants it; answers the words of its run, and a node that can be asked at its end. */
export async function prepared(
  lab: TestLab,
  playbook: string,
  members: MemberCount,
): Promise<{ readonly words: readonly string[]; readonly asked: string }> {
  const scenario = scenarios[playbook]?.(members);
  if (!scenario) throw new Error(`no scenario for ${playbook}`);
  succeeded(await lab.lab('restore', BASE));
  const found = await scenario.before?.(lab);
  const inputs = [...(scenario.inputs ?? []), ...(found ?? [])];
  const words = inputs.flatMap(input => (input.startsWith('--') ? input.split(' ') : ['-e', input]));
  const asked = scenario.voters.find(node => scenario.inOverlay?.includes(node) ?? true) ?? 'node001';
  return { words: [playbook, ...words], asked };
}
