import { type HandPlace, type HandStep, typed } from '../core/by-hand.ts';
import type { Where } from '../core/event.ts';
import { Failure } from '../core/failure.ts';
import { isMap, unknownIn, type Value } from '../core/value.ts';
import type { Execution } from './execution.ts';
import type { Reach } from './host.ts';
import { ETCD_GROUP } from './membership.ts';
import type { Session } from './session.ts';
import { jsonOf } from './values.ts';

/** Where a module's work would be done by hand. */
export function placeOf({ session, where }: { readonly session: Session; readonly where: Where }): HandPlace {
  const { inventory } = session.deps;
  const voters = votersBy(session);
  const known = new Set([...(inventory.groups.get(ETCD_GROUP) ?? []), ...voters]);
  const hosts = [...known].filter(host => inventory.hosts.has(host));
  const answers = (host: string) => voters.has(host);
  const etcdHosts = [...hosts.filter(answers), ...hosts.filter(host => !answers(host))];
  return { host: where.on, etcdHosts: etcdHosts.length === 0 ? [where.on] : etcdHosts, unknown: [] };
}

/** The names of the healthy voters; in check mode, of those that there would be by then. */
function votersBy({ known, deps, assumed }: Session): ReadonlySet<string> {
  const members = known.of(deps.access)?.view.members ?? [];
  const healthy = members.filter(m => m.role === 'voter' && m.health === 'healthy');
  const names = new Set(healthy.map(m => m.name));
  for (const risk of assumed) {
    if (risk.kind !== 'membership') continue;
    const name = risk.member.name ?? members.find(m => m.id === risk.member.id)?.name;
    if (name === undefined) continue;
    if (risk.change === 'promote') names.add(name);
    if (risk.change === 'remove') names.delete(name);
  }
  return names;
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

/** The commands with the task's variables, and as its user, in a shell of their own, so that nothing stays with whoever types them. */
export function asTask(steps: readonly HandStep[], { environment = {}, login }: Reach): readonly HandStep[] {
  const set = Object.entries(environment).map(([name, value]) => `${name}=${typed([value])}`);
  const user = login?.become?.user ?? 'root';
  return steps.map(step => {
    const command = set.length === 0 ? step.command : `(export ${set.join(' ')}; ${step.command})`;
    return { ...step, command: user === 'root' ? command : typed(['sudo', '-H', '-u', user, 'sh', '-c', command]) };
  });
}
