import type { FilterSpec } from '../signature.ts';
import { versionParameters } from '../tests/versions.ts';
import { booleanType, stringType } from '../types.ts';
import { versionHolds } from '../version.ts';

export const versionFilters: readonly FilterSpec[] = [
  {
    name: 'version',
    summary: 'Whether a version compares with another one as asked; the same as the test `is version`.',
    examples: [{ expression: "'3.4.13' | version('3.4.4', '>=')", value: true }],
    input: stringType,
    parameters: versionParameters,
    returns: () => booleanType,
    apply: call => versionHolds(call.text(), call.textArgument('operator'), call.textArgument('version')),
  },
];
