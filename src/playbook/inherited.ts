import type { Task } from '../core/plan.ts';
import type { Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import {
  anyList,
  anyMap,
  booleanType,
  integerType,
  numberType,
  stringType,
  type Type,
  union,
} from './expression/types.ts';
import { checked, optional, type Place } from './place.ts';
import { readEnvironment } from './read-environment.ts';
import { readLogin } from './read-login.ts';
import { readBoolean, readLabel, readNumber, readSwitch } from './read-values.ts';

/** What tasks take over from the play, blocks and imports around them, unless they say otherwise themselves. */
export type Inherited = Pick<
  Task,
  | 'environment'
  | 'login'
  | 'checkMode'
  | 'diff'
  | 'ignoreErrors'
  | 'ignoreUnreachable'
  | 'timeout'
  | 'throttle'
  | 'delegateTo'
  | 'delegateFacts'
  | 'anyErrorsFatal'
> & {
  readonly notify?: Task['notify'];
  readonly noLog?: boolean;
  readonly runOnce?: boolean;
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
  const number = (key: string, type: Type): TypedTemplate | undefined => {
    const node = value(key);
    return node && checked(place, readNumber(r, node, `\`${key}\``, type === integerType), type, `\`${key}\``);
  };
  const delegate = value('delegate_to');
  const notify = value('notify');
  return {
    ...place.inherited,
    ...optional('environment', added(place.inherited.environment, environmentIn(place, value('environment')))),
    ...optional('login', readLogin(place, value, place.inherited.login)),
    ...optional('checkMode', choice('check_mode')),
    ...optional('diff', boolean('diff')),
    ...optional('ignoreErrors', choice('ignore_errors')),
    ...optional('ignoreUnreachable', choice('ignore_unreachable')),
    ...optional('noLog', boolean('no_log')),
    ...optional('runOnce', boolean('run_once')),
    ...optional('anyErrorsFatal', boolean('any_errors_fatal')),
    ...optional('delegateFacts', boolean('delegate_facts')),
    ...optional('notify', notify && place.handlers.read(r, notify)),
    ...optional('timeout', number('timeout', numberType)),
    ...optional('throttle', number('throttle', integerType)),
    ...optional(
      'delegateTo',
      delegate && checked(place, readLabel(r, delegate, '`delegate_to`'), stringType, '`delegate_to`'),
    ),
  };
}

function environmentIn(place: Place, node: Node | undefined): TypedTemplate | undefined {
  return node && checked(place, readEnvironment(place.r, node), union(anyMap, anyList), '`environment`');
}

function added<T>(before: readonly T[] = [], more: T | undefined): readonly T[] | undefined {
  const all = more === undefined ? before : [...before, more];
  return all.length === 0 ? undefined : all;
}
