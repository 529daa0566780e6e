import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { corpus } from './corpus.ts';
import { hostile } from './hostile.ts';
import { inputsOf } from './inputs.ts';
import { judge, LONGEST_MS } from './judge.ts';
import { shrunk } from './shrink.ts';
import { Watched } from './watched.ts';

/** Another seed, another short campaign: what is found by chance alone is the task of the long ones. */
const SEED = 7;

const watched = new Watched();
afterAll(() => watched.close());

describe('what would take a careless reader down ends in an error', () => {
  test.each(Object.entries(hostile))('%s', async (_name, input) => {
    expect(await watched.judge({ ...input, isBroken: true })).toEqual([]);
  });
});

describe('what campaigns found stays mended', () => {
  const folder = new URL('./found/', import.meta.url);
  test.each(readdirSync(folder))('%s', async name => {
    const { files, paths } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    expect(await watched.judge({ files, paths })).toEqual([]);
  });
});

test(`a short campaign, seed ${SEED}`, async () => {
  for (const input of fc.sample(inputsOf(corpus()), { seed: SEED, numRuns: 300 })) {
    const faults = await watched.judge(input);
    if (faults.length > 0) expect({ faults, input }).toEqual({ faults: [], input });
  }
});

describe('the judge', () => {
  const input = { files: { 'a.yml': '- hosts: all\n' }, paths: ['a.yml'] };
  const source = { name: 'a.yml', text: '- hosts: all\n' };
  const finding: Diagnostic = {
    code: 'empty-playbook',
    severity: 'error',
    message: 'it has no tasks',
    span: { source, start: 0, end: 1 },
  };
  const judged = (...found: readonly Partial<Diagnostic>[]) =>
    judge(
      async () => found.map(one => ({ ...finding, ...one })),
      input,
      () => 0,
    );

  test('passes what is sound', async () => expect(await judged({})).toEqual([]));

  test.each<[string, Partial<Diagnostic>, RegExp]>([
    ['a place outside', { span: { source, start: 3, end: 99 } }, /stands at 3–99 of 13/],
    ['a place before the beginning', { span: { source, start: -1, end: 2 } }, /stands at -1–2/],
    ['a place that ends before it begins', { span: { source, start: 4, end: 2 } }, /stands at 4–2/],
    ['a word of the language', { message: 'it must be undefined' }, /says undefined/],
    ['an object in a hint', { hint: 'write [object Object]' }, /says \[object Object\]/],
    ['a defect', { code: 'defect' }, /is a defect/],
    ['nothing said', { message: ' ' }, /says nothing/],
    ['far too much', { message: 'x'.repeat(5000) }, /far too much/],
  ])('finds %s', async (_what, one, wanted) => expect((await judged(one)).join('\n')).toMatch(wanted));

  test('finds that nothing is said of what is broken', async () => {
    const broken = { files: { 'a.yml': '- "\n' }, paths: ['a.yml'] };
    expect(
      await judge(
        async () => [],
        broken,
        () => 0,
      ),
    ).toEqual(['a.yml: it is not YAML, and there is no error']);
  });

  test('finds what is thrown, what changes and what is slow', async () => {
    const thrown = await judge(
      () => Promise.reject(new Error('oh')),
      input,
      () => 0,
    );
    expect(thrown.join('\n')).toMatch(/it threw Error: oh/);
    let times = 0;
    const changing = await judge(
      async () => [{ ...finding, message: `no ${times++}` }],
      input,
      () => 0,
    );
    expect(changing).toEqual(['it found something else when asked again']);
    let nowMs = 0;
    const slow = await judge(
      async () => [finding],
      input,
      () => (nowMs += LONGEST_MS + 1),
    );
    expect(slow).toEqual([`it took ${LONGEST_MS + 1} ms`]);
  });

  test('is not stopped by what hangs', async () => {
    const script =
      "import { parentPort as port } from 'node:worker_threads'; port.on('message', () => { for (;;); }); port.postMessage('ready');";
    const hanging = new Watched(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
    expect(await hanging.judge(input, 200)).toEqual(['it hangs: no answer after 200 ms']);
    await hanging.close();
  });
});

test('an input that fails is made small', async () => {
  const text = '- hosts: all\n  tasks:\n    - debug: { msg: bad }\n    - debug: { msg: good }\n';
  const input = { files: { 'a.yml': text, 'b.yml': text }, paths: ['a.yml', 'b.yml'] };
  const small = await shrunk(input, async ({ files }) => Object.values(files).join().includes('bad'));
  expect(small).toEqual({ files: { 'b.yml': 'bad' }, paths: ['b.yml'] });
});
