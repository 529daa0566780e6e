import type { Where } from '../core/event.ts';
import { Cancelled } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import type { Task } from '../core/plan.ts';
import type { Json } from '../core/value.ts';
import { faultOf } from './fault.ts';
import type { Reach } from './host.ts';
import type { Mode } from './mode.ts';
import type { Session } from './session.ts';

/** One try of a task on one host: what the four kinds work with. */
export interface Trial {
  readonly session: Session;
  readonly task: Task;
  readonly where: Where;
  readonly params: Readonly<Record<string, Json>>;
  readonly probe: Probe;
  readonly reach: Reach;
  readonly mode: Mode;
  /** True in an `always` section. */
  readonly cleaning: boolean;
  /** Called when something begins that must not be begun a second time. */
  onceOnly(): void;
}

/**
 * Makes a change when no other one is being made; `waited` tells that others were in between. Throws `Cancelled` where the
 * run was halted meanwhile: what halts the run does so before the next one has its turn.
 */
export async function inTurn<T>({ session, cleaning }: Trial, work: (waited: boolean) => Promise<T>): Promise<T> {
  return await session.turn.take(async waited => {
    const halted = session.halted(cleaning);
    if (halted) throw new Cancelled(`not begun, because the run is being stopped: ${halted.failure.message}`);
    try {
      return await work(waited);
    } catch (error) {
      session.halt(faultOf(error));
      throw error;
    }
  });
}

/** "the result of 6.2 Add node002 as a learner", for what check mode doesn't know. */
export function resultOf(where: Where): string {
  return `the result of ${[where.name, ...(where.item === undefined ? [] : [where.item])].join(', ')}`;
}
