import type { PlanReport } from '../../src/views/plan.ts';
import type { TestLab } from '../support/lab.ts';
import type { KillProgress } from './kill-progress.ts';
import { MEMBERS, prepared } from './prepare.ts';
import { remember } from './progress-file.ts';

export interface SimulatedCampaign {
  readonly lab: TestLab;
  readonly playbooks: readonly string[];
  /** How many random kills there are to be in all, over all playbooks. */
  readonly kills: number;
  readonly seed: number;
  readonly deadlineMs: number;
  readonly stateFile: string;
  readonly done: KillProgress;
}

/**
 * Has each playbook killed by `quorate plan --simulate` where its scenario begins: at every boundary, and so many times at random
 * that all together make the number that is wanted. What earlier pieces did is not done again. Prints what ran and what failed.
 */
export async function simulatedKills(campaign: SimulatedCampaign): Promise<void> {
  const { lab, playbooks, kills, seed, deadlineMs, stateFile, done } = campaign;
  for (const [index, playbook] of playbooks.entries()) {
    if (done.simulated[playbook] || Date.now() >= deadlineMs) continue;
    const share = Math.ceil((kills - sum(done, 'kills')) / (playbooks.length - Object.keys(done.simulated).length));
    try {
      const { words } = await prepared(lab, playbook, MEMBERS);
      const random = ['--kills', String(Math.max(1, share)), '--seed', String(seed + index)];
      const { exitCode, stdout, stderr } = await lab.exec('headnode', [
        'quorate',
        'plan',
        ...words,
        ...random,
        '--json',
      ]);
      const report: PlanReport = JSON.parse(stdout);
      const { simulation } = report;
      if (!simulation) throw new Error(`${report.outcome}: ${report.error?.message ?? stderr}`);
      const { boundaries, states, asks, anew, untold, durationMs } = simulation;
      done.simulated[playbook] = {
        kills: simulation.chains?.kills ?? 0,
        boundaries,
        states: simulation.chains?.states ?? states,
        asks: asks.length,
        untold,
      };
      console.log(
        `${playbook}: ${boundaries} boundaries (${states} states, ${Math.round(durationMs)} ms), ${simulation.chains?.kills} random kills ` +
          `(${simulation.chains?.states} states), ${asks.length} would ask, ${untold} untold, ${anew.length} ways to end otherwise begun anew`,
      );
      for (const { message, killed } of anew) console.log(`  anew: ${JSON.stringify(killed[0])}: ${message}`);
      const failed = simulation.findings.map(
        ({ message, killed }) => `${playbook}: ${JSON.stringify(killed[0])}: ${message}`,
      );
      if (failed.length === 0 && exitCode !== 0) failed.push(`${playbook}: it ended with ${exitCode}: ${stderr}`);
      for (const one of failed) console.log(`FAILED ${one}`);
      done.failures.push(...failed);
    } catch (error) {
      done.failures.push(`${playbook}: ${String(error)}`);
      console.log(`FAILED ${playbook}: ${String(error)}`);
    }
    remember(stateFile, done);
  }
}

/** The line of figures. */
export function simulatedFigures(done: KillProgress): string {
  return (
    `${sum(done, 'kills')} random kills and ${sum(done, 'boundaries')} boundaries of ${Object.keys(done.simulated).length} playbooks ` +
    `(${sum(done, 'states')} different states), ${sum(done, 'asks')} would ask, ${sum(done, 'untold')} untold; ${done.failures.length} failed`
  );
}

export function sum(done: KillProgress, what: 'kills' | 'boundaries' | 'states' | 'asks' | 'untold'): number {
  return Object.values(done.simulated).reduce((all, one) => all + one[what], 0);
}
