import type { Task } from '../core/plan.ts';
import type { Value } from '../core/value.ts';
import { isMap } from '../core/value.ts';
import type { Session } from './session.ts';

/** Check mode: facts that would be set, known or not, so that a later use of one is unknown and not undefined. */
export function foreseeFacts(task: Task, args: Value, host: string, session: Session, instead?: Value): void {
  if (task.module.kind !== 'control' || !task.module.namesFacts || !isMap(args)) return;
  for (const [name, value] of Object.entries(args)) session.foundOn(host).set(name, instead ?? value);
}
