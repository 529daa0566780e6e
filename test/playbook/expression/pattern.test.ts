import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/playbook/expression/fault.ts';
import { readPattern } from '../../../src/playbook/expression/pattern.ts';

const plain = { ignorecase: false, multiline: false };

describe('a pattern of Python', () => {
  test.each<[string, string, string | null]>([
    ['a.c', 'abc', 'abc'],
    ['a.c', 'a\nc', null],
    ['a.c', 'a\rc', 'a\rc'],
    ['(?s)a.c', 'a\nc', 'a\nc'],
    ['(?i)ABC', 'abc', 'abc'],
    ['(?im)^b', 'a\nB', 'B'],
    ['b$', 'ab\n', 'b'],
    ['b$', 'ab\nc', null],
    ['b\\Z', 'ab\n', null],
    ['\\Ab', 'ab', null],
    ['(?P<x>a)(?P=x)', 'aa', 'aa'],
    ['a(?#comment)b', 'ab', 'ab'],
    ['a{,2}b', 'aab', 'aab'],
    ['a{2}', 'aaa', 'aa'],
    ['[]a]+', 'x]a]', ']a]'],
    ['[^]a]+', ']xa', 'x'],
    ['[.$]', 'a$', '$'],
    ['\\.', 'a.b', '.'],
    ['(?<=a)b', 'ab', 'b'],
    ['(?<!a)b', 'ab', null],
    ['a(?=b)', 'ab', 'a'],
    ['(foo|bar)+', 'foobar', 'foobar'],
    ['(?:ab)*', 'ababa', 'abab'],
    ['^(\\S+)\\s+(\\S+)', 'a b c', 'a b'],
    ['(a{2}b)+', 'aabaab', 'aabaab'],
  ])('%s on %j gives %j', (pattern, text, wanted) => {
    expect(readPattern(pattern, plain).exec(text)?.[0] ?? null).toBe(wanted);
  });
});

describe('what is refused', () => {
  test.each([
    ['(a+)+$', 'repeats a group'],
    ['((a*)b)*', 'repeats a group'],
    ['(a?a)*', 'repeats a group'],
    ['(a|a)*', 'may begin alike'],
    ['(a|A)+', 'may begin alike'],
    ['(\\d|[0-9])*', 'may begin alike'],
    ['(a|)*', 'may begin alike'],
    ['(.|b){5,}', 'may begin alike'],
    ['(a+){30,50}', 'repeats a group'],
    ['(?<x>a)', '(?<'],
    ['(?>a)', '(?>'],
    ['(?x)a', '(?x'],
    ['a)', 'cannot be read'],
    ['(a', 'cannot be read'],
    ['[a', 'cannot be read'],
    ['*', 'cannot be read'],
    ['a'.repeat(1001), 'longer than'],
  ])('%s', (pattern, message) => {
    expect(() => readPattern(pattern, plain)).toThrow(Fault);
    expect(() => readPattern(pattern, plain)).toThrow(message);
  });
});
