import type { Task } from '../core/plan.ts';
import type { Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anyList, anyMap, booleanType, union } from './expression/types.ts';
import { checked, optional, type Place } from './place.ts';
import { readEnvironment } from './read-environment.ts';
import { readLogin } from './read-login.ts';
import { readBoolean, readSwitch } from './read-values.ts';

/** What tasks take over from the play, blocks and imports around them, unless they say otherwise themselves. */
export type Inherited = Pick<
  Task,
  'environment' | 'login' | 'checkMode' | 'diff' | 'ignoreErrors' | 'ignoreUnreachable'
> & {
  readonly noLog?: boolean;
};

/** What holds inside: what is said here, over what holds here. `value` gives what stands at a keyword. */
export function readInherited(place: Place, value: (key: string) => Node | undefined): Inherited {
  const { r } = place;
  const boolean = (key: string): boolean | undefined => {
    const node = value(key);
    return node && readBoolean(r, node, `\`${key}\``);
  };
  const choice = (key: string): TypedTemplate | undefined => {
    const node = value(key);
    return node && checked(place, readSwitch(r, node, `\`${key}\``), booleanType, `\`${key}\``);
  };
  return {
    ...place.inherited,
    ...optional('environment', added(place.inherited.environment, environmentIn(place, value('environment')))),
    ...optional('login', readLogin(place, value, place.inherited.login)),
    ...optional('checkMode', choice('check_mode')),
    ...optional('diff', boolean('diff')),
    ...optional('ignoreErrors', choice('ignore_errors')),
    ...optional('ignoreUnreachable', choice('ignore_unreachable')),
    ...optional('noLog', boolean('no_log')),
  };
}

function environmentIn(place: Place, node: Node | undefined): TypedTemplate | undefined {
  return node && checked(place, readEnvironment(place.r, node), union(anyMap, anyList), '`environment`');
}

function added<T>(before: readonly T[] = [], more: T | undefined): readonly T[] | undefined {
  const all = more === undefined ? before : [...before, more];
  return all.length === 0 ? undefined : all;
}
