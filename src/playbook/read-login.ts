import type { LoginTemplates } from '../core/plan.ts';
import type { Node } from './document.ts';
import { booleanType, integerType, stringType } from './expression/types.ts';
import { checked, optional, type Place } from './place.ts';
import { readChoice, readLabel, readNumber, readSwitch } from './read-values.ts';

/** As whom, and how, tasks are done: what is said here, over what holds here. Undefined where nothing is said. */
export function readLogin(
  place: Place,
  value: (key: string) => Node | undefined,
  around: LoginTemplates | undefined,
): LoginTemplates | undefined {
  const { r } = place;
  const text = (key: string) => {
    const node = value(key);
    return node && checked(place, readLabel(r, node, `\`${key}\``), stringType, `\`${key}\``);
  };
  const [become, method, port, connection] = ['become', 'become_method', 'port', 'connection'].map(value);
  if (method) readChoice(r, method, '`become_method`', ['sudo']);
  const login: LoginTemplates = {
    ...around,
    ...optional('become', become && checked(place, readSwitch(r, become, '`become`'), booleanType, '`become`')),
    ...optional('becomeUser', text('become_user')),
    ...optional('becomeFlags', text('become_flags')),
    ...optional('user', text('remote_user')),
    ...optional('port', port && checked(place, readNumber(r, port, '`port`', true), integerType, '`port`')),
    ...optional('connection', connection && readChoice(r, connection, '`connection`', ['ssh', 'local'] as const)),
  };
  return Object.keys(login).length === 0 ? undefined : login;
}

/** A `become_user` of a task that does not become anybody would be without effect. */
export function checkBecomes({ r }: Place, login: LoginTemplates | undefined, user: Node | undefined): void {
  if (!user || login?.become) return;
  r.error('invalid-value', user.span, '`become_user` without `become` has no effect', { hint: 'add `become: true`' });
}
