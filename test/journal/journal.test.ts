import * as fs from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunEvent, StampedEvent } from '../../src/core/event.ts';
import { Failure } from '../../src/core/failure.ts';
import type { About } from '../../src/journal/format.ts';
import { readJournal } from '../../src/journal/read.ts';
import { continueJournal, openJournal } from '../../src/journal/write.ts';

// Counts, and does it all the same.
vi.mock('node:fs', async original => {
  const real = await original<typeof fs>();
  return { ...real, fsyncSync: vi.fn(real.fsyncSync) };
});
const syncs = vi.mocked(fs.fsyncSync);

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'quorate-journal-'));
});
afterEach(async () => {
  await rm(state, { recursive: true });
});

const about: About = {
  version: '0.1.0',
  user: 'root',
  host: 'headnode',
  cwd: '/root',
  playbook: 'extend-to-three',
  options: { forks: 50 },
  inputs: { nodes: ['node001'] },
  secrets: [],
  files: { 'playbooks/extend-to-three.yml': '- name: a play\n' },
  inventory: { origin: 'cmsh on headnode', hosts: [{ name: 'node001', address: '10.141.0.1' }], groups: { all: [] } },
};
const event = (sequence: number): StampedEvent => ({ type: 'warning', message: `no. ${sequence}`, sequence, atMs: 1 });
const at = { task: 'p0.t0', name: 't', module: 'm', host: 'a', on: 'a', within: [] };
const pathOf = (run: string) => join(state, 'runs', run, 'journal.jsonl');

test('what was written is read back, in order', async () => {
  const journal = openJournal(state, 'r1', about);
  journal.event(event(1));
  journal.event(event(2));
  // Before it is closed: each line is in the file when `event` returns.
  expect(await readJournal(state, 'r1')).toEqual({
    header: { journal: 2, run: 'r1', about },
    events: [event(1), event(2)],
    torn: false,
  });
  await journal.close?.();
  await journal.close?.();
  expect(journal.folder).toBe(join(state, 'runs', 'r1'));
});

test('only its owner may read it', async () => {
  const journal = openJournal(state, 'r1', about);
  expect(((await stat(pathOf('r1'))).mode & 0o777).toString(8)).toBe('600');
  expect(((await stat(journal.folder)).mode & 0o777).toString(8)).toBe('700');
  await journal.close?.();
});

test('a journal is never written over', async () => {
  await openJournal(state, 'r1', about).close?.();
  expect(() => openJournal(state, 'r1', about)).toThrow('EEXIST');
});

test('the header, intents, results and decisions are on the disk before anything else is done; progress need not be', async () => {
  syncs.mockClear();
  const journal = openJournal(state, 'r1', about);
  // The file, and the folder that names it.
  expect(syncs).toHaveBeenCalledTimes(2);
  const ended: RunEvent = { type: 'ended', where: at, status: 'ok', durationMs: 1, changes: [], result: {} };
  const kept: readonly RunEvent[] = [
    { type: 'changing', where: at, changes: [] },
    ended,
    { type: 'consent', how: '--yes', to: [] },
    { type: 'decided', where: at, decision: 'done', how: 'typed' },
    { type: 'run-ended', outcome: 'done', durationMs: 1, totals: {}, next: [] },
  ];
  const others: readonly RunEvent[] = [
    { type: 'progress', where: at, progress: { text: 'half' } },
    { type: 'settling', where: at, limitMs: 1 },
    { type: 'recalled', where: at, status: 'ok', changes: [], endedAtMs: 1 },
  ];
  syncs.mockClear();
  for (const [index, one] of [...kept, ...others].entries()) journal.event({ ...one, sequence: index + 1, atMs: 1 });
  expect(syncs).toHaveBeenCalledTimes(kept.length);
  await journal.close?.();
});

test('cut off at any byte, it is read up to its last whole line, and gone on with from there', async () => {
  const journal = openJournal(state, 'r1', about);
  for (const n of [1, 2, 3]) journal.event(event(n));
  await journal.close?.();
  const whole = await readFile(pathOf('r1'));
  const header = whole.indexOf(10) + 1;
  for (let length = header; length <= whole.length; length += 1) {
    await writeFile(pathOf('r1'), whole.subarray(0, length));
    const lines = whole.subarray(header, length).toString().split('\n').length - 1;
    const { events, torn } = await readJournal(state, 'r1');
    expect([events.length, torn]).toEqual([lines, whole[length - 1] !== 10]);
    const again = continueJournal(state, 'r1');
    again.event(event(lines + 1));
    await again.close?.();
    const gone = await readJournal(state, 'r1');
    expect(gone.events).toEqual([1, 2, 3, 4].slice(0, lines + 1).map(event));
    expect(gone.torn).toBe(false);
  }
  await writeFile(pathOf('r1'), whole.subarray(0, header - 5));
  await expect(readJournal(state, 'r1')).rejects.toMatchObject({ code: 'invalid-journal' });
});

test('damage before its last line is told with the line, and is nothing to go on with', async () => {
  const journal = openJournal(state, 'r1', about);
  journal.event(event(1));
  await journal.close?.();
  const whole = await readFile(pathOf('r1'), 'utf8');
  for (const [damage, why] of [
    ['{"type":"warn\n', ':3 is damaged: it is not JSON'],
    ['{"a":1}\n', ':3 is damaged: it is not an event'],
    [`${JSON.stringify(event(3))}\n`, ':3 is damaged: it is event 3, and event 2 was to come'],
  ] as const) {
    await writeFile(pathOf('r1'), whole + damage + `${JSON.stringify(event(3))}\n`);
    const failure = await readJournal(state, 'r1').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'invalid-journal', message: pathOf('r1') + why });
  }
});

test('none, not one, of another format: each says so', async () => {
  await expect(readJournal(state, 'r9')).rejects.toMatchObject({ code: 'file-not-found' });
  await openJournal(state, 'r1', about).close?.();
  const whole = await readFile(pathOf('r1'), 'utf8');
  await writeFile(pathOf('r1'), whole.replace('"journal":2', '"journal":3'));
  await expect(readJournal(state, 'r1')).rejects.toThrow('has format 3; this version knows 2');
  await writeFile(pathOf('r1'), '{"a":1}\n');
  await expect(readJournal(state, 'r1')).rejects.toThrow('is not a journal');
});

test('a journal that cannot be begun throws', async () => {
  await writeFile(join(state, 'file'), '');
  expect(() => openJournal(join(state, 'file'), 'r1', about)).toThrow('ENOTDIR');
});
