import { expect, test } from 'vitest';
import { positionOf } from '../../src/core/source.ts';
import { commentsOf } from '../../src/lint/comments.ts';
import { judged } from '../support/lint-world.ts';

/** Each finding in a line: what it is, whether it is suppressed, where. */
async function told(text: string): Promise<readonly string[]> {
  const all = await judged({ 'a.yml': text });
  return all.map(({ finding: { code, span, message }, suppressed }) => {
    const at = span ? positionOf(span.source, span.start) : { line: 0, column: 0 };
    const why = suppressed?.kind === 'ignored' ? `ignored: ${suppressed.reason}` : message;
    return `${at.line}:${at.column} ${code}: ${why}`;
  });
}

const play = (tasks: string): string => `- hosts: headnode\n  tasks:\n${tasks}`;

test.each<[string, string, readonly string[]]>([
  [
    'at the end of the line',
    play('    - member: { name: a, wait: no } # quorate-ignore boolean-string: Ansible reads it too\n'),
    ['3:32 boolean-string: ignored: Ansible reads it too'],
  ],
  [
    'on the line above, through blank lines and other comments',
    play('    # quorate-ignore boolean-string: as it was\n    # and so on\n\n    - member: { name: a, wait: no }\n'),
    ['6:32 boolean-string: ignored: as it was'],
  ],
  [
    'two comments above one line, each with a code of its own',
    play(
      '    - member: { name: localhost }\n      # quorate-ignore unused-name: later\n      # quorate-ignore boolean-string: yes\n      register: on_it\n',
    ),
    [
      '3:17 invalid-value: a member needs a name of its own',
      '6:17 unused-name: ignored: later',
      '5:24 unused-ignore: there is no `boolean-string` to ignore here',
    ],
  ],
  [
    'several codes, a warning of a code that may be an error too among them',
    play('    - member: { name: localhost, wait: no } # quorate-ignore invalid-value, boolean-string: a lab\n'),
    ['3:40 boolean-string: ignored: a lab', '3:17 invalid-value: ignored: a lab'],
  ],
  [
    'not for a line further down',
    play('    # quorate-ignore boolean-string: here\n    - member:\n        name: a\n        wait: no\n'),
    [
      '6:15 boolean-string: `no` is a text in YAML 1.2, taken for false here',
      '3:22 unused-ignore: there is no `boolean-string` to ignore here',
    ],
  ],
  [
    'what run refuses stays',
    play('    - membr: { name: a } # quorate-ignore unknown-module: not yet\n'),
    [
      '3:7 unknown-module: there is no module `membr`',
      '3:43 invalid-ignore: `unknown-module` cannot be ignored here: `run` refuses it too',
    ],
  ],
  [
    'no reason',
    play('    - member: { name: a, wait: no } # quorate-ignore boolean-string\n'),
    [
      '3:32 boolean-string: `no` is a text in YAML 1.2, taken for false here',
      '3:37 invalid-ignore: this ignores nothing: it gives no reason',
    ],
  ],
  [
    'no reason, but a colon',
    play('    - member: { name: a } # quorate-ignore boolean-string:\n'),
    ['3:27 invalid-ignore: this ignores nothing: it gives no reason'],
  ],
  [
    'no code',
    play('    - member: { name: a } # quorate-ignore: all of it\n'),
    ['3:27 invalid-ignore: this ignores nothing: it names no code'],
  ],
  [
    'a code that there is not',
    play('    - member: { name: a } # quorate-ignore bolean-string: why\n'),
    ['3:44 invalid-ignore: there is no code `bolean-string`'],
  ],
  [
    'another word that begins alike is another word',
    play('    - member: { name: a } # quorate-ignored boolean-string: why\n'),
    [],
  ],
  [
    'an unused one is not reported where an error may hide what it is for',
    play('    - member: { name: a } # quorate-ignore unused-name: later\n    - membr: {}\n'),
    ['4:7 unknown-module: there is no module `membr`'],
  ],
  [
    'in a text, quoted or in a block, it is no comment',
    play(
      '    - show:\n        msg: |\n          # quorate-ignore nonsense\n    - show: { msg: "# quorate-ignore nonsense" }\n',
    ),
    [],
  ],
])('%s', async (_what, text, expected) => {
  expect(await told(text)).toEqual(expected);
});

test('a comment after | speaks of all lines of its block, and of none after it', () => {
  const text = 'a: | # first\n  one\n  # no comment\n  two\nb: # second\n  - "#3"\n# last';
  const found = commentsOf({ name: 'a', text }).map(({ text, lines }) => [text, ...lines]);
  expect(found).toEqual([
    ['# first', 1, 4],
    ['# second', 5, 5],
    ['# last', 7, 7],
  ]);
});

test('lines may end as on Windows', async () => {
  const text = play('    # quorate-ignore boolean-string: above\n    - member: { name: a, wait: no }\n').replaceAll(
    '\n',
    '\r\n',
  );
  expect(await told(text)).toEqual(['4:32 boolean-string: ignored: above']);
});

test('a comment stands where it says, after flow collections, documents and anchors too', () => {
  const text = '%YAML 1.2\n---\na: &x { b: [1, 2] } # one\nc: *x # two\n\n# three\n- - d # four\n';
  for (const { text: comment, start } of commentsOf({ name: 'a', text }))
    expect(text.slice(start, start + comment.length)).toBe(comment);
  expect(commentsOf({ name: 'a', text })).toHaveLength(4);
});
