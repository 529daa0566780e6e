import { membershipGuard } from '../guards/membership.ts';
import { openExit } from '../runner/exit.ts';
import { exitCode } from '../runner/exit-code.ts';
import { run } from '../runner/run.ts';
import { openConnection } from '../transports/open.ts';
import { byHandLines } from '../views/by-hand.ts';
import { painter } from '../views/paint.ts';
import { handTasksOf, type PlanReport, planView } from '../views/plan.ts';
import { renderPlan } from '../views/plan-text.ts';
import { exit, type Io, wantsColour } from './io.ts';
import { againCommand, clusterName, planOf, type RunCommandOptions, runId, validate } from './run.ts';

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
  const { stop, abort } = io.catchInterrupts();
  const view = planView();
  const exits = openExit(io.clock, undefined, [view]);
  const { outcome } = await run(found.plan, {
    run: id,
    inventory: found.inventory,
    connect: host => openConnection(host, id, { clock: io.clock, environment: io.env }),
    guard: membershipGuard(),
    access: { module: `etcd/${clusterName(found.plan)}` },
    validate,
    emit: exits.emit,
    hide: exits.hide,
    clock: io.clock,
    stop,
    abort,
    consent: {},
    options: { check: true, forks: options.forks, allow: options.allow ?? [], yes: false },
    again: againCommand(name, options),
  });
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
