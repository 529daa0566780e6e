// The scenarios of the campaigns, with waits short enough to be waited out.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../../e2e/playbooks/scenario.ts';
import { projectRoot, succeeded, type TestLab } from '../../support/lab.ts';
import { campaignScenarios, MEMBERS } from '../prepare.ts';

/** The first three are members. */
export const NODES = ['node001', 'node002', 'node003', 'node004', 'node005'];
/** What a lab for these scenarios is made with. */
const LAB_OPTIONS = ['--nodes', String(NODES.length), '--members', String(MEMBERS), '--scale', '0.02'];

/** In seconds, where a playbook has such an input. */
const WAITS: Readonly<Record<string, number>> = {
  start_timeout: 30,
  stop_timeout: 20,
  stall_timeout: 15,
  settle_timeout: 15,
  provision_timeout: 60,
};

/** Nothing takes longer: whatever still runs hangs. */
const LIMIT_S = 300;
const PEAK = '/root/peak.mjs';

export interface Prepared {
  readonly playbook: string;
  readonly scenario: Scenario;
  /** What stands after `quorate run`. */
  readonly words: readonly string[];
  /** The nodes that the run is about: those that its inputs name. */
  readonly subjects: readonly string[];
}

export function scenarioOf(playbook: string): Scenario {
  const scenario = campaignScenarios[playbook]?.(MEMBERS);
  if (!scenario)
    throw new Error(`there is no scenario ${playbook}; there are ${Object.keys(campaignScenarios).join(', ')}`);
  return scenario;
}

/** Makes the lab whose checkpoint `base` all scenarios begin from. */
export async function makeLab(lab: TestLab): Promise<void> {
  await lab.lab('down');
  succeeded(await lab.lab('up', ...LAB_OPTIONS));
  await lab.must(
    'headnode',
    ['tee', PEAK],
    await readFile(fileURLToPath(new URL('./peak.mjs', import.meta.url)), 'utf8'),
  );
  succeeded(await lab.lab('checkpoint', 'base'));
}

/** A command of quorate as it is run: it is ended where it takes longer than anything takes, and notes the memory that it took. */
export const observed = (...words: readonly string[]): readonly string[] => [
  ...['timeout', '--signal=KILL', String(LIMIT_S), 'env', `NODE_OPTIONS=--import=${PEAK}`, 'quorate'],
  ...words,
  ...['--yes', '--json'],
];

/** The most memory that a process of quorate took since the scenario began, in MB; 0 where all were killed. */
export async function peakMb(lab: TestLab): Promise<number> {
  const { stdout } = await lab.exec('headnode', ['cat', '/root/peak']);
  return Math.round(Math.max(0, ...stdout.split('\n').map(Number)) / 1024);
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

/** Inputs of a playbook that keep its waits short. */
export async function waitsOf(playbook: string): Promise<readonly string[]> {
  const text = await readFile(`${projectRoot}/playbooks/${playbook}.yml`, 'utf8');
  return Object.entries(WAITS).flatMap(([name, seconds]) =>
    new RegExp(`^ +${name}:$`, 'm').test(text) ? [`${name}=${seconds}`] : [],
  );
}
