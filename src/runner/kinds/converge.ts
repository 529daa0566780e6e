import { AnswerLost, Cancelled, Failure } from '../../core/failure.ts';
import type { ConvergeModule, Differs, Same } from '../../core/module.ts';
import { Unknown } from '../../core/value.ts';
import { placeOf } from '../by-hand.ts';
import { hostOf } from '../host.ts';
import { type Done, notYetKnown, type Performed } from '../result.ts';
import { inTurn, resultOf, type Trial } from '../trial.ts';
import { jsonOf, resultMap } from '../values.ts';
import { foresee, isWeighty, lookAfter, weigh } from '../weigh.ts';

const SETTLE_POLL_MS = 1000;

/** Brings a state about: looks, weighs, changes, and looks until it is there. A retry begins with looking again. */
export async function performConverge(module: ConvergeModule, trial: Trial): Promise<Performed> {
  if (trial.mode !== 'real') return await foreseen(module, trial);

  const seen = await look(module, trial);
  if (seen.kind === 'same') return done(seen, trial);
  if (!isWeighty(module.risks(trial.params, seen.state))) return await change(module, trial, seen);
  return await inTurn(trial, async waited => {
    const now = waited ? await look(module, trial) : seen;
    return now.kind === 'same' ? done(now, trial) : await change(module, trial, now);
  });
}

/**
 * Check mode. Once something was not made, a converge module's trouble with what it sees proves nothing (it may want to
 * move what an earlier task would have made), so it is then unknown instead of failed.
 */
async function foreseen(module: ConvergeModule, trial: Trial): Promise<Performed> {
  const { session, where } = trial;
  let seen: Same<unknown, unknown> | Differs<unknown>;
  try {
    seen = await look(module, trial);
  } catch (error) {
    const proves = session.notMade === 0 || !(error instanceof Failure) || error instanceof Cancelled;
    if (proves || error.code === 'unreachable') throw error;
    const because = new Unknown(resultOf(where));
    return { kind: 'unknown', because, changes: [], text: `cannot be foreseen: ${error.message}` };
  }
  if (seen.kind === 'same') return done(seen, trial);
  const result = { ...notYetKnown(module, resultOf(where)), ...seen.foreseen };
  if (trial.mode === 'alone') {
    const text = 'not made: the task is in check mode';
    return { kind: 'done', changed: true, changes: seen.changes, result, text, notMade: true };
  }
  const place = placeOf(trial);
  const risks = module.risks(trial.params, seen.state);
  await foresee(risks, trial);
  session.noteByHand(where, module.byHand?.(trial.params, place, seen.state) ?? []);
  session.leavesOut({ where, changes: seen.changes, risks, once: false, seen: true, starts: module.weighed });
  return { kind: 'done', changed: true, changes: seen.changes, result };
}

async function look(module: ConvergeModule, trial: Trial): Promise<Same<unknown, unknown> | Differs<unknown>> {
  const before = trial.session.memory.underWay(trial.where)?.state;
  const seen = await module.observe(trial.probe, trial.params, before);
  if (seen.kind !== 'unknown') return seen;
  throw new Failure('unknown-state', `what is there could not be told, so nothing was changed: ${seen.why}`);
}

async function change(module: ConvergeModule, trial: Trial, seen: Differs<unknown>): Promise<Done> {
  const { session, where, params } = trial;
  const risks = module.risks(params, seen.state);
  await weigh(risks, trial);
  const state = module.remembersState?.(params) ? { state: jsonOf(resultMap(seen.state)) } : {};
  session.emit({ type: 'changing', where, changes: seen.changes, ...state });
  session.begins(where);
  let extra: unknown;
  let lost: AnswerLost | undefined;
  try {
    extra = await module.apply(hostOf(where.on, trial.reach), params, seen.state);
  } catch (error) {
    // Whether it was done, looking will tell.
    if (!(error instanceof AnswerLost)) throw error;
    lost = error;
  }
  const settled = await settle(module, trial, seen, lost);
  await lookAfter(risks, trial);
  return {
    ...done(settled, trial),
    changed: true,
    changes: seen.changes,
    result: { ...resultMap(settled.result), ...resultMap(extra) },
  };
}

/**
 * Looks each second until the wanted state is there. Trouble in looking is part of settling (voters that restart don't
 * answer), so it counts only when the time is up.
 */
async function settle(
  module: ConvergeModule,
  trial: Trial,
  before: Differs<unknown>,
  lost: AnswerLost | undefined,
): Promise<Same<unknown, unknown>> {
  const { session, where, params, probe } = trial;
  const { clock } = session.deps;
  const limitMs = module.settleMs(params);
  const startMs = clock.now();
  session.emit({ type: 'settling', where, limitMs });
  for (;;) {
    const { same, still, cause } = await glance(module, trial, before);
    if (same) return same;
    if (clock.now() - startMs + SETTLE_POLL_MS > limitMs) {
      if (lost) throw lost;
      const message = `the change was made, and its effect was not seen within ${limitMs / 1000} s: ${still}`;
      throw new Failure('not-settled', message, {
        cause,
        hint: 'run the playbook again: it looks at what is before it changes anything',
      });
    }
    await clock.sleep(SETTLE_POLL_MS, probe.signal);
  }
}

async function glance(
  module: ConvergeModule,
  trial: Trial,
  before: Differs<unknown>,
): Promise<{ same?: Same<unknown, unknown>; still: string; cause?: unknown }> {
  try {
    const seen = await module.observe(trial.probe, trial.params, before.state);
    if (seen.kind === 'same') return { same: seen, still: '' };
    if (seen.kind === 'unknown') return { still: seen.why };
    return { still: `still to do: ${seen.changes.map(change => change.what).join(', ')}` };
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Cancelled) throw error;
    return { still: error.message, cause: error };
  }
}

/** It is as it was wanted; where an earlier process of the run was bringing that about, it is this run that changed it. */
function done(seen: Same<unknown, unknown>, { session, where }: Trial): Done {
  const { changes = [] } = session.memory.underWay(where) ?? {};
  return { kind: 'done', changed: changes.length > 0, changes, result: resultMap(seen.result) };
}
