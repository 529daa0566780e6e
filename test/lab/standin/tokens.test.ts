import { describe, expect, it } from 'vitest';
import { parseCommands } from '../../../src/lab/standin/tokens.ts';

function words(text: string): unknown {
  return parseCommands(text).map(command =>
    'problem' in command ? command.problem : command.words.map(word => (word.group ? [word.text] : word.text)),
  );
}

describe('parseCommands', () => {
  it.each([
    ['', []],
    [' ; ;\n;', []],
    ['device; status', [['device'], ['status']]],
    [
      'use kube-default-etcd\nset priority 510',
      [
        ['use', 'kube-default-etcd'],
        ['set', 'priority', '510'],
      ],
    ],
    ['append options "--a=b c;d"', [['append', 'options', '--a=b c;d']]],
    ['set options ""', [['set', 'options', '']]],
    ['set x a"b c"d', [['set', 'x', 'ab cd']]],
    ['foreach * (get ip; show); list', [['foreach', '*', ['get ip; show']], ['list']]],
    ['foreach a (foreach b (x ")"))', [['foreach', 'a', ['foreach b (x ")")']]]],
    ['..;/', [['..'], ['/']]],
    ['set options "--open', ['Unterminated quote']],
    ['foreach * (list', ['Missing )']],
  ])('reads %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('keeps each command as typed', () => {
    expect(parseCommands(' use  "a b" ; ..').map(command => command.source)).toEqual(['use  "a b"', '..']);
  });
});
