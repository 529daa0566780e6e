import type { Value } from '../core/value.ts';
import { isMap } from '../core/value.ts';
import type { Execution } from './execution.ts';

/** Check mode: facts that would be set, known or not, so that a later use of one is unknown and not undefined. */
export function foreseeFacts({ task, where, session }: Execution, args: Value, instead?: Value): void {
  if (task.module.kind !== 'control' || !task.module.namesFacts || !isMap(args)) return;
  for (const [name, value] of Object.entries(args)) session.foreseesFact(where, name, instead ?? value);
}
