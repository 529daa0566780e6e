import { isMap, type Value } from '../../core/value.ts';
import { lookUp } from './access.ts';
import { Fault } from './fault.ts';
import { capitalized, padded } from './filters/layout.ts';
import { replace, split, strip } from './filters/text.ts';
import type { FunctionSpec, MethodSpec, ParameterSpec } from './signature.ts';
import { charactersOf } from './text.ts';
import {
  anyList,
  anyMap,
  anything,
  booleanType,
  integerType,
  listOf,
  nullType,
  recordOf,
  stringType,
  union,
} from './types.ts';

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

const caseSummaries = {
  upper: 'The text in capital letters.',
  lower: 'The text in small letters.',
  capitalize: 'The text with its first letter large and the others small.',
};

function cased(
  name: keyof typeof caseSummaries,
  change: (text: string) => string,
  example: string,
  value: string,
): MethodSpec {
  return {
    name,
    summary: caseSummaries[name],
    examples: [{ expression: example, value }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => change(call.text()),
  };
}

/** True where the text is not empty and has such characters only. */
function consistsOf(name: string, what: string, characters: RegExp, example: string): MethodSpec {
  return {
    name,
    summary: `True where the text has ${what} only, and is not empty.`,
    examples: [{ expression: example, value: true }],
    input: stringType,
    parameters: [],
    returns: () => booleanType,
    apply: call => characters.test(call.text()),
  };
}

function filling(name: string, side: 'left' | 'right', example: string, value: string): MethodSpec {
  return {
    name,
    summary: `The text at the ${side} of so many characters, the rest filled up.`,
    examples: [{ expression: example, value }],
    input: stringType,
    parameters: [
      { name: 'width', type: integerType },
      { name: 'fillchar', type: stringType, default: ' ' },
    ],
    returns: () => stringType,
    apply: call => {
      const filler = call.textArgument('fillchar');
      if (charactersOf(filler).length !== 1) throw new Fault('`fillchar` is one character');
      return padded(call.text(), call.wholeArgument('width'), side, filler);
    },
  };
}

function without(name: string, end: 'startsWith' | 'endsWith', example: string, value: string): MethodSpec {
  return {
    name,
    summary: `The text without what it ${end === 'startsWith' ? 'begins' : 'ends'} with, where it does.`,
    examples: [{ expression: example, value }],
    input: stringType,
    parameters: [{ name: 'piece', type: stringType }],
    returns: () => stringType,
    apply: call => {
      const text = call.text();
      const piece = call.textArgument('piece');
      if (piece === '' || !text[end](piece)) return text;
      return end === 'startsWith' ? text.slice(piece.length) : text.slice(0, -piece.length);
    },
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
  cased('capitalize', capitalized, "'aB'.capitalize()", 'Ab'),
  consistsOf('isdigit', 'digits', /^\p{Nd}+$/u, "'007'.isdigit()"),
  consistsOf('isalpha', 'letters', /^\p{L}+$/u, "'etcd'.isalpha()"),
  consistsOf('isalnum', 'letters and digits', /^[\p{L}\p{N}]+$/u, "'node001'.isalnum()"),
  filling('ljust', 'left', "'ab'.ljust(4)", 'ab  '),
  filling('rjust', 'right', "'7'.rjust(3, '0')", '007'),
  {
    name: 'zfill',
    summary: 'The text with zeros before it, behind its sign, up to so many characters.',
    examples: [{ expression: "'7'.zfill(3)", value: '007' }],
    input: stringType,
    parameters: [{ name: 'width', type: integerType }],
    returns: () => stringType,
    apply: call => {
      const [, sign = '', digits = ''] = /^([+-]?)([\s\S]*)$/.exec(call.text()) ?? [];
      return sign + padded(digits, call.wholeArgument('width') - sign.length, 'right', '0');
    },
  },
  {
    name: 'count',
    summary: 'How often a text stands in this one, without overlaps.',
    examples: [{ expression: "'a,b,c'.count(',')", value: 2 }],
    input: stringType,
    parameters: [{ name: 'sub', type: stringType }],
    returns: () => integerType,
    apply: call => {
      const piece = call.textArgument('sub');
      return piece === '' ? charactersOf(call.text()).length + 1 : call.text().split(piece).length - 1;
    },
  },
  {
    name: 'find',
    summary: 'Where a text stands first in this one, counted from 0; -1 where it does not.',
    examples: [{ expression: "'node001'.find('0')", value: 4 }],
    input: stringType,
    parameters: [{ name: 'sub', type: stringType }],
    returns: () => integerType,
    apply: call => {
      const at = call.text().indexOf(call.textArgument('sub'));
      return at < 0 ? -1 : charactersOf(call.text().slice(0, at)).length;
    },
  },
  without('removeprefix', 'startsWith', "'node001'.removeprefix('node')", '001'),
  without('removesuffix', 'endsWith', "'a.yml'.removesuffix('.yml')", 'a'),
  {
    name: 'rsplit',
    summary: 'The parts of a text between separators, split from its end.',
    examples: [{ expression: "'a.b.c'.rsplit('.', 1)", value: ['a.b', 'c'] }],
    input: stringType,
    parameters: [
      { name: 'sep', type: stringType },
      { name: 'maxsplit', type: integerType, default: -1 },
    ],
    returns: () => listOf(stringType),
    apply: call => {
      const separator = call.textArgument('sep');
      const parts = split(call.text(), separator, -1);
      const most = call.wholeArgument('maxsplit');
      const whole = most < 0 ? 0 : Math.max(0, parts.length - most - 1);
      return [parts.slice(0, whole + 1).join(separator), ...parts.slice(whole + 1)];
    },
  },
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
    name: 'cycle',
    summary: 'Of `loop` in a template: each time the next of the arguments, from the first again after the last.',
    examples: [{ expression: "{'index0': 4}.cycle('odd', 'even', 'third')", value: 'even' }],
    input: recordOf({ index0: integerType }),
    parameters: [{ name: 'items', type: anything, takes: 'rest' }],
    returns: (_, argument) => argument('items'),
    apply: call => {
      const round = lookUp(call.input, 'index0');
      const items = call.rest();
      if (typeof round !== 'number' || items.length === 0)
        throw new Fault('`cycle` is asked of a `loop`, about some items');
      return items[round % items.length] ?? null;
    },
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
