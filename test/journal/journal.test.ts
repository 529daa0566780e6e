import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StampedEvent } from '../../src/core/event.ts';
import { readJournal } from '../../src/journal/read.ts';
import { openJournal } from '../../src/journal/write.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'quorate-journal-'));
});
afterEach(async () => {
  await rm(state, { recursive: true });
});

const event = (sequence: number): StampedEvent => ({ type: 'warning', message: `no. ${sequence}`, sequence, atMs: 1 });

test('what was written is read back, in order', async () => {
  const journal = openJournal(state, 'r1', { user: 'root' });
  journal.event(event(1));
  journal.event(event(2));
  // Before it is closed: each line is in the file when `event` returns.
  expect(await readJournal(state, 'r1')).toEqual({
    header: { journal: 1, run: 'r1', about: { user: 'root' } },
    events: [event(1), event(2)],
    torn: false,
  });
  await journal.close?.();
  await journal.close?.();
  expect(journal.folder).toBe(join(state, 'runs', 'r1'));
});

test('only its owner may read it', async () => {
  const journal = openJournal(state, 'r1');
  expect(((await stat(join(journal.folder, 'journal.jsonl'))).mode & 0o777).toString(8)).toBe('600');
  expect(((await stat(journal.folder)).mode & 0o777).toString(8)).toBe('700');
  await journal.close?.();
});

test('a journal is never written over', async () => {
  await openJournal(state, 'r1').close?.();
  expect(() => openJournal(state, 'r1')).toThrow('EEXIST');
});

test('a torn last line is left out and told; a torn line before it is an error', async () => {
  const journal = openJournal(state, 'r1');
  journal.event(event(1));
  const path = join(journal.folder, 'journal.jsonl');
  await appendFile(path, '{"type":"warn');
  expect(await readJournal(state, 'r1')).toMatchObject({ events: [event(1)], torn: true });
  await appendFile(path, '\n');
  await expect(readJournal(state, 'r1')).rejects.toThrow(`${path}:3 is not a line of a journal`);
  await journal.close?.();
});

test('none, not one, of a newer version: each says so', async () => {
  await expect(readJournal(state, 'r9')).rejects.toMatchObject({ code: 'file-not-found' });
  const journal = openJournal(state, 'r1');
  await journal.close?.();
  const path = join(journal.folder, 'journal.jsonl');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"journal":1', '"journal":2'));
  await expect(readJournal(state, 'r1')).rejects.toThrow('has format 2; this version knows 1');
  await writeFile(path, '{"a":1}\n');
  await expect(readJournal(state, 'r1')).rejects.toThrow('is not a journal');
});

test('a journal that cannot be begun throws', async () => {
  await writeFile(join(state, 'file'), '');
  expect(() => openJournal(join(state, 'file'), 'r1')).toThrow('ENOTDIR');
});
