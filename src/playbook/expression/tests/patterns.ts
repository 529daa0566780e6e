import type { Call } from '../call.ts';
import { matchable, readPattern } from '../pattern.ts';
import type { ParameterSpec, TestSpec } from '../signature.ts';
import { booleanType, stringType } from '../types.ts';

const parameters: readonly ParameterSpec[] = [
  { name: 'pattern', type: stringType },
  { name: 'ignorecase', type: booleanType, default: false },
  { name: 'multiline', type: booleanType, default: false },
];

function found(call: Call): RegExpExecArray | null {
  const flags = { ignorecase: call.flag('ignorecase'), multiline: call.flag('multiline') };
  return readPattern(call.textArgument('pattern'), flags).exec(matchable(call.text()));
}

function anchored(call: Call): boolean {
  const flags = { ignorecase: call.flag('ignorecase'), multiline: call.flag('multiline') };
  const pattern = readPattern(call.textArgument('pattern'), flags);
  return new RegExp(pattern.source, `${pattern.flags}y`).test(matchable(call.text()));
}

export const patternTests: readonly TestSpec[] = [
  {
    name: 'match',
    summary: 'True where the pattern fits at the beginning of the text.',
    examples: [
      { expression: "'node001' is match('node')", value: true },
      { expression: "'node001' is match('001')", value: false },
    ],
    input: stringType,
    parameters,
    holds: anchored,
  },
  {
    name: 'search',
    summary: 'True where the pattern fits anywhere in the text.',
    examples: [{ expression: "'node001' is search('0+1$')", value: true }],
    input: stringType,
    parameters,
    holds: call => found(call) !== null,
  },
];
