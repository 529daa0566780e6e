import type { Where } from '../../core/event.ts';
import type { Risk } from '../../core/guard.ts';
import type { Probe } from '../../core/host.ts';
import type { ActModule, Change } from '../../core/module.ts';
import type { Task } from '../../core/plan.ts';
import { Unknown } from '../../core/value.ts';
import { asTask, placeOf } from '../by-hand.ts';
import { hostOf } from '../host.ts';
import { wasDoneBefore } from '../outcome.ts';
import type { Done, Performed } from '../result.ts';
import { inTurn, resultOf, type Trial } from '../trial.ts';
import { resultMap } from '../values.ts';
import { foresee, isWeighty, lookAfter, watched, weigh } from '../weigh.ts';

/** Does something whose effect can't be seen as a state, unless the module can tell that it is done already. */
export async function performAct(module: ActModule, trial: Trial): Promise<Performed> {
  const { session, where, params } = trial;
  let looked = false;
  const looking: Probe = {
    ...trial.probe,
    read: async command => {
      looked = true;
      return await trial.probe.read(command);
    },
  };
  const already = await module.done?.(looking, params);
  const open = session.memory.underWay(where);
  if (already !== undefined) {
    // Where an earlier process of the run was about to do it, it is this run that did it.
    const changes = open?.changes ?? [];
    return { kind: 'done', changed: changes.length > 0, changes, result: resultMap(already) };
  }
  if (open && module.repeat(params) === 'never' && (await wasDoneBefore(open, trial))) {
    return { kind: 'done', changed: true, changes: open.changes, result: {}, assumed: true };
  }
  const risks = module.risks(params, where.on, trial.probe.files);
  if (trial.mode === 'check') return await foreseen(module, risks, trial, looked);
  if (trial.mode === 'alone') return notMade(where, changesOf(module, risks, trial));
  // Without a risk that a guard can weigh, hosts need not wait for each other.
  if (!isWeighty(risks)) return await act(module, risks, trial);
  return await inTurn(trial, () => act(module, risks, trial));
}

/** Check mode: it is not run. What it would prove is taken as proved, so that the course is what it will be. */
async function foreseen(module: ActModule, risks: readonly Risk[], trial: Trial, seen: boolean): Promise<Performed> {
  const { session, where, task, params } = trial;
  const place = placeOf(trial);
  await foresee(risks, trial);
  session.noteByHand(where, asTask(module.byHand?.(params, place) ?? [], trial.reach));
  const changes = changesOf(module, risks, trial);
  if (module.proves) {
    session.takesAsProved(where, {
      kind: 'snapshot',
      takenAtMs: session.deps.clock.now(),
      path: '',
      membership: '',
      assumedAfter: session.assumed.length,
    });
  } else {
    const [once, starts] = [module.repeat(params) === 'never', !saysNoChange(task)];
    session.leavesOut({ where, changes, risks, once, seen, starts });
  }
  return { kind: 'unknown', because: new Unknown(resultOf(where)), changes };
}

/** It is in check mode by itself: nothing is known of what it would give, and nothing that follows counts on it. */
function notMade(where: Where, changes: readonly Change[]): Performed {
  return { kind: 'unknown', because: new Unknown(resultOf(where)), changes };
}

/** True where the playbook says that it never changes anything: `changed_when: false`. */
function saysNoChange({ changedWhen = [] }: Task): boolean {
  return changedWhen.some(condition => condition.literal && condition.render({ get: () => undefined }) === false);
}

async function act(module: ActModule, risks: readonly Risk[], trial: Trial): Promise<Done> {
  const { session, where, params } = trial;
  await weigh(risks, trial);
  const changes = changesOf(module, risks, trial);
  session.emit({ type: 'changing', where, changes });
  if (module.repeat(params) === 'never') trial.onceOnly();
  session.begins(where);
  const host = hostOf(where.on, trial.reach);
  const returned = await watched(risks, trial, async () => await module.apply(host, params));
  await lookAfter(risks, trial);
  if (module.proves) session.evidence.push(...module.proves(returned, session.deps.clock.now()));
  const result = resultMap(returned);
  const changed = result.changed !== false;
  return { kind: 'done', changed, changes: changed ? changes : [], result };
}

/** What is about to be done, in a line: the command where there is one. */
function changesOf(module: ActModule, risks: readonly Risk[], { params }: Trial) {
  const opaque = risks.find(risk => risk.kind === 'opaque')?.command;
  const free = module.freeForm === undefined ? undefined : params[module.freeForm];
  return [{ what: opaque ?? (typeof free === 'string' ? free : module.summary.replace(/\.$/, '')) }];
}
