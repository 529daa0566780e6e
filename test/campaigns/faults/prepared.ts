// The scenarios of the end-to-end tests, with waits short enough to be waited out.
import { readFile } from 'node:fs/promises';
import type { Scenario } from '../../e2e/playbooks/scenario.ts';
import { scenarios } from '../../e2e/playbooks/scenarios.ts';
import { projectRoot, succeeded, type TestLab } from '../../support/lab.ts';

export const MEMBERS = 3;
/** The first three are members. */
export const NODES = ['node001', 'node002', 'node003', 'node004', 'node005'];
/** What a lab for these scenarios is made with. */
export const LAB_OPTIONS = ['--nodes', String(NODES.length), '--members', String(MEMBERS), '--scale', '0.02'];

/** In seconds, where a playbook has such an input. */
const WAITS: Readonly<Record<string, number>> = {
  start_timeout: 30,
  stop_timeout: 20,
  stall_timeout: 15,
  provision_timeout: 60,
};

export interface Prepared {
  readonly playbook: string;
  readonly scenario: Scenario;
  /** What stands after `quorate run`. */
  readonly words: readonly string[];
  /** The nodes that the run is about: those that its inputs name. */
  readonly subjects: readonly string[];
}

export function scenarioOf(playbook: string): Scenario {
  const scenario = scenarios[playbook]?.(MEMBERS);
  if (!scenario) throw new Error(`there is no scenario ${playbook}; there are ${Object.keys(scenarios).join(', ')}`);
  return scenario;
}

/** Brings the cluster to where a scenario begins. The lab has a checkpoint `base`. */
export async function prepare(lab: TestLab, playbook: string): Promise<Prepared> {
  const scenario = scenarioOf(playbook);
  succeeded(await lab.lab('restore', 'base'));
  const found = await scenario.before?.(lab);
  const inputs = [...(scenario.inputs ?? []), ...(found ?? []), ...(await waitsOf(playbook))];
  return {
    playbook,
    scenario,
    words: [playbook, ...inputs.flatMap(input => (input.startsWith('--') ? input.split(' ') : ['-e', input]))],
    subjects: [...new Set(inputs.flatMap(input => input.match(/node\d{3}/g) ?? []))],
  };
}

async function waitsOf(playbook: string): Promise<readonly string[]> {
  const text = await readFile(`${projectRoot}/playbooks/${playbook}.yml`, 'utf8');
  return Object.entries(WAITS).flatMap(([name, seconds]) =>
    new RegExp(`^ +${name}:$`, 'm').test(text) ? [`${name}=${seconds}`] : [],
  );
}
