import type { Step } from '../core/plan.ts';
import type { Node } from './document.ts';
import { readInherited } from './inherited.ts';
import { applyKeywords } from './keywords.ts';
import { readModuleDefaults } from './module-defaults.ts';
import { type Place, readBase } from './place.ts';
import { readMap } from './read-values.ts';

/** What holds for steps. */
export type Holding = Pick<Place, 'tags' | 'inherited' | 'moduleDefaults'>;

/**
 * Reads what an include enters: what its `apply` says holds for it, as with a block around it. `wrap` puts that block around the steps.
 */
export function withApply<T>(
  place: Place,
  given: Node | undefined,
  id: string,
  inside: (holding: Holding, wrap: (body: readonly Step[]) => readonly Step[]) => T,
): T {
  const { r, names } = place;
  const map = given && readMap(r, given, '`apply`', 'a map of keywords');
  if (!map) return inside(place, body => body);
  r.checkKeywords(map, applyKeywords, '`apply`');
  const { value, vars, when, tags } = readBase(place, map, applyKeywords, '`apply`');
  return names.within('block', vars, () => {
    names.checkConditions(when);
    const inherited = readInherited(place, value);
    const moduleDefaults = readModuleDefaults(r, place.moduleDefaults, value('module_defaults'));
    return inside({ tags, inherited, moduleDefaults }, body => [
      { kind: 'block', id: `${id}.p`, span: map.span, when, vars, tags, body, rescue: [], always: [] },
    ]);
  });
}
