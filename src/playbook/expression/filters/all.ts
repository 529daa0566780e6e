import type { FilterSpec } from '../signature.ts';
import { arrangementFilters } from './arrangements.ts';
import { choiceFilters } from './choice.ts';
import { encodingFilters } from './encodings.ts';
import { itemFilters } from './items.ts';
import { jsonFilters } from './json.ts';
import { layoutFilters } from './layout.ts';
import { listFilters } from './lists.ts';
import { mapFilters } from './maps.ts';
import { numberFilters } from './numbers.ts';
import { pathFilters } from './paths.ts';
import { patternFilters } from './patterns.ts';
import { setFilters } from './sets.ts';
import { sizeFilters } from './sizes.ts';
import { textFilters } from './text.ts';
import { versionFilters } from './versions.ts';
import { yamlFilters } from './yaml.ts';

/** Every filter, in the order of the reference. */
export const filters: readonly FilterSpec[] = [
  ...choiceFilters,
  ...textFilters,
  ...layoutFilters,
  ...encodingFilters,
  ...pathFilters,
  ...patternFilters,
  ...numberFilters,
  ...sizeFilters,
  ...listFilters,
  ...setFilters,
  ...itemFilters,
  ...arrangementFilters,
  ...mapFilters,
  ...jsonFilters,
  ...yamlFilters,
  ...versionFilters,
];
