import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { mend } from '../../src/lint/fixes.ts';
import { surelyMeant } from '../../src/playbook/expression/nearest.ts';
import { found, parseCase } from '../support/diagnostic-case.ts';
import { linted } from '../support/lint-world.ts';

/** Mended until nothing is left to mend, and what it is then. */
async function settled(text: string): Promise<{ readonly text: string; readonly left: readonly string[] }> {
  let now = text;
  for (let round = 0; round < 10; round += 1) {
    const findings = await linted({ 'a.yml': now });
    const { text: next, mended } = mend('a.yml', now, findings);
    if (mended.length === 0) return { text: now, left: findings.map(({ code }) => code) };
    expect(next).not.toBe(now);
    now = next;
  }
  throw new Error(`it is never settled:\n${now}`);
}

const play = (tasks: string): string => `- hosts: headnode\n  tasks:\n${tasks}`;

test.each<[string, string, string]>([
  [
    'a keyword',
    '    - show: { msg: hi }\n      retires: 3 # as before\n',
    '    - show: { msg: hi }\n      retries: 3 # as before\n',
  ],
  [
    'a keyword in quotes',
    '    - show: { msg: hi }\n      "whne": true\n',
    '    - show: { msg: hi }\n      "when": true\n',
  ],
  ['a module, then its parameter', '    - membr: { naem: a }\n', '    - member: { name: a }\n'],
  [
    'one of several words',
    '    - member: { name: a, state: "votre" }\n',
    '    - member: { name: a, state: "voter" }\n',
  ],
  ['a boolean', '    - member: { name: a, wait: no } # no\n', '    - member: { name: a, wait: false } # no\n'],
  [
    'a text that YAML reads as a number',
    '    - member: { name: a, mode: 0755 }\n',
    '    - member: { name: a, mode: "0755" }\n',
  ],
  ['a number in quotes', "    - member: { name: a, tries: '3' }\n", '    - member: { name: a, tries: 3 }\n'],
  [
    'braces',
    '    - show:\n        msg: {{ inventory_hostname }}  # who\n',
    '    - show:\n        msg: "{{ inventory_hostname }}"  # who\n',
  ],
  [
    'braces and text',
    '    - show:\n        msg: {{ \'a\' }} and {{ "b" }}\n',
    '    - show:\n        msg: {{ \'a\' }} and {{ "b" }}\n',
  ],
  [
    'braces with quotes in them',
    '    - show:\n        msg: {{ "a" }} and b\n',
    '    - show:\n        msg: \'{{ "a" }} and b\'\n',
  ],
  ['a filter', '    - show: { msg: "{{ [1] | lenght }}" }\n', '    - show: { msg: "{{ [1] | length }}" }\n'],
  [
    'not where it would then stand twice',
    '    - show: { msg: hi }\n      retires: 3\n      retries: 4\n',
    '    - show: { msg: hi }\n      retires: 3\n      retries: 4\n',
  ],
  [
    'not what another word says better',
    '    - show: { msg: hi }\n      with_items: [1]\n',
    '    - show: { msg: hi }\n      with_items: [1]\n',
  ],
  [
    'lines that end as on Windows',
    '    - show: { msg: hi }\r\n      retires: 3\r\n',
    '    - show: { msg: hi }\r\n      retries: 3\r\n',
  ],
])('%s', async (_what, before, after) => {
  expect((await settled(play(before))).text).toBe(play(after));
});

test('what is not mended stays to the byte', async () => {
  const text =
    '# first\n\n- hosts:   headnode   # wide\n  tasks:\n   - show: {msg:   "hi"}   \n     retires:   3\n\n\n# last';
  expect((await settled(text)).text).toBe(text.replace('retires', 'retries'));
});

test('a word is surely meant where no other is as near', () => {
  const words = ['retries', 'register', 'when', 'with', 'port', 'become', 'become_user'];
  const meant = ['retires', 'WHEN', 'whne', 'wihen', 'wit', 'po', 'becom', 'become', 'zzz'].map(word =>
    surelyMeant(word, words),
  );
  expect(surelyMeant('bat', ['cat', 'hat'])).toBeUndefined();
  expect(surelyMeant('x'.repeat(101), ['x'.repeat(100)])).toBeUndefined();
  expect(meant).toEqual(['retries', 'when', 'when', 'when', 'with', undefined, 'become', undefined, undefined]);
});

describe('in every text that is wrong in some way', async () => {
  const folder = 'test/playbook/cases';
  const names = await readdir(folder);
  const cases = await Promise.all(
    names.map(async name => [name, parseCase(await readFile(`${folder}/${name}`, 'utf8'))] as const),
  );
  const fixed: string[] = [];

  test.each(cases)('%s: what is mended is not found again there', async (_name, { parts }) => {
    const before = await found(parts);
    for (const [name, text] of parts) {
      const { text: after, mended } = mend(name, text, before);
      if (mended.length === 0) continue;
      fixed.push(name);
      const again = await found(new Map([...parts, [name, after]]));
      const told = (all: typeof again) => all.map(({ code, message }) => `${code} ${message}`);
      for (const { finding } of mended) expect(told(again)).not.toContain(`${finding.code} ${finding.message}`);
    }
  });

  test('some are', () => expect(fixed.length).toBeGreaterThan(10));
});
