import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command, invocation, isName, isValue, scriptText } from '../../src/bcm/script.ts';
import { parseCommands } from '../../src/lab/standin/tokens.ts';

describe('command', () => {
  it('joins names, and quotes values', () => {
    expect(command(['append', 'nodes', 'node003'])).toBe('append nodes node003');
    expect(command(['append', 'options'], ['--initial-cluster-state=existing'])).toBe(
      'append options "--initial-cluster-state=existing"',
    );
    expect(command(['set', 'priority', '-1'])).toBe('set priority -1');
  });

  it.each(['', 'a b', 'a;b', 'a"b', 'a`b', 'a\nb', '-f', '!x', 'a|b', 'a>b', '(x)', '$1', '*', '^f', 'ä'])(
    'takes %j for no name',
    text => {
      expect(isName(text)).toBe(false);
      expect(() => command(['use', text])).toThrow(RangeError);
    },
  );

  it.each(['', 'a"b', 'a`b', 'a;b', 'a\nb', 'a\rb', 'a\u0000b', '--x=$1'])('cannot quote %j', text => {
    expect(isValue(text)).toBe(false);
    expect(() => command(['append', 'options'], [text])).toThrow(RangeError);
  });

  it('is one command to cmsh, with the same words, whatever it accepts', () => {
    const anything = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anything, anything, (words, values) => {
        if (!words.every(isName) || !values.every(isValue)) return;
        const parsed = parseCommands(scriptText([command(words, values)]));
        expect(parsed.map(({ words: read }) => read.map(word => word.text))).toEqual([[...words, ...values]]);
      }),
    );
  });
});

it('runs a file, without start-up files and questions, and stops at the first error', () => {
  expect(invocation('/tmp/x', 'cmsh')).toEqual('cmsh -n -Q -q --color no --hide-events -f /tmp/x'.split(' '));
});
