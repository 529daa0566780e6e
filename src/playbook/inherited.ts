import type { Task } from '../core/plan.ts';
import type { Node } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anyList, anyMap, union } from './expression/types.ts';
import { checked, optional, type Place } from './place.ts';
import { readEnvironment } from './read-environment.ts';

/** What tasks take over from the play, blocks and imports around them, unless they say otherwise themselves. */
export type Inherited = Pick<Task, 'environment'>;

/** What holds inside: what is said here, over what holds here. `value` gives what stands at a keyword. */
export function readInherited(place: Place, value: (key: string) => Node | undefined): Inherited {
  return {
    ...place.inherited,
    ...optional('environment', added(place.inherited.environment, environmentIn(place, value('environment')))),
  };
}

function environmentIn(place: Place, node: Node | undefined): TypedTemplate | undefined {
  return node && checked(place, readEnvironment(place.r, node), union(anyMap, anyList), '`environment`');
}

function added<T>(before: readonly T[] = [], more: T | undefined): readonly T[] | undefined {
  const all = more === undefined ? before : [...before, more];
  return all.length === 0 ? undefined : all;
}
