import { isMap, type Value } from '../../core/value.ts';
import { Fault } from './fault.ts';
import { replace, split, strip } from './filters/text.ts';
import type { FunctionSpec, MethodSpec, ParameterSpec } from './signature.ts';
import { anyList, anyMap, anything, booleanType, integerType, listOf, nullType, stringType, union } from './types.ts';

const chars: ParameterSpec = { name: 'chars', type: union(stringType, nullType), default: null };

function trimming(name: string, ends: 'both' | 'left' | 'right', example: string, value: string): MethodSpec {
  return {
    name,
    summary: `The text without white space, or the given characters, ${ends === 'both' ? 'at both ends' : `at the ${ends}`}.`,
    examples: [{ expression: example, value }],
    input: stringType,
    parameters: [chars],
    returns: () => stringType,
    apply: call => strip(call.text(), call.optionalText('chars'), ends),
  };
}

function cased(name: string, change: (text: string) => string, example: string, value: string): MethodSpec {
  return {
    name,
    summary: `The text in ${name === 'upper' ? 'capital' : 'small'} letters.`,
    examples: [{ expression: example, value }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => change(call.text()),
  };
}

function atEnd(name: 'startswith' | 'endswith', example: string): MethodSpec {
  const holds = (text: string, piece: Value): boolean => {
    if (typeof piece !== 'string') throw new Fault(`\`${name}\` wants a string or a list of strings`);
    return name === 'startswith' ? text.startsWith(piece) : text.endsWith(piece);
  };
  return {
    name,
    summary: `True where the text ${name === 'startswith' ? 'begins' : 'ends'} with another one, or with one of a list.`,
    examples: [{ expression: example, value: true }],
    input: stringType,
    parameters: [{ name: 'piece', type: union(stringType, listOf(stringType)) }],
    returns: () => booleanType,
    apply: call => {
      const piece = call.argument('piece');
      return (Array.isArray(piece) ? call.listArgument('piece') : [piece]).some(p => holds(call.text(), p));
    },
  };
}

/** The methods that values have, Python's by name and meaning. All are pure; there are no others. */
export const methods: readonly MethodSpec[] = [
  {
    name: 'split',
    summary: 'The parts of a text between separators; without one, its words.',
    examples: [{ expression: "'a,b'.split(',')", value: ['a', 'b'] }],
    input: stringType,
    parameters: [
      { name: 'sep', type: union(stringType, nullType), default: null },
      { name: 'maxsplit', type: integerType, default: -1 },
    ],
    returns: () => listOf(stringType),
    apply: call => split(call.text(), call.optionalText('sep'), call.wholeArgument('maxsplit')),
  },
  {
    name: 'splitlines',
    summary: 'The lines of a text.',
    examples: [{ expression: "'a\nb\n'.splitlines()", value: ['a', 'b'] }],
    input: stringType,
    parameters: [],
    returns: () => listOf(stringType),
    apply: call => {
      const lines = call.text().split(/\r\n|\n|\r/);
      return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
    },
  },
  trimming('strip', 'both', "' a '.strip()", 'a'),
  trimming('lstrip', 'left', "'--a-'.lstrip('-')", 'a-'),
  trimming('rstrip', 'right', "'/a/'.rstrip('/')", '/a'),
  cased('lower', text => text.toLowerCase(), "'AB'.lower()", 'ab'),
  cased('upper', text => text.toUpperCase(), "'ab'.upper()", 'AB'),
  atEnd('startswith', "'node001'.startswith('node')"),
  atEnd('endswith', "'a.yml'.endswith(['.yml', '.yaml'])"),
  {
    name: 'replace',
    summary: 'The text with one part replaced by another wherever it stands, or `count` times from the left.',
    examples: [{ expression: "'a-b'.replace('-', '.')", value: 'a.b' }],
    input: stringType,
    parameters: [
      { name: 'old', type: stringType },
      { name: 'new', type: stringType },
      { name: 'count', type: integerType, default: -1 },
    ],
    returns: () => stringType,
    apply: call =>
      replace(call.text(), call.textArgument('old'), call.textArgument('new'), call.wholeArgument('count')),
  },
  {
    name: 'join',
    summary: 'The texts of a list with this text between them.',
    examples: [{ expression: "','.join(['a', 'b'])", value: 'a,b' }],
    input: stringType,
    parameters: [{ name: 'items', type: listOf(stringType) }],
    returns: () => stringType,
    apply: call => {
      const items = call.listArgument('items');
      if (!items.every(item => typeof item === 'string'))
        throw new Fault('`join` wants a list of strings', "| join(',') takes any values");
      return items.join(call.text());
    },
  },
  {
    name: 'items',
    summary: 'The entries of a map, each a list of a key and its value.',
    examples: [{ expression: "{'a': 1}.items()", value: [['a', 1]] }],
    input: anyMap,
    parameters: [],
    returns: () => listOf(anyList),
    apply: call => Object.entries(call.map()),
  },
  {
    name: 'keys',
    summary: 'The keys of a map.',
    examples: [{ expression: "{'a': 1}.keys()", value: ['a'] }],
    input: anyMap,
    parameters: [],
    returns: () => listOf(stringType),
    apply: call => Object.keys(call.map()),
  },
  {
    name: 'values',
    summary: 'The values of a map.',
    examples: [{ expression: "{'a': 1}.values()", value: [1] }],
    input: anyMap,
    parameters: [],
    returns: input =>
      input.kind === 'map'
        ? listOf(union(...[...input.properties.values()].map(p => p.type), ...(input.rest ? [input.rest] : [])))
        : anyList,
    apply: call => Object.values(call.map()),
  },
  {
    name: 'get',
    summary: 'The value of a key; none, or the second argument, where the map does not have it.',
    examples: [{ expression: "{'a': 1}.get('b', 0)", value: 0 }],
    input: anyMap,
    parameters: [
      { name: 'key', type: stringType },
      { name: 'default', type: anything, default: null },
    ],
    returns: () => anything,
    apply: call => {
      const map = call.map();
      const key = call.textArgument('key');
      return Object.hasOwn(map, key) ? (map[key] ?? null) : call.argument('default');
    },
  },
];

const longestRange = 100_000;

/** The functions there are. */
export const functions: readonly FunctionSpec[] = [
  {
    name: 'range',
    summary: 'The whole numbers from `start` up to, and without, `stop`. With one argument they begin at 0.',
    examples: [
      { expression: 'range(3)', value: [0, 1, 2] },
      { expression: 'range(1, 8, 3)', value: [1, 4, 7] },
    ],
    parameters: [
      { name: 'start', type: integerType },
      { name: 'stop', type: union(integerType, nullType), default: null },
      { name: 'step', type: integerType, default: 1 },
    ],
    returns: () => listOf(integerType),
    apply: call => {
      const first = call.wholeArgument('start');
      const [from, to] = call.argument('stop') === null ? [0, first] : [first, call.wholeArgument('stop')];
      const step = call.wholeArgument('step');
      if (step === 0) throw new Fault('the step of a range cannot be zero');
      const length = Math.max(0, Math.ceil((to - from) / step));
      if (length > longestRange) throw new Fault(`a range has at most ${longestRange} numbers`);
      return Array.from({ length }, (_, i) => from + i * step);
    },
  },
  {
    name: 'dict',
    summary: 'A map of its named arguments, and of another map if one is given.',
    examples: [{ expression: "dict(a=1, b='x')", value: { a: 1, b: 'x' } }],
    parameters: [
      { name: 'map', type: anyMap, default: null },
      { name: 'entries', type: anything, takes: 'rest-named' },
    ],
    returns: () => anyMap,
    apply: call => {
      const base = call.argument('map');
      if (base !== null && !isMap(base)) throw new Fault('`dict` wants a map');
      return Object.fromEntries([...Object.entries(base ?? {}), ...call.named()]);
    },
  },
];
