import type { HandPlace } from '../core/by-hand.ts';
import type { Where } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import { isMap, unknownIn, type Value } from '../core/value.ts';
import type { Execution } from './execution.ts';
import { ETCD_GROUP } from './membership.ts';
import type { Session } from './session.ts';
import { jsonOf } from './values.ts';

/** Where a module's work would be done by hand. */
export function placeOf({ session, where }: { readonly session: Session; readonly where: Where }): HandPlace {
  const hosts = session.deps.inventory.groups.get(ETCD_GROUP) ?? [];
  const members = session.known.of(session.deps.access)?.view.members ?? [];
  const answers = (host: string) =>
    members.some(({ name, role, health }) => name === host && role === 'voter' && health === 'healthy');
  const etcdHosts = [...hosts.filter(answers), ...hosts.filter(host => !answers(host))];
  return { host: where.on, etcdHosts: etcdHosts.length === 0 ? [where.on] : etcdHosts, unknown: [] };
}

/** Check mode: a task some of whose parameters are not known yet; what is known of it tells what to look at. */
export function noteKnownByHand({ task, where, session }: Execution, args: Value): void {
  const { module } = task;
  if (module.kind !== 'observe' || !module.byHand || !isMap(args)) return;
  const known = Object.entries(args).filter(([, value]) => !unknownIn(value));
  const unknown = Object.keys(args).filter(name => unknownIn(args[name] ?? null));
  try {
    const params = session.deps.validate(module, jsonOf(Object.fromEntries(known)));
    session.noteByHand(where, module.byHand(params, { ...placeOf({ session, where }), unknown }));
  } catch (error) {
    // A parameter that it can't do without is not known.
    if (!(error instanceof Failure)) throw error;
  }
}
