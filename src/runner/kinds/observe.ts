import type { ObserveModule } from '../../core/module.ts';
import { Unknown } from '../../core/value.ts';
import { placeOf } from '../by-hand.ts';
import type { Performed } from '../result.ts';
import { resultOf, type Trial } from '../trial.ts';
import { resultMap } from '../values.ts';

/** Looks. In check mode, what does not foresee the changes that were not made would see what no longer holds by then. */
export async function performObserve(module: ObserveModule, trial: Trial): Promise<Performed> {
  const { session, where, params } = trial;
  // What was seen before the first change is seen; what comes after it is still to be looked at.
  if (session.check && session.notMade > 0) {
    session.noteByHand(where, module.byHand?.(params, placeOf(trial)) ?? []);
  }
  if (session.check && session.notMade > 0 && !module.foresees) {
    const text = 'not looked at: it cannot foresee the changes that were not made';
    return { kind: 'unknown', because: new Unknown(resultOf(trial.where)), changes: [], text };
  }
  const returned = await module.observe(trial.probe, trial.params);
  if (session.check && module.awaitsStart) session.takesAsStarted();
  return { kind: 'done', changed: false, changes: [], result: resultMap(returned) };
}
