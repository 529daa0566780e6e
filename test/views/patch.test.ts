import { expect, test } from 'vitest';
import { patchLines } from '../../src/views/patch.ts';
import { plainView } from '../../src/views/plain.ts';
import { stamped, where } from '../support/run-events.ts';

const change = (before: string, after: string) => ({ what: '/a: content', texts: { before, after } });

test('a difference line by line, with what stands around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\n';
  expect(patchLines(change(before, before.replace('e', 'E\tx\u001b[31m')))).toEqual([
    '@@ -2,6 +2,6 @@',
    ' b',
    ' c',
    ' d',
    '-e',
    '+E  x',
    ' f',
    ' g',
  ]);
});

test('what is new, what is gone, what has no last newline', () => {
  expect(patchLines(change('', 'a\n'))).toEqual(['@@ -0,0 +1,1 @@', '+a']);
  expect(patchLines(change('a\n', ''))).toEqual(['@@ -1,1 +0,0 @@', '-a']);
  expect(patchLines(change('a', 'a\n')).join('\n')).toContain('No newline at end of file');
});

test('nothing where there are no texts, or the same', () => {
  expect(patchLines({ what: 'a service' })).toEqual([]);
  expect(patchLines(change('a', 'a'))).toEqual([]);
});

test('at most 200 lines', () => {
  const lines = patchLines(change('', 'x\n'.repeat(500)));
  expect(lines).toHaveLength(201);
  expect(lines.at(-1)).toBe('@@ 301 more lines @@');
});

test('stands below its change', () => {
  let text = '';
  const view = plainView(
    t => {
      text += t;
    },
    { patch: patchLines },
  );
  const [event] = stamped([{ type: 'changing', where: where('write'), changes: [change('a\n', 'b\n')] }]);
  if (event) view.event(event);
  expect(text.split('\n').map(line => line.trim())).toEqual(
    expect.arrayContaining(['/a: content', '@@ -1,1 +1,1 @@', '-a', '+b']),
  );
});
