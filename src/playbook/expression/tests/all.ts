import type { TestSpec } from '../signature.ts';
import { comparisonTests } from './comparisons.ts';
import { kindTests } from './kinds.ts';
import { nameTests } from './names.ts';
import { patternTests } from './patterns.ts';
import { resultTests } from './results.ts';
import { versionTests } from './versions.ts';

/** Every test, in the order of the reference. */
export const tests: readonly TestSpec[] = [
  ...kindTests,
  ...comparisonTests,
  ...patternTests,
  ...versionTests,
  ...resultTests,
  ...nameTests,
];
