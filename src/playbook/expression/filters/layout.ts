import type { Value } from '../../../core/value.ts';
import { Fault } from '../fault.ts';
import { longest } from '../operators.ts';
import { formatted } from '../printf.ts';
import type { FilterSpec } from '../signature.ts';
import { charactersOf } from '../text.ts';
import { anything, booleanType, integerType, nullType, oneOf, stringType, union } from '../types.ts';

export function capitalized(text: string): string {
  const [first = '', ...rest] = charactersOf(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Jinja's: a word begins after white space, a dash or an opening bracket, and not after a quote. */
const titled = (text: string): string =>
  text
    .split(/([-\s({[<]+)/)
    .map(capitalized)
    .join('');

/** The text in the middle of as many characters; of an odd rest, Python's choice of side. */
export function centred(text: string, width: number): string {
  const room = spare(text, width);
  const left = Math.floor(room / 2) + (room & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(room - left);
}

function spare(text: string, width: number): number {
  if (width > longest) throw new Fault('the text would be too long');
  return Math.max(0, width - charactersOf(text).length);
}

/** `side` is where the text goes, the rest is filled up. */
export function padded(text: string, width: number, side: 'left' | 'right', filling: string): string {
  const rest = filling.repeat(spare(text, width));
  return side === 'left' ? text + rest : rest + text;
}

function indented(text: string, by: string, first: boolean, blank: boolean): string {
  const lines = text.split('\n');
  if (text.length + lines.length * by.length > longest) throw new Fault('the text would be too long');
  return lines.map((line, i) => ((i === 0 ? first : blank || line !== '') ? by + line : line)).join('\n');
}

function truncated(text: string, length: number, killwords: boolean, end: string, leeway: number): string {
  const characters = charactersOf(text);
  if (length < end.length) throw new Fault(`\`length\` must be at least the ${end.length} characters of \`end\``);
  if (characters.length <= length + leeway) return text;
  const kept = characters.slice(0, length - end.length).join('');
  const space = kept.lastIndexOf(' ');
  return (killwords || space < 0 ? kept : kept.slice(0, space)) + end;
}

const styles: Readonly<Record<string, readonly [before: string, line: string, after: string]>> = {
  plain: ['', '# ', ''],
  erlang: ['', '% ', ''],
  c: ['', '// ', ''],
  cblock: ['/*', ' * ', ' */'],
  xml: ['<!--', ' - ', '-->'],
};

/** As Ansible lays it out: `plain` has an empty line of comment before and after, blocks their marks. */
function commented(text: string, style: string, decoration: string | undefined): string {
  const found = Object.hasOwn(styles, style) ? styles[style] : undefined;
  if (!found) throw new Fault(`there is no style of comment \`${style}\``, Object.keys(styles).join(', '));
  const [before, usual, after] = found;
  const sign = decoration ?? usual;
  const lines = ['', ...text.replace(/\n$/, '').split('\n'), ''].map(line => (sign + line).trimEnd());
  return [...(before === '' ? [] : [before]), ...lines, ...(after === '' ? [] : [after])].join('\n');
}

export const layoutFilters: readonly FilterSpec[] = [
  {
    name: 'capitalize',
    summary: 'The text with its first letter large and the others small.',
    examples: [{ expression: "'etcd IS up' | capitalize", value: 'Etcd is up' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => capitalized(call.text()),
  },
  {
    name: 'title',
    summary: 'The text with the first letter of each word large and the others small.',
    examples: [{ expression: "'head-node is up' | title", value: 'Head-Node Is Up' }],
    input: stringType,
    parameters: [],
    returns: () => stringType,
    apply: call => titled(call.text()),
  },
  {
    name: 'center',
    summary: 'The text in the middle of so many characters.',
    examples: [{ expression: "'ab' | center(6)", value: '  ab  ' }],
    input: stringType,
    parameters: [{ name: 'width', type: integerType, default: 80 }],
    returns: () => stringType,
    apply: call => centred(call.text(), call.wholeArgument('width')),
  },
  {
    name: 'indent',
    summary:
      'The text with its lines moved to the right, the first only if `first` is true, empty ones if `blank` is; by spaces, or by a text.',
    examples: [
      { expression: "'a\nb' | indent(2)", value: 'a\n  b' },
      { expression: "'a\nb' | indent('> ', first=true)", value: '> a\n> b' },
    ],
    input: stringType,
    parameters: [
      { name: 'width', type: union(integerType, stringType), default: 4 },
      { name: 'first', type: booleanType, default: false },
      { name: 'blank', type: booleanType, default: false },
    ],
    returns: () => stringType,
    apply: call => {
      const width: Value = call.argument('width');
      const by =
        typeof width === 'string' ? width : ' '.repeat(Math.min(longest, Math.max(0, call.wholeArgument('width'))));
      return indented(call.text(), by, call.flag('first'), call.flag('blank'));
    },
  },
  {
    name: 'truncate',
    summary:
      'The text cut off after so many characters, between words unless `killwords` is true, with `end` behind it.',
    examples: [
      { expression: "'a member that lags' | truncate(12)", value: 'a member...' },
      { expression: "'abcdefghij' | truncate(5, true, '…', 0)", value: 'abcd…' },
    ],
    input: stringType,
    parameters: [
      { name: 'length', type: integerType, default: 255 },
      { name: 'killwords', type: booleanType, default: false },
      { name: 'end', type: stringType, default: '...' },
      { name: 'leeway', type: union(integerType, nullType), default: null },
    ],
    returns: () => stringType,
    apply: call => {
      const leeway = call.argument('leeway') === null ? 5 : call.wholeArgument('leeway');
      const length = call.wholeArgument('length');
      return truncated(call.text(), length, call.flag('killwords'), call.textArgument('end'), leeway);
    },
  },
  {
    name: 'wordcount',
    summary: 'How many words a text has.',
    examples: [{ expression: "'three of five' | wordcount", value: 3 }],
    input: stringType,
    parameters: [],
    returns: () => integerType,
    apply: call => call.text().match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  },
  {
    name: 'format',
    summary: 'The text with `%s`, `%d`, `%05.1f` and their like filled in, in order or, as `%(name)s`, by name.',
    examples: [
      { expression: "'node%03d' | format(7)", value: 'node007' },
      { expression: "'%(a)s=%(b)5.1f' | format(a='x', b=1.25)", value: 'x=  1.2' },
    ],
    input: stringType,
    parameters: [{ name: 'values', type: anything, takes: 'rest-named' }],
    returns: () => stringType,
    apply: call => formatted(call.text(), call.rest(), call.named()),
  },
  {
    name: 'comment',
    summary: `The text as a comment, in one of the styles ${Object.keys(styles).join(', ')}; \`decoration\` stands before each line.`,
    examples: [
      { expression: "'by quorate' | comment", value: '#\n# by quorate\n#' },
      { expression: "'a\nb' | comment('cblock')", value: '/*\n *\n * a\n * b\n *\n */' },
    ],
    input: stringType,
    parameters: [
      { name: 'style', type: oneOf(...Object.keys(styles)), default: 'plain' },
      { name: 'decoration', type: union(stringType, nullType), default: null, byNameOnly: true },
    ],
    returns: () => stringType,
    apply: call => commented(call.text(), call.textArgument('style'), call.optionalText('decoration')),
  },
];
