import type { ParameterSpec, TestSpec } from '../signature.ts';
import { oneOf, stringType } from '../types.ts';
import { versionHolds, versionOperators } from '../version.ts';

export const versionParameters: readonly ParameterSpec[] = [
  { name: 'version', type: stringType },
  { name: 'operator', type: oneOf(...versionOperators), default: '==' },
];

export const versionTests: readonly TestSpec[] = [
  {
    name: 'version',
    aliases: ['version_compare'],
    summary:
      'True where a version compares with another one as asked. Semantic versions by their own rules, so 3.5.0-rc.1 is less than 3.5.0.',
    examples: [
      { expression: "'3.4.13' is version('3.4.4', '>=')", value: true },
      { expression: "'3.5.0-rc.1' is version('3.5.0', '<')", value: true },
    ],
    input: stringType,
    parameters: versionParameters,
    holds: call => versionHolds(call.text(), call.textArgument('operator'), call.textArgument('version')),
  },
];
