import fc from 'fast-check';

/**
 * Expressions of one kind each, as text. Numbers that are put into texts are whole, and booleans are not compared with numbers:
 * what differs there on purpose stands in the table of docs/expressions.md. `any` mixes kinds, so that errors are compared too.
 */
type Kinds = {
  whole: string;
  number: string;
  text: string;
  truth: string;
  numbers: string;
  texts: string;
  map: string;
  people: string;
  any: string;
};

const small = fc.integer({ min: 0, max: 9 }).map(String);
const quoted = fc.constantFrom(
  ...["''", "'a'", "'b c'", "'node001'", "'Ä ö'", "'x,y'", "'A-b_c'", "' pad '", "'3'", "'a\\nb'", '"it\'s"'],
);

/** `depth` bounds how deep they are nested. */
export const kindsOf = (depth: number) =>
  fc.letrec<Kinds>(tie => {
    /** `$` in each form stands for the parts, in order. */
    const fill = (form: string, parts: readonly string[]): string => {
      let next = 0;
      return form.replace(/\$/g, () => parts[next++] ?? '');
    };
    const forms = (of: readonly (keyof Kinds)[], ...all: readonly string[]): fc.Arbitrary<string> =>
      fc
        .tuple(fc.constantFrom(...all), fc.tuple(...of.map(kind => tie(kind))))
        .map(([form, parts]) => fill(form, parts));
    const piped = (of: keyof Kinds, ...filters: readonly string[]): fc.Arbitrary<string> =>
      forms([of], ...filters.map(filter => `($ | ${filter})`));
    const choice = (kind: keyof Kinds): fc.Arbitrary<string> => forms([kind, 'truth', kind], '($ if $ else $)');
    const oneOf = (first: fc.Arbitrary<string>, ...rest: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.oneof({ maxDepth: depth, depthSize: 'small', withCrossShrink: true }, first, ...rest);
    const names = (...all: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...all);

    return {
      whole: oneOf(
        fc.oneof(names('n', 'zero', 'big', 'neg', 'm.a', "m['b']", 'people[0].age', 'deep.list[1].v', '0x1f'), small),
        forms(['whole', 'whole'], '($ + $)', '($ - $)', '($ * $)', '($ // ($ * 2 + 1))', '($ % ($ * 2 + 1))'),
        forms(['whole'], '($ ** 2)', '-$', '($ | abs)', '+$'),
        piped('number', 'int'),
        piped('numbers', 'sum', 'length', 'first | default(5)', 'last | d(5)', 'count', 'sum(start=2)'),
        piped('people', "sum(attribute='age')", 'length', "map(attribute='age') | sum"),
        piped('text', 'length', 'wordcount', 'int(7)', 'int(7, 16)'),
        forms(['numbers', 'whole'], '($ + [$])[0]', '($ + [$] | max)', '($ + [$] | min)'),
        forms(['text', 'text'], '$.count($)', '$.find($)'),
        choice('whole'),
      ),
      number: oneOf(
        fc.oneof(names('half', '0.5', '1.5', '2.25', '10.125', '1e3'), tie('whole')),
        forms(
          ['number', 'number'],
          '($ + $)',
          '($ - $)',
          '($ * $)',
          '($ / ($ * 2 + 0.25))',
          '($ // ($ * 2 + 0.25))',
          '($ % 2.5 + $)',
        ),
        piped('number', 'abs', 'round', 'round(1)', "round(0, 'floor')", "round(1, 'ceil')", 'float', 'round(-1)'),
        piped('text', 'float(0.5)'),
        forms(['number', 'number'], '([$, $] | sum)', '([$, $] | max)', '(($, $) | min)'),
        choice('number'),
      ),
      text: oneOf(
        fc.oneof(
          names('s', 'words', 'empty', 'csv', 'lines', 'labels.x', 'people[1].name', 'deep.map.k', 'texts[0]'),
          quoted,
        ),
        forms(['text', 'text'], '($ + $)', '($ ~ $)', "$.replace($, '*')"),
        forms(['text', 'whole'], '($ ~ $)', '$[$:]', '$[:$]', '($ * ($ % 4))'),
        forms(['truth', 'text'], '($ ~ $)'),
        piped('text', 'upper', 'lower', 'capitalize', 'title', 'trim', "trim('a ')", 'reverse', 'string', 'urlencode'),
        piped(
          'text',
          "replace('a', 'o')",
          "replace('', '-', 2)",
          'indent',
          "indent('> ', true)",
          'indent(1, blank=true)',
        ),
        piped('text', 'center(9)', 'center(10)', 'truncate(8)', "truncate(6, true, '..', 0)", 'truncate(5, leeway=1)'),
        piped('text', "default('d')", "default('d', true)", 'truncate(3)', "d('x', boolean=true)"),
        piped('texts', 'join', "join(',')", "first | default('-')", "last | d('-')", "join('-') | upper"),
        piped('numbers', "join('+')", 'string', "map('string') | join"),
        piped('texts', 'string'),
        piped('map', 'string', "dictsort | map('join', '=') | join('&')", 'urlencode'),
        piped(
          'people',
          "join('/', attribute='name')",
          "map(attribute='name') | join",
          "map(attribute='tags') | map('join') | join",
        ),
        piped('whole', 'string', 'filesizeformat', 'filesizeformat(true)'),
        forms(
          ['whole', 'number', 'text'],
          "('%d|%05.1f|%s|%-4s|%%' | format($, $, $, 'x'))",
          "('%5d|%.3e|%3s' | format($, $, $))",
        ),
        forms(['whole', 'whole', 'number'], "('%+d|%x|%g' | format($, $ | abs, $))"),
        forms(['text'], '$[1:]', '$[::-1]', '$[-3:2]', '$[::2]'),
        forms(['text'], '$.upper()', '$.strip()', "$.lstrip('n')", '$.capitalize()', '$.zfill(9)', "$.ljust(8, '.')"),
        forms(['text'], '$.rjust(4)', "$.removeprefix('no')", "$.removesuffix('1')", "$.rstrip(' e')", '$.lower()'),
        forms(['texts', 'text'], '($ + [$])[0]', '($ + [$] | min)', '($ + [$] | max(true))', '($ + [$])[-1]'),
        forms(['text', 'texts'], '$.join($)'),
        choice('text'),
      ),
      truth: oneOf(
        names('t', 'f', 'true', 'false', 'people[0].ok', 'True', '(m.zz is defined)', '(people[7] is undefined)'),
        forms(['truth', 'truth'], '($ and $)', '($ or $)', '($ == $)', '($ != $)'),
        forms(['truth'], '(not $)', '($ | default(false))'),
        forms(['number', 'number'], '($ < $)', '($ <= $)', '($ > $)', '($ >= $)', '($ == $)', '($ != $)'),
        forms(['text', 'text'], '($ < $)', '($ == $)', '($ != $)', '($ in $)', '($ not in $)'),
        forms(['whole', 'numbers'], '($ in $)'),
        forms(['text', 'texts'], '($ not in $)'),
        forms(['text', 'map'], '($ in $)'),
        forms(['numbers', 'numbers'], '($ == $)', '($ < $)'),
        forms(['number', 'number', 'number'], '($ < $ <= $)', '($ == $ != $)'),
        forms(['any'], '($ is none)', '($ is string)', '($ is mapping)', '($ is boolean)', '($ is iterable)'),
        forms(['any'], '($ is defined)', '($ is undefined)', '($ is true)', '($ is sequence)', '($ is not false)'),
        forms(
          ['whole'],
          '($ is even)',
          '($ is odd)',
          '($ is divisibleby 2)',
          '($ is gt(2))',
          '($ is le 3)',
          '($ is in [1, 2])',
        ),
        forms(['whole'], '($ is eq(3))', '($ is not ne 3)', '($ is number)', '($ is integer)', '($ is not lt 3)'),
        forms(['text'], '($ is lower)', '($ is upper)', '($ is filter)', '($ is test)', "($ is eq 'a')"),
        forms(['text', 'text'], '$.startswith($)', '$.endswith($)'),
        forms(['text'], '$.isdigit()', '$.isalpha()', '$.isalnum()'),
        choice('truth'),
      ),
      numbers: oneOf(
        names(
          'nums',
          'none_at_all',
          'nested[0]',
          '[1, 25]',
          '(range(4) | list)',
          '[n, neg]',
          '(range(1, 9, 3) | list)',
        ),
        forms(['whole', 'whole'], '[$, $]'),
        forms(['numbers', 'numbers'], '($ + $)'),
        forms(['numbers'], '($ * 2)', '$[1:]', '$[::-1]', '$[:2]'),
        piped('numbers', 'sort', 'sort(reverse=true)', 'unique | list', 'reverse | list', 'list', "map('abs') | list"),
        piped(
          'numbers',
          "select('odd') | list",
          "reject('gt', 1) | list",
          'select | list',
          "map('string') | map('int') | list",
        ),
        piped(
          'numbers',
          'batch(2) | first',
          'slice(2) | first',
          "batch(2, 0) | map('sum') | list",
          'slice(3, 1) | list | last | list',
        ),
        piped('people', "map(attribute='age') | list", "map(attribute='tags') | map('length') | list"),
        piped('texts', "map('length') | list", "map('int', 4) | list", "map('int', default=4) | list"),
        forms(['map'], '($.values() | list)'),
        choice('numbers'),
      ),
      texts: oneOf(
        names('texts', "['x']", "['b', 'B', 'a']", 'people[2].tags'),
        forms(['text', 'text'], '[$, $]'),
        forms(['texts', 'texts'], '($ + $)'),
        piped('texts', 'sort', 'sort(case_sensitive=true)', 'unique | list', 'unique(true) | list', 'reverse | list'),
        piped(
          'texts',
          "map('upper') | list",
          "select('lower') | list",
          "reject('in', ['a']) | list",
          'batch(2) | list | last',
        ),
        piped(
          'texts',
          "map('replace', 'a', 'o') | list",
          "select('ne', 'a') | list",
          'sort(true, true)',
          "map('first') | map('default', '') | list",
        ),
        piped('people', "map(attribute='name') | list", "map(attribute='nick', default='-') | list"),
        piped('people', "groupby('name') | map('first') | list", "map(attribute='tags') | sum(start=[])"),
        piped(
          'map',
          'list',
          'sort',
          'dictsort | map("first") | list',
          "items | map('first') | list",
          "dictsort(by='value', reverse=true) | map('first') | list",
        ),
        forms(
          ['text'],
          '$.split()',
          "$.split(',')",
          "$.rsplit('o', 1)",
          '$.splitlines()',
          '($ | list)',
          "$.split('o', 1)",
        ),
        forms(['texts'], '$[:2]', '$[1:]'),
        choice('texts'),
      ),
      map: oneOf(
        names('m', "{'k': 1}", '{}', "{'a': n, 'k': 1}"),
        forms(['text', 'whole'], '{$: $}'),
        forms(['whole'], 'dict(a=$)'),
        forms(['map', 'whole'], 'dict($, z=$)'),
        choice('map'),
      ),
      people: oneOf(
        names('people', 'people[:2]', '[people[1]]', '[]'),
        forms(['people'], ...['name', 'age', 'ok', 'name,age'].map(by => `($ | sort(attribute='${by}'))`)),
        forms(['people'], "($ | sort(attribute='age', reverse=true))", "($ | sort(attribute='tags'))"),
        piped('people', "selectattr('ok') | list", "rejectattr('ok') | list", "selectattr('age', 'gt', 1) | list"),
        piped(
          'people',
          "selectattr('nick', 'defined') | list",
          "rejectattr('tags', 'eq', []) | list",
          'reverse | list',
        ),
        piped(
          'people',
          "unique(attribute='age') | list",
          "unique(attribute='name') | list",
          "selectattr('tags') | list",
        ),
        piped(
          'people',
          "groupby('age') | map('last') | sum(start=[])",
          "groupby('name') | map('last') | map('first') | list",
        ),
        piped(
          'people',
          "groupby('nick', default='-') | map('last') | sum(start=[])",
          "selectattr('name', 'in', texts) | list",
        ),
        choice('people'),
      ),
      any: oneOf(
        names(
          'nothing',
          'nested',
          'deep',
          'none',
          'missing',
          'm.zz',
          'people[-1].tags[-1]',
          'people.0.name',
          'people[9].name',
        ),
        tie('number'),
        tie('text'),
        tie('truth'),
        tie('numbers'),
        tie('texts'),
        tie('map'),
        tie('people'),
        forms(['any'], '[$]', "{'k': $}"),
        forms(['any', 'any'], '($ or $)', '($ and $)', '($ | default($))', '[$, $]', '($ | default($, true))'),
        forms(['any', 'truth'], '($ if $)'),
        forms(['text', 'any'], '($ + $)'),
        forms(['numbers', 'any'], '($ + $)', '($ | first | default($))'),
        forms(['whole', 'text'], '($ < $)', '($ - $)', "($ ~ ':' ~ $)"),
        forms(['numbers', 'whole'], '$[$]', '(($ | first) + $)', '(($ | max) + $)'),
        forms(['texts', 'whole'], '$[$]', '(($ | last) * ($ % 3))'),
        forms(['whole', 'whole'], '($ / $)', '($ // $)', '($ % $)'),
      ),
    };
  });
