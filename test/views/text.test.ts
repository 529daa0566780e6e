import { describe, expect, test } from 'vitest';
import type { RunEvent, StampedEvent, View } from '../../src/core/event.ts';
import { renderCourse } from '../../src/views/course.ts';
import { jsonView } from '../../src/views/json.ts';
import { renderMembership } from '../../src/views/membership.ts';
import { painter } from '../../src/views/paint.ts';
import { plainView } from '../../src/views/plain.ts';
import {
  goodRun,
  halfWay,
  refuses,
  single,
  stamped,
  standing,
  stoppedRun,
  three,
  where,
} from '../support/run-events.ts';

function shown(make: (write: (text: string) => void) => View, events: readonly StampedEvent[]): string {
  let text = '';
  const view = make(t => {
    text += t;
  });
  for (const event of events) view.event(event);
  return text;
}

const plain = (...events: RunEvent[]) => shown(plainView, stamped(events));
const looked = where('look');

describe('plain lines', () => {
  test('of a run that comes to its goal', async () => {
    await expect(shown(plainView, stamped(goodRun))).toMatchFileSnapshot('expected/plain-good.txt');
  });

  test('of a run that is stopped say what was done, what was under way, what is now, what to type', async () => {
    await expect(shown(plainView, stamped(stoppedRun))).toMatchFileSnapshot('expected/plain-stopped.txt');
  });

  test('of a failure have its code, place and hint', () => {
    const error = {
      code: 'no-quorum',
      message: 'no quorum:\nnode002 is down',
      place: 'x.yml:12:7',
      hint: 'start it',
    } as const;
    const ended = { durationMs: 5, changes: [], result: {} };
    expect(plain({ type: 'ended', where: looked, status: 'failed', error, ...ended })).toBe(
      [
        '10:42:15 failed      headnode: look (5ms)',
        '                     no quorum:',
        '                     node002 is down [no-quorum] at x.yml:12:7',
        '                     → start it',
        '',
      ].join('\n'),
    );
  });

  test('hold no escape sequences of a host', () => {
    const text = plain({
      type: 'ended',
      where: { ...looked, name: 'a\u001b[2Jb\nc' },
      status: 'ok',
      text: '\u001b]0;title\u0007red \u001b[31mtext\u001b[0m\rover\n\nnext\u0000',
      durationMs: 0,
      changes: [],
      result: {},
    });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('ab c');
    expect(text).toContain('red textover');
  });

  test('tell progress only every ten seconds an execution', () => {
    const progress = (n: number): RunEvent => ({ type: 'progress', where: looked, progress: { text: `at ${n}` } });
    const events = Array.from({ length: 25 }, (_, i) => progress(i));
    expect(shown(plainView, stamped(events)).match(/at \d+/g)).toEqual(['at 0', 'at 10', 'at 20']);
  });

  test('name the rounds and the delegation', () => {
    const far = where('Stop etcd', { on: 'node002', within: ['round one'], item: 'x' });
    expect(plain({ type: 'retry', where: far, attempt: 1, attempts: 3, waitMs: 5_000, because: 'it\nruns' })).toBe(
      '10:42:15 retry       headnode on node002: try 1 of 3 failed; the next one in 5s: it runs\n',
    );
    expect(plain({ type: 'ended', where: far, status: 'ok', durationMs: 61_000, changes: [], result: {} })).toBe(
      '10:42:15 ok          headnode on node002: Stop etcd (round one, x) (1m 1s)\n',
    );
  });
});

test('the end of a check says what would be changed', () => {
  const totals = { h: { ok: 0, changed: 2, skipped: 0, failed: 0, ignored: 0, unreachable: 0, unknown: 1 } };
  const text = plain(
    { type: 'run-started', run: 'r', playbook: 'p.yml', check: true, inputs: {}, hosts: ['h'] },
    { type: 'run-ended', outcome: 'done', durationMs: 900, totals, next: [] },
  );
  expect(text).toContain('only looking (check mode)');
  expect(text).toMatch(/\ndone after 900ms: 2 changes would be made\n$/);
});

test('a change that was stopped is told as not seen, and not as a failure', () => {
  const error = { code: 'interrupted', message: 'it was stopped' } as const;
  const text = plain(
    { type: 'changing', where: looked, changes: [{ what: 'w' }] },
    { type: 'ended', where: looked, status: 'failed', durationMs: 1, changes: [], result: {}, error },
    { type: 'run-ended', outcome: 'interrupted', durationMs: 900, totals: {}, next: [], error },
  );
  expect(text.slice(text.indexOf('under way'))).toBe(
    `under way, its outcome not seen:
  look, headnode

it was stopped [interrupted]

INTERRUPTED after 900ms: 1 change under way, its outcome not seen
`,
  );
  expect(text).not.toContain('nothing was changed');
});

test('a loop that changed something is told once, by its items', () => {
  const item = { ...looked, item: 'one' };
  const ended = { type: 'ended', status: 'changed', durationMs: 1, changes: [{ what: 'w' }], result: {} } as const;
  const end = { type: 'run-ended', outcome: 'failed', durationMs: 1, totals: {}, next: [] } as const;
  const text = plain({ ...ended, where: item }, { ...ended, where: looked }, end);
  expect(text.slice(text.indexOf('done:'))).toBe(
    'done:\n  look (one), headnode\n    w\n\nFAILED after 1ms: nothing was changed\n',
  );
});

test('JSON lines are the events', () => {
  const events = stamped(goodRun);
  const lines = shown(jsonView, events).trimEnd().split('\n');
  expect(lines.map(line => JSON.parse(line))).toEqual(events);
  expect(lines[1]).toMatch(/^\{"type":"membership","moment":"before".*"sequence":2,"atMs":1795430536000\}$/);
});

describe('the membership', () => {
  test.each([
    ['single', single],
    ['three', three],
    ['half-way', halfWay],
  ])('%s', async (name, view) => {
    await expect(renderMembership(view)).toMatchFileSnapshot(`expected/membership-${name}.txt`);
  });

  test('without quorum says so, in red where there is colour', () => {
    const text = renderMembership({ ...three, standing: standing(3, 1) }, painter(true));
    expect(text).toContain(
      '3 voters\u001b[31m (1 healthy)\u001b[0m, 0 learners; quorum 2; \u001b[31mno quorum\u001b[0m',
    );
  });
});

describe('the course', () => {
  const step = { task: 't', name: '5.1 Remove node002', within: [], host: 'headnode', verdict: refuses };

  test('says how a refusal is overridden, within the width', async () => {
    const text = renderCourse([step], { columns: 60 });
    await expect(text).toMatchFileSnapshot('expected/course-refused.txt');
  });

  test('of several hosts names them, and breaks long steps where the terminal is narrow', async () => {
    const long = { ...step, name: '6.3 Start node002 through the overlay kube-default-etcd-learners', host: 'other' };
    await expect(renderCourse([step, long], { columns: 80 })).toMatchFileSnapshot('expected/course-hosts.txt');
  });

  test('of a cluster that could not be seen shows no numbers', () => {
    const { before: _, after: __, ...unseen } = refuses;
    const text = renderCourse([{ ...step, verdict: unseen }]);
    expect(text).not.toContain('as it is now');
    expect(text).toMatch(/node002 +\? +\? +\? +\? {2}refused\n/);
  });
});
