import { expect, test } from 'vitest';
import { type Journal, wrongJournals } from './journals.ts';

const journal = (name: string, playbook: string, more: Partial<Journal> = {}): Journal => ({
  name,
  files: ['journal.jsonl', 'holder'],
  lines: [
    JSON.stringify({ journal: 2, run: name, about: { playbook } }),
    JSON.stringify({ type: 'run-started', run: name }),
    JSON.stringify({ type: 'resumed' }),
    '{"type":"chang',
  ],
  ...more,
});
const [header = '', started = ''] = journal('r1', 'verify').lines;

test.each<[string, readonly Journal[], number, readonly string[]]>([
  ['one of one run, which a resume went on with, is right', [journal('r1', 'verify')], 1, []],
  ['so are two of two', [journal('r1', 'verify'), journal('r2', 'verify')], 2, []],
  ['and those of other playbooks beside it', [journal('r1', 'verify'), journal('r2', 'snapshot')], 1, []],
  ['none', [], 1, ['1 runs of verify left 0 journals']],
  ['only one of another playbook', [journal('r1', 'snapshot')], 1, ['1 runs of verify left 0 journals']],
  ['one too many', [journal('r1', 'verify'), journal('r2', 'verify')], 1, ['1 runs of verify left 2 journals']],
  [
    'a folder without a beginning',
    [journal('r1', 'verify'), journal('r2', 'verify', { files: ['holder'], lines: [] })],
    1,
    ['r2 has 0 beginnings', 'r2 tells of 0 runs'],
  ],
  ['two beginnings', [journal('r1', 'verify', { lines: [header, header, started] })], 1, ['r1 has 2 beginnings']],
  ['two runs', [journal('r1', 'verify', { lines: [header, started, started] })], 1, ['r1 tells of 2 runs']],
  [
    'the journal of another run',
    [journal('r2', 'verify', { lines: [header, started] })],
    1,
    ['r2 has the journal of r1'],
  ],
  [
    'a lock or an unfinished file beside it',
    [journal('r1', 'verify', { files: ['journal.jsonl', 'lock', '.tmp'] })],
    1,
    ['r1 has lock', 'r1 has .tmp'],
  ],
])('%s', (_, journals, runs, wrong) => {
  expect(wrongJournals(journals, 'verify', runs)).toEqual(wrong);
});
