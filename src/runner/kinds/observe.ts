import type { ObserveModule } from '../../core/module.ts';
import { Unknown } from '../../core/value.ts';
import type { Performed } from '../result.ts';
import { resultOf, type Trial } from '../trial.ts';
import { resultMap } from '../values.ts';

/** Looks. In check mode, what does not foresee the changes that were not made would see what no longer holds by then. */
export async function performObserve(module: ObserveModule, trial: Trial): Promise<Performed> {
  const { session } = trial;
  if (session.check && session.notMade > 0 && !module.foresees) {
    const text = 'not looked at: it cannot foresee the changes that were not made';
    return { kind: 'unknown', because: new Unknown(resultOf(trial.where)), changes: [], text };
  }
  const returned = await module.observe(trial.probe, trial.params);
  return { kind: 'done', changed: false, changes: [], result: resultMap(returned) };
}
