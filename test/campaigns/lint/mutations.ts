import fc from 'fast-check';
import type { Input } from './input.ts';

/** What breaks readers of YAML, of expressions and of inventories, and words that mean something to one of them. */
const pieces = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '"',
    "'",
    ':',
    ': ',
    ' ',
    '\n',
    '\t',
    '- ',
    '? ',
    '[',
    ']',
    '{',
    '}',
    '|',
    '>',
    '|2-',
    '>+',
  ],
  ...[
    '&a ',
    '*a',
    '*a\n',
    '<<: *a\n',
    '!x ',
    '!!str ',
    '!vault ',
    '!unsafe ',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '#',
    '\\',
    '`',
    '@',
  ],
  ...[
    'yes',
    'null',
    '~',
    '0',
    '-1',
    '1e999',
    '.nan',
    '.inf',
    '0x',
    '1_000',
    '9007199254740993',
    '2001-01-01',
    '[]',
    '{}',
    '""',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '__proto__: { a: 1 }\n',
    'length',
    'then',
    'undefined',
    'NaN',
  ],
  ...[
    'item',
    'groups',
    'hostvars',
    'inventory_hostname',
    'omit',
    'loop',
    'loop.index',
    'ansible_managed',
    'vars',
    'lookup',
    'self',
  ],
  ...[
    ' | ',
    ' is ',
    ' if ',
    ' else ',
    ' in ',
    ' not ',
    ' and ',
    '**',
    '//',
    '~',
    '==',
    '()',
    '.',
    '..',
    '[0]',
    '[-1:]',
    'range(9)',
    '(',
    ')',
  ],
  ...[
    ' | map("',
    ' | default(',
    ' | combine(',
    ' | regex_search("(a+)+")',
    ' | ternary(',
    ' is defined',
    ' is version("',
    'lookup("file", ',
  ],
  ...[
    '\u0000',
    '\u001b[31m',
    '\ufeff',
    '\ufffd',
    '\u2028',
    '\u{1f600}',
    '\u0301',
    '\ud800',
    '\r\n',
    '\r',
    '\u00a0',
    '\u0085',
  ],
  ...[
    '[all:children]\n',
    '[x:vars]\n',
    'node[001:003]',
    'node[9:1]',
    'node001..node',
    'a:22',
    '::1',
    '=',
    ';',
    '~.*',
    ':&',
    ':!',
    '*',
  ],
  ...[
    'include_tasks: ',
    'import_playbook: ',
    'import_role: ',
    'block:\n',
    'hosts: ',
    'tasks:\n',
    'when: ',
    'loop: ',
    'register: ',
    'vars:\n',
  ],
  ...[
    'notify: ',
    'params:\n',
    'type: ',
    'default: ',
    'serial: ',
    'meta: ',
    'set_fact:\n',
    'command: ',
    'template: ',
    'tags: ',
    'rescue:\n',
  ],
];

type Edit = (text: string) => string;
const at = (text: string, place: number): number => Math.floor(place * (text.length + 1));
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** Characters gone, and something put in their place. */
const characters: fc.Arbitrary<Edit> = fc
  .tuple(
    place,
    fc.oneof(fc.constant(0), fc.nat(8), fc.nat(200)),
    fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
  )
  .map(
    ([where, gone, put]) =>
      text =>
        text.slice(0, at(text, where)) + put + text.slice(at(text, where) + gone),
  );

/** A whole value replaced: what stands behind a colon or a dash. */
const value: fc.Arbitrary<Edit> = fc.tuple(place, fc.constantFrom(...pieces)).map(([where, put]) => text => {
  const found = [...text.matchAll(/(?<=[:-] )[^\n]+/g)];
  const one = found[Math.floor(where * found.length)];
  return one ? text.slice(0, one.index) + put + text.slice(one.index + one[0].length) : put;
});

/** Lines lost, doubled, moved, or at another depth. */
const lines: fc.Arbitrary<Edit> = fc
  .tuple(place, place, fc.constantFrom('lose', 'double', 'move', 'deeper', 'shallower'), fc.integer({ min: 1, max: 6 }))
  .map(([from, to, how, count]) => text => {
    const all = text.split('\n');
    const start = Math.floor(from * all.length);
    const some = all.slice(start, start + count);
    const rest = all.toSpliced(start, count);
    const end = Math.floor(to * rest.length);
    if (how === 'lose') return rest.join('\n');
    if (how === 'double') return all.toSpliced(start, 0, ...some).join('\n');
    if (how === 'move') return rest.toSpliced(end, 0, ...some).join('\n');
    const moved = some.map(line => (how === 'deeper' ? `  ${line}` : line.replace(/^ {1,2}/, '')));
    return all.toSpliced(start, count, ...moved).join('\n');
  });

/** A stretch of the text again, elsewhere in it. */
const again: fc.Arbitrary<Edit> = fc.tuple(place, place, fc.nat(80), fc.integer({ min: 1, max: 30 })).map(
  ([from, to, length, times]) =>
    text =>
      text.slice(0, at(text, to)) +
      text.slice(at(text, from), at(text, from) + length).repeat(times) +
      text.slice(at(text, to)),
);

/** Bytes that are others, then read as UTF-8. */
const bytes: fc.Arbitrary<Edit> = fc
  .array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 })
  .map(changes => text => {
    const encoded = Buffer.from(text);
    for (const [where, byte] of changes) encoded[Math.floor(where * encoded.length)] = byte;
    return encoded.toString('utf8');
  });

const cutOff: fc.Arbitrary<Edit> = place.map(where => text => text.slice(0, at(text, where)));
const windows: fc.Arbitrary<Edit> = fc.constant(text => text.replaceAll('\n', '\r\n'));

const edit = fc.oneof(
  { weight: 8, arbitrary: characters },
  { weight: 4, arbitrary: value },
  { weight: 4, arbitrary: lines },
  { weight: 1, arbitrary: again },
  { weight: 1, arbitrary: bytes },
  { weight: 1, arbitrary: cutOff },
  { weight: 1, arbitrary: windows },
);

/** One of the inputs with a file of it changed in one or a few ways; mostly one of those that are linted. */
export function mutated(inputs: readonly Input[]): fc.Arbitrary<Input> {
  return fc
    .tuple(fc.constantFrom(...inputs), place, fc.array(edit, { minLength: 1, maxLength: 5 }), fc.nat(3))
    .map(([{ files, paths }, which, edits, anyFile]) => {
      const names = anyFile === 0 ? Object.keys(files) : paths;
      const path = names[Math.floor(which * names.length)] ?? '';
      return { files: { ...files, [path]: edits.reduce((text, change) => change(text), files[path] ?? '') }, paths };
    });
}
