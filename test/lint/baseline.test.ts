import { expect, test } from 'vitest';
import { readBaseline, withoutKnown, writtenBaseline } from '../../src/lint/baseline.ts';
import { judged } from '../support/lint-world.ts';

const relative = (name: string): string => name;
const text = (...tasks: string[]): string =>
  `- hosts: headnode\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}`;
const NO = 'member: { name: a, wait: no }';
const YES = 'member: { name: a, wait: yes }';

const written = async (given: string): Promise<string> =>
  writtenBaseline(await judged({ 'a.yml': given }), relative).text;

/** What counts of a text where the baseline knows another. */
async function left(known: string, now: string, checked = true): Promise<readonly string[]> {
  const { value } = readBaseline({ name: 'b.json', text: await written(known) });
  if (!value) throw new Error('it cannot be read');
  const all = withoutKnown(await judged({ 'a.yml': now }), value, relative, () => checked);
  return all.flatMap(({ finding, suppressed }) => (suppressed ? [] : [`${finding.code}: ${finding.message}`]));
}

const found = 'boolean-string: `no` is a text in YAML 1.2, taken for false here';
const gone = 'obsolete-baseline: a.yml no longer has this: `no` is a text in YAML 1.2, taken for false here';

test.each<[string, string, string, readonly string[]]>([
  ['what is known does not count', text(NO), text(NO), []],
  ['it may move, and be indented in another way', text(NO), text('show: { msg: hi }', `  ${NO}`), []],
  ['one more than is known counts', text(NO), text(NO, NO), [found]],
  ['several alike are counted', text(NO, NO), text(NO, NO), []],
  ['another one counts', text(NO), text(NO, YES), ['boolean-string: `yes` is a text in YAML 1.2, taken for true here']],
  ['what is mended is obsolete', text(NO), text('member: { name: a }'), [gone]],
  ['of several alike that one is', text(NO, NO), text(NO), [gone]],
  ['another line is another finding', text(NO), text('member: { name: b, wait: no }'), [found, gone]],
  ['errors hide what there is', text(NO), text('membr: {}'), ['unknown-module: there is no module `membr`']],
])('%s', async (_what, known, now, expected) => {
  expect(await left(known, now)).toEqual(expected);
});

test('a file that was not checked has nothing obsolete', async () => {
  expect(await left(text(NO), text('member: { name: a }'), false)).toEqual([]);
});

test('it holds each finding once, in order, without what run refuses and what a comment ignores', async () => {
  const ignored = `${NO} # quorate-ignore boolean-string: why`;
  const all = await judged({ 'a.yml': text(YES, ignored, 'membr: {}', NO, NO) });
  const { text: json, count, left } = writtenBaseline(all, relative);
  expect(JSON.parse(json)).toEqual({
    version: 1,
    findings: [
      expect.objectContaining({ code: 'boolean-string', path: 'a.yml', count: expect.any(Number) }),
      expect.objectContaining({ code: 'boolean-string', path: 'a.yml', count: expect.any(Number) }),
    ],
  });
  expect(count).toBe(3);
  expect(left.map(({ finding }) => finding.code)).toEqual(['boolean-string', 'unknown-module']);
});

test.each(['', '{', '[]', '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"code": "x"}]}'])(
  '%j is no baseline, which is one finding',
  text => {
    const { value, diagnostics } = readBaseline({ name: 'b.json', text });
    expect(value).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.span?.source.name).toBe('b.json');
  },
);
