import type { Where } from '../core/event.ts';
import type { Task } from '../core/plan.ts';
import type { Value } from '../core/value.ts';
import { isMap } from '../core/value.ts';
import type { Execution } from './execution.ts';

/** The host whose facts a task sets: the one that it is for, or with `delegate_facts` the one on which it is done. */
export function factsHost({ delegateFacts }: Task, { host, on }: Where): string {
  return delegateFacts ? on : host;
}

/** Check mode: facts that would be set, known or not, so that a later use of one is unknown and not undefined. */
export function foreseeFacts({ task, where, session }: Execution, args: Value, instead?: Value): void {
  if (task.module.kind !== 'control' || !task.module.namesFacts || !isMap(args)) return;
  for (const [name, value] of Object.entries(args))
    session.foreseesFact(factsHost(task, where), where, name, instead ?? value);
}
