import { unreachable } from '../../core/event.ts';
import type { Performed } from '../result.ts';
import type { Trial } from '../trial.ts';
import { performAct } from './act.ts';
import { performControl } from './control.ts';
import { performConverge } from './converge.ts';
import { performObserve } from './observe.ts';

/** Does a module's work once, by its kind. Throws what went wrong. */
export async function perform(trial: Trial): Promise<Performed> {
  const { module } = trial.task;
  switch (module.kind) {
    case 'observe':
      return await performObserve(module, trial);
    case 'converge':
      return await performConverge(module, trial);
    case 'act':
      return await performAct(module, trial);
    case 'control':
      return await performControl(module, trial);
    default:
      return unreachable(module);
  }
}
