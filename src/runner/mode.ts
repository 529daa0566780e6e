import type { Task } from '../core/plan.ts';
import type { Scope } from '../core/template.ts';
import { allHold, known } from './values.ts';

/**
 * How a task is tried: `real`; `check`, in a pass that is in check mode; `alone`, by its own `check_mode: true`, so that nothing which
 * comes later may take its changes as made.
 */
export type Mode = 'real' | 'check' | 'alone';

/** The mode of a task in a pass. A `check_mode: false` counts only where a task is known to only look (`looks`). */
export function modeOf({ checkMode }: Task, scope: Scope, passInCheck: boolean, looks: () => boolean): Mode {
  const own = checkMode && known(allHold([checkMode], scope));
  if (own === true) return 'alone';
  return passInCheck && !(own === false && looks()) ? 'check' : 'real';
}
