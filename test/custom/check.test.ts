import { describe, expect, test } from 'vitest';
import { isModule, whyNoModule } from '../../src/custom/check.ts';

const schema = { type: 'object', properties: {} };
const good = {
  kind: 'act',
  name: 'greet',
  summary: 'Greets.',
  description: '',
  params: schema,
  returns: schema,
  examples: [],
  weighed: false,
  repeat: () => 'safe',
  risks: () => [],
  apply: async () => ({}),
};
const without = (field: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));

describe('what a file exports', () => {
  test('is a module where it has all that its kind needs', () => {
    expect(whyNoModule(good, 'greet')).toBeUndefined();
    expect(isModule(good, 'greet')).toBe(true);
    expect(isModule(good, 'greets')).toBe(false);
  });

  test.each([
    ['nothing', undefined, /no default export/],
    ['a function', () => good, /no default export/],
    ['a list', [good], /no default export/],
    [
      'an unknown kind',
      { ...good, kind: 'toString' },
      /has the kind "toString", not one of observe, converge, act, control/,
    ],
    ['another name', { ...good, name: 'salute' }, /defines "salute"; a module is called as its file is: `greet`/],
    ['no summary', without('summary'), /lacks the text `summary`/],
    ['no examples', without('examples'), /lacks the list `examples`/],
    ['no schema of its result', without('returns'), /lacks the schema `returns`/],
    ['parameters that are a text', { ...good, params: { type: 'string' } }, /`Type.Object/],
    ['no risks', without('risks'), /is of the kind act and lacks the function `risks`/],
    ['no word on weighing', without('weighed'), /lacks the switch \(true or false\) `weighed`/],
    ['a converge that does not observe', { ...good, kind: 'converge' }, /lacks the function `observe`/],
    ['an observe without foresees', { ...good, kind: 'observe', observe: () => ({}) }, /`foresees`/],
    ['a control without control', { ...good, kind: 'control' }, /`control`/],
  ])('%s is none', (_what, value, why) => expect(whyNoModule(value, 'greet')).toMatch(why));
});
