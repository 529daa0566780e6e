import type { Value } from '../../../core/value.ts';
import type { Call } from '../call.ts';
import { Fault } from '../fault.ts';
import { longest } from '../operators.ts';
import { fillIn, groupOf, matchable, readPattern } from '../pattern.ts';
import type { FilterSpec, ParameterSpec } from '../signature.ts';
import { anyList, booleanType, integerType, listOf, nullType, oneOf, stringType, union } from '../types.ts';

const flags: readonly ParameterSpec[] = [
  { name: 'ignorecase', type: booleanType, default: false, byNameOnly: true },
  { name: 'multiline', type: booleanType, default: false, byNameOnly: true },
];

function patternOf(call: Call): RegExp {
  return readPattern(call.textArgument('pattern'), {
    ignorecase: call.flag('ignorecase'),
    multiline: call.flag('multiline'),
  });
}

function search(call: Call): Value {
  const found = patternOf(call).exec(matchable(call.text()));
  const wanted = call.rest().map(group => {
    const reference = typeof group === 'string' ? /^\\(?:(\d+)|g<(\w+)>)$/.exec(group) : undefined;
    const name = reference?.[1] ?? reference?.[2];
    if (name === undefined) throw new Fault("a group is given as '\\1' or '\\g<name>'");
    return name;
  });
  if (!found) return null;
  if (wanted.length === 0) return found[0];
  return wanted.map(name => groupOf(name, found, found.groups ?? {}));
}

function substitute(call: Call): Value {
  const text = matchable(call.text());
  const pattern = patternOf(call);
  const replacement = call.textArgument('replacement');
  const most = call.wholeArgument('count');
  const all = new RegExp(pattern.source, `${pattern.flags}g`);
  let result = '';
  let at = 0;
  let times = 0;
  for (const found of text.matchAll(all)) {
    if (most > 0 && times >= most) break;
    times += 1;
    result += text.slice(at, found.index) + fillIn(replacement, found, found.groups ?? {});
    if (result.length > longest) throw new Fault('the text would be too long');
    at = found.index + found[0].length;
  }
  return result + text.slice(at);
}

function findAll(call: Call): Value {
  const all = new RegExp(patternOf(call).source, `${patternOf(call).flags}g`);
  return [...matchable(call.text()).matchAll(all)].map(([whole, ...groups]) => {
    const [only, second] = groups.map(group => group ?? '');
    if (only === undefined) return whole;
    return second === undefined ? only : groups.map(group => group ?? '');
  });
}

export const patternFilters: readonly FilterSpec[] = [
  {
    name: 'regex_search',
    summary:
      'The first part of the text that fits a pattern, or a list of the groups that are asked for; none where nothing fits.',
    examples: [
      { expression: "'etcd 3.4.13 on node001' | regex_search('[0-9.]+')", value: '3.4.13' },
      { expression: "'node001' | regex_search('([a-z]+)([0-9]+)', '\\1', '\\2')", value: ['node', '001'] },
      { expression: "'abc' | regex_search('x')", value: null },
    ],
    input: stringType,
    parameters: [{ name: 'pattern', type: stringType }, ...flags, { name: 'groups', type: stringType, takes: 'rest' }],
    returns: (_, argument) => union(argument('groups').kind === 'string' ? listOf(stringType) : stringType, nullType),
    apply: search,
  },
  {
    name: 'regex_replace',
    summary: 'The text with every part that fits a pattern replaced; `\\1` in the replacement is the first group.',
    examples: [
      { expression: "'node001' | regex_replace('^node0*', 'n')", value: 'n1' },
      { expression: "'a=1, b=2' | regex_replace('(\\w)=(\\d)', '\\2=\\1')", value: '1=a, 2=b' },
    ],
    input: stringType,
    parameters: [
      { name: 'pattern', type: stringType, default: '' },
      { name: 'replacement', type: stringType, default: '' },
      ...flags,
      { name: 'count', type: integerType, default: 0, byNameOnly: true },
    ],
    returns: () => stringType,
    apply: substitute,
  },
  {
    name: 'regex_findall',
    summary:
      'All parts of the text that fit a pattern; where it has groups, the group of each, or a list of the groups of each.',
    examples: [
      { expression: "'node001, node002' | regex_findall('node0*([0-9]+)')", value: ['1', '2'] },
      { expression: "'a=1 b=2' | regex_findall('[a-z]')", value: ['a', 'b'] },
    ],
    input: stringType,
    parameters: [
      { name: 'pattern', type: stringType },
      { name: 'multiline', type: booleanType, default: false },
      { name: 'ignorecase', type: booleanType, default: false },
    ],
    returns: () => anyList,
    apply: findAll,
  },
  {
    name: 'regex_escape',
    summary: 'The text as a pattern that fits exactly it.',
    examples: [{ expression: "'3.5*' | regex_escape", value: '3\\.5\\*' }],
    input: stringType,
    parameters: [{ name: 're_type', type: oneOf('python', 'posix_basic'), default: 'python' }],
    returns: () => stringType,
    apply: call => {
      const special = call.textArgument('re_type') === 'python' ? /[-\\^$.*+?()[\]{}|#&~ \t\n\r\v\f]/g : /[\][.^$*\\]/g;
      return call.text().replace(special, '\\$&');
    },
  },
];
