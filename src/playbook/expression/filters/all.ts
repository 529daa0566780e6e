import type { FilterSpec } from '../signature.ts';
import { choiceFilters } from './choice.ts';
import { itemFilters } from './items.ts';
import { jsonFilters } from './json.ts';
import { listFilters } from './lists.ts';
import { mapFilters } from './maps.ts';
import { numberFilters } from './numbers.ts';
import { patternFilters } from './patterns.ts';
import { setFilters } from './sets.ts';
import { textFilters } from './text.ts';
import { versionFilters } from './versions.ts';

/** Every filter, in the order of the reference. */
export const filters: readonly FilterSpec[] = [
  ...choiceFilters,
  ...textFilters,
  ...patternFilters,
  ...numberFilters,
  ...listFilters,
  ...setFilters,
  ...itemFilters,
  ...mapFilters,
  ...jsonFilters,
  ...versionFilters,
];
