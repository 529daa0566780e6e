import { openExit } from '../runner/exit.ts';
import { exitCode, simulationExitCode } from '../runner/exit-code.ts';
import { Remembered } from '../runner/remembered.ts';
import { run } from '../runner/run.ts';
import { simulate } from '../runner/simulate.ts';
import { byHandLines } from '../views/by-hand.ts';
import { painter } from '../views/paint.ts';
import { handTasksOf, type PlanReport, planView } from '../views/plan.ts';
import { renderPlan } from '../views/plan-text.ts';
import { exit, type Io, wantsColour } from './io.ts';
import { againCommand, planOf, type RunCommandOptions, runId } from './run.ts';
import { runDeps } from './run-deps.ts';

export interface PlanCommandOptions
  extends Pick<
    RunCommandOptions,
    'inventory' | 'extraVars' | 'limit' | 'tags' | 'skipTags' | 'allow' | 'forks' | 'json'
  > {
  readonly commands?: true;
  readonly simulate?: true;
  /** Besides, so many kills at random, from this seed. */
  readonly kills?: number;
  readonly seed?: number;
}

/**
 * `quorate plan`: the run in check mode, shown as a whole. Changes nothing, takes no lock, keeps no journal. Ends as the
 * run would: 6 where a step would be refused. With `simulate` it is killed anywhere besides, in check mode too: 6 where a
 * resume would be refused, 4 where one does not come to the same end.
 */
export async function planCommand(io: Io, name: string, options: PlanCommandOptions): Promise<number> {
  const found = await planOf(io, name, options);
  if (!found) return exit.invalid;
  const id = runId(io, found.plan);
  const interrupts = io.catchInterrupts();
  const view = planView();
  const exits = openExit(io.clock, undefined, [view]);
  const checked = { forks: options.forks, allow: options.allow ?? [], check: true };
  const again = againCommand(name, options);
  const deps = runDeps(io, { ...found, id, exits, interrupts, consent: {}, options: checked, again });
  if (!options.simulate) {
    const { outcome } = await run(found.plan, deps);
    await exits.close();
    show(io, view.report(), options);
    return exitCode(outcome);
  }
  const remembered = new Remembered(deps);
  try {
    const { outcome } = await run(found.plan, { ...deps, connect: (host, signal) => remembered.connect(host, signal) });
    const { kills, seed = Number.parseInt(io.random(3), 16) } = options;
    const how = { stopwatch: () => performance.now(), ...(kills === undefined ? {} : { chains: { kills, seed } }) };
    const simulation = outcome === 'done' ? await simulate(found.plan, deps, remembered, how) : undefined;
    await exits.close();
    show(io, { ...view.report(), ...(simulation ? { simulation: exits.masked(simulation) } : {}) }, options);
    if (outcome === 'done' && !simulation) return exit.interrupted;
    return simulation ? simulationExitCode(simulation.findings) : exitCode(outcome);
  } finally {
    await remembered.close();
  }
}

function show(io: Io, report: PlanReport, { json, commands }: PlanCommandOptions): void {
  const paint = painter(wantsColour(io.out, io.env));
  if (json) io.out.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (!commands) io.out.write(renderPlan(report, { paint, columns: io.out.isTTY ? io.out.columns : 120 }));
  else if (report.outcome === 'done') {
    const lines = byHandLines(handTasksOf(report), report.home, paint);
    io.out.write(lines.length === 0 ? '# nothing is to be changed\n' : `${lines.join('\n')}\n`);
  } else {
    // What would be refused is not to be typed either, and where it fails nobody knows what comes after.
    const { error } = report;
    io.err.write(`quorate: ${error?.message ?? report.outcome}\n${error?.hint ? `  → ${error.hint}\n` : ''}`);
  }
}
