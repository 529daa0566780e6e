import fc from 'fast-check';
import { kindsOf } from './expressions.ts';

/** What templates are made of; a body is a row of parts. */
type Parts = { part: string; body: string };

const { whole, text, truth, numbers, texts, people, map } = kindsOf(1);

/** The signs of white space at both ends. */
const begin = fc.constantFrom('{%', '{%', '{%', '{%-', '{%+');
const end = fc.constantFrom('%}', '%}', '%}', '-%}', '+%}');
const statement = (head: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(begin, head, end).map(([open, inner, close]) => `${open} ${inner} ${close}`);
const fixed = (word: string): fc.Arbitrary<string> => statement(fc.constant(word));

const plain = fc.constantFrom('a', 'b\n', '\n', '  ', ' c ', '\n\n', '\n  ', 'd e', ' \n', '{', '}', '%', '#', '\t');
const expression = fc.oneof(whole, text, truth, numbers, texts, map);
const output = fc
  .tuple(fc.constantFrom('{{', '{{', '{{-'), expression, fc.constantFrom('}}', '}}', '-}}'))
  .map(([open, inner, close]) => `${open} ${inner} ${close}`);
/** What loops, macros and `set` around may define. */
const named = fc.constantFrom(
  "{{ v | default('-') }}",
  "{{ x | default('?') }}",
  '{{ loop.index if loop is defined }}',
  "{{ loop.cycle('odd', 'even') if loop is defined }}",
  "{{ ',' if loop is defined and not loop.last }}",
  '{{ loop.revindex0 ~ loop.first ~ loop.length if loop is defined }}',
  "{{ (loop.previtem | default('none')) is sameas(loop.nextitem | default('none')) if loop is defined }}",
  "{{ twice('m') }}",
  '{{ pair(1) }}',
  '{{ pair(b=n, a=s) | upper }}',
  '{{ ns.n }}',
  '{% set ns.n = ns.n + 1 %}',
);
const comment = fc.constantFrom('{# c #}', '{#- c -#}', '{# c +#}', '{#+ {{ x }} {% if #}');
const raw = fc
  .tuple(fixed('raw'), fc.constantFrom(' {{ x }} ', '{% if %}\n', 'r'), fixed('endraw'))
  .map(all => all.join(''));

const nested = fc.letrec<Parts>(tie => {
  const inside = tie('body');
  const row = (...all: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...all).map(parts => parts.join(''));
  const loop = (head: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.oneof(
      row(statement(head), inside, fixed('endfor')),
      row(statement(head), inside, fixed('else'), inside, fixed('endfor')),
    );
  return {
    part: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      { arbitrary: plain, weight: 3 },
      { arbitrary: output, weight: 2 },
      { arbitrary: named, weight: 2 },
      comment,
      raw,
      row(statement(truth.map(condition => `if ${condition}`)), inside, fixed('endif')),
      row(statement(text.map(value => `if ${value}`)), inside, fixed('else'), inside, fixed('endif')),
      row(
        statement(truth.map(condition => `if ${condition}`)),
        inside,
        statement(numbers.map(value => `elif ${value}`)),
        inside,
        fixed('else'),
        inside,
        fixed('endif'),
      ),
      loop(numbers.map(list => `for x in ${list}`)),
      loop(texts.map(list => `for x in ${list} if x is lower`)),
      loop(people.map(list => `for person in ${list} if person.ok`)),
      loop(map.map(value => `for k, x in ${value}.items()`)),
      loop(map.map(value => `for x in ${value}`)),
      statement(whole.map(value => `set v = ${value}`)),
      statement(fc.tuple(text, whole).map(([a, b]) => `set v, x = ${a}, ${b}`)),
      row(fixed('set v'), inside, fixed('endset')),
      row(fixed('set v | upper | trim'), inside, fixed('endset')),
      row(fixed('filter upper'), inside, fixed('endfilter')),
      row(fixed("filter indent(1) | replace('a', 'o')"), inside, fixed('endfilter')),
      row(statement(whole.map(value => `with v = ${value}, x = n`)), inside, fixed('endwith')),
    ),
    body: fc.array(tie('part'), { maxLength: 3, depthIdentifier: 'body' }).map(parts => parts.join('')),
  };
});

/** Macros and a namespace first, so that what follows can use them. */
const head =
  "{% macro twice(x) %}{{ x }}{{ x }}{{ v | default('') }}{% endmacro %}{% macro pair(a, b='B') -%}\n {{ a }}+{{ b }} {%- endmacro %}{% set ns = namespace(n=0) %}";

export const templates: fc.Arbitrary<string> = fc
  .array(nested.part, { minLength: 1, maxLength: 5 })
  .map(parts => head + parts.join(''))
  // Jinja lets a comment pass that begins with the last two characters.
  .filter(text => !text.endsWith('{#'));
