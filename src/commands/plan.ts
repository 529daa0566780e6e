import { openExit } from '../runner/exit.ts';
import { exitCode } from '../runner/exit-code.ts';
import { run } from '../runner/run.ts';
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
}

/**
 * `quorate plan`: the run in check mode, shown as a whole. Changes nothing, takes no lock, keeps no journal. Ends as the
 * run would: 6 where a step would be refused.
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
  const { outcome } = await run(
    found.plan,
    runDeps(io, { ...found, id, exits, interrupts, consent: {}, options: checked, again }),
  );
  await exits.close();
  show(io, view.report(), options);
  return exitCode(outcome);
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
