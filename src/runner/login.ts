import { Failure } from '../core/failure.ts';
import type { Become, Inventory, Login } from '../core/inventory.ts';
import type { LoginTemplates, Task } from '../core/plan.ts';
import type { Scope, Template } from '../core/template.ts';
import { Unknown } from '../core/value.ts';
import { allHold, knownNumber, textOf } from './values.ts';

const ROOT = 'root';

/** As whom, and how, a task is done where not as the inventory says; Unknown where that is. Throws Failure `invalid-value`. */
export function loginOf({ login }: Task, scope: Scope): Login | undefined | Unknown {
  if (!login) return undefined;
  const becomes = login.become ? allHold([login.become], scope) : false;
  const user = nameIn(login.user, scope, 'remote_user');
  const port = knownNumber(login.port, scope, 'port');
  for (const value of [becomes, user]) if (value instanceof Unknown) return value;
  const become = becomes === true ? becomeOf(login, scope) : undefined;
  if (become instanceof Unknown) return become;
  const found: Login = {
    ...(login.connection ? { connection: login.connection } : {}),
    ...(typeof user === 'string' ? { user } : {}),
    ...(port === undefined ? {} : { port }),
    ...(become ? { become } : {}),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

function becomeOf({ becomeUser, becomeFlags }: LoginTemplates, scope: Scope): Become | Unknown {
  const user = nameIn(becomeUser, scope, 'become_user') ?? ROOT;
  const flags = becomeFlags ? becomeFlags.render(scope) : '-H';
  if (user instanceof Unknown) return user;
  if (flags instanceof Unknown) return flags;
  return { user, flags: textOf(flags).split(/\s+/).filter(Boolean) };
}

function nameIn(template: Template | undefined, scope: Scope, keyword: string): string | undefined | Unknown {
  const value = template?.render(scope);
  if (value === undefined || value instanceof Unknown) return value;
  if (typeof value === 'string' && /^[\w.][\w.@\\-]*\$?$/.test(value)) return value;
  throw new Failure('invalid-value', `${keyword} needs the name of a user, not ${textOf(value)}`, {
    ...(template ? { span: template.span } : {}),
  });
}

/** Where a task is done: one with `connection: local` on this machine, by the name that the inventory has for it. */
export function placeFor(host: string, login: Login | undefined, inventory: Inventory): { on: string; as?: Login } {
  if (login?.connection !== 'local') return login ? { on: host, as: login } : { on: host };
  const here = [...inventory.hosts.values()].filter(({ connection }) => connection === 'local').map(({ name }) => name);
  const on = here.includes(host) ? host : (here[0] ?? host);
  return { on, as: login };
}

/** How a module reaches other hosts for a task: as the same user, in the way of the inventory. */
export function loginOfPeers({ user, become }: Login): Login {
  return { ...(user === undefined ? {} : { user }), ...(become ? { become } : {}) };
}

/** How guards look for a task: as root where it becomes that, else as who logs in, who may see more than who it becomes. */
export function loginOfGuards({ become, ...login }: Login): Login {
  return become?.user === ROOT ? { ...login, become } : login;
}

/** How the run itself looks, where it has no task to look for: as root where a task becomes that; undefined where none does. */
export function loginOfRun(tasks: Iterable<Task>): Login | undefined {
  for (const { login } of tasks) {
    const { become, becomeUser } = login ?? {};
    if (!become?.literal || (becomeUser && !becomeUser.literal)) continue;
    const nothing = { get: () => undefined };
    const user = becomeUser?.render(nothing) ?? ROOT;
    if (become.render(nothing) === true && user === ROOT) return { become: { user: ROOT, flags: ['-H'] } };
  }
  return undefined;
}
