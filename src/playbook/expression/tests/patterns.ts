import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { matchable, readPattern } from '../pattern.ts';
import type { ParameterSpec, TestSpec } from '../signature.ts';
import { booleanType, oneOf, stringType } from '../types.ts';

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

/** The pattern fits all of the text. */
function whole(call: Call): boolean {
  const flags = { ignorecase: call.flag('ignorecase'), multiline: call.flag('multiline') };
  const pattern = readPattern(call.textArgument('pattern'), flags);
  return new RegExp(`(?:${pattern.source})(?![\\s\\S])`, `${pattern.flags}y`).test(matchable(call.text()));
}

const matchTypes = ['search', 'match', 'fullmatch'];

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
  {
    name: 'regex',
    summary: 'The same as `search`; with `match_type` also as `match`, or as `fullmatch`: the whole text.',
    examples: [
      { expression: "'node001' is regex('[0-9]+$')", value: true },
      { expression: "'node001' is regex('node', match_type='fullmatch')", value: false },
    ],
    input: stringType,
    parameters: [...parameters, { name: 'match_type', type: oneOf(...matchTypes), default: 'search' }],
    holds: call => {
      const how = call.textArgument('match_type');
      if (how === 'search') return found(call) !== null;
      if (how === 'match') return anchored(call);
      if (how === 'fullmatch') return whole(call);
      throw new Fault(`there is no \`match_type\` \`${how}\``, matchTypes.join(', '));
    },
  },
];
