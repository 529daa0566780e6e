import type { Where } from '../core/event.ts';
import { Cancelled } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import type { Task } from '../core/plan.ts';
import type { Json } from '../core/value.ts';
import type { Reach } from './host.ts';
import type { Session } from './session.ts';

/** One try of a task on one host: what the four kinds work with. */
export interface Trial {
  readonly session: Session;
  readonly task: Task;
  readonly where: Where;
  readonly params: Readonly<Record<string, Json>>;
  readonly probe: Probe;
  readonly reach: Reach;
  /** True in an `always` section. */
  readonly cleaning: boolean;
  /** Called when something begins that must not be begun a second time. */
  onceOnly(): void;
}

/** Throws `Cancelled` where the run was halted while this try waited for its turn. */
export function assertWanted({ session, cleaning }: Trial): void {
  const halted = session.halted(cleaning);
  if (halted) throw new Cancelled(`not begun, because the run is being stopped: ${halted.failure.message}`);
}

/** "the result of 6.2 Add node002 as a learner", for what check mode doesn't know. */
export function resultOf(where: Where): string {
  return `the result of ${[where.name, ...(where.item === undefined ? [] : [where.item])].join(', ')}`;
}
