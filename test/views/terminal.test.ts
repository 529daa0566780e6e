import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import { terminalView } from '../../src/views/terminal.ts';
import { HandClock } from '../support/hand-clock.ts';
import { goodRun, promotes, stamped, stoppedRun, where } from '../support/run-events.ts';
import { FakeTerminal } from '../support/screen.ts';

const BEGIN_MS = Date.UTC(2026, 10, 23, 10, 42, 15);

function start(options: { columns?: number; colour?: boolean; unicode?: boolean } = {}) {
  const { columns = 80, colour = false, unicode = true } = options;
  const terminal = new FakeTerminal(columns);
  const clock = new HandClock(BEGIN_MS);
  const view = terminalView(terminal, { colour, clock, unicode });
  let sequence = 0;
  const send = async (...events: RunEvent[]) => {
    for (const event of events) {
      sequence += 1;
      view.event({ ...event, sequence, atMs: clock.now() });
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  return { terminal, clock, view, send };
}

const play = (...hosts: string[]): RunEvent => ({ type: 'play-started', play: 'p', name: 'Play', hosts });
const begun = (name: string, ...hosts: string[]): RunEvent => ({ type: 'task-started', ...where(name), hosts });
const ended = { type: 'ended', status: 'ok', durationMs: 300, changes: [], result: {} } as const;

describe('the last frame', () => {
  test.each([
    ['good', goodRun],
    ['stopped', stoppedRun],
  ])('of a %s run', async (name, run) => {
    const { terminal, clock, view } = start({ columns: 100 });
    for (const event of stamped(run)) {
      view.event(event);
      await clock.advance(1_000);
    }
    await view.close();
    await expect(terminal.text).toMatchFileSnapshot(`expected/terminal-${name}.txt`);
    expect(clock.sleepers).toBe(0);
  });

  test('is the same where all events come at once', async () => {
    const { terminal, view } = start({ columns: 100 });
    for (const event of stamped(goodRun)) view.event(event);
    await view.close();
    await expect(terminal.text).toMatchFileSnapshot('expected/terminal-good.txt');
  });

  test('has no letters outside ASCII where the terminal has none, but for the course', async () => {
    const { terminal, view, send } = start({ unicode: false });
    await send(play('a'), begun('look', 'a'), { ...ended, where: where('look', { host: 'a' }) });
    await send(begun('wait', 'a'), {
      type: 'progress',
      where: where('wait', { host: 'a' }),
      progress: { text: 'x', fraction: 0.5 },
    });
    await view.close();
    expect(terminal.text).toMatch(/^[\n -~]*$/);
  });
});

describe('a frame on the way', () => {
  test('shows what is waited for, how far it is, and for how long', async () => {
    const { terminal, clock, send } = start();
    await send(play('headnode'), begun('6.4 node002 is in sync', 'headnode'));
    const progress = { text: 'node002 is 812 revisions behind', fraction: 0.5 };
    await send({ type: 'progress', where: where('6.4 node002 is in sync'), progress });
    await clock.advance(12_000);
    await expect(terminal.text).toMatchFileSnapshot('expected/terminal-waiting.txt');
  });

  test('counts down to the next try', async () => {
    const { terminal, clock, send } = start();
    await send(play('headnode'), begun('look', 'headnode'));
    await send({ type: 'retry', where: where('look'), attempt: 1, attempts: 3, waitMs: 5_000, because: 'not there' });
    await clock.advance(2_000);
    expect(terminal.text).toContain('    not there; try 2 of 3 in 3s\n');
  });

  test('shows how long an effect is waited for', async () => {
    const { terminal, clock, send } = start();
    await send(play('headnode'), begun('look', 'headnode'));
    await clock.advance(7_000);
    await send({ type: 'settling', where: where('look'), limitMs: 300_000 });
    await clock.advance(3_000);
    expect(terminal.text).toMatch(/look +10s\n {4}waiting for its effect, at most 5m: 3s\n/);
  });

  test('shows of several hosts those that are not done', async () => {
    const { terminal, clock, send } = start();
    await send(play('a', 'b', 'c'), begun('look', 'a', 'b', 'c'));
    await send({ ...ended, where: where('look', { host: 'b' }) });
    await clock.advance(1_000);
    await expect(terminal.text).toMatchFileSnapshot('expected/terminal-several.txt');
  });

  test('does not grow with many hosts, nor beyond the width', async () => {
    const hosts = Array.from({ length: 50 }, (_, i) => `host-with-a-rather-long-name-${i}`);
    const { terminal, clock, send } = start({ columns: 40 });
    await send(begun('a task with a name that does not fit into the width', ...hosts));
    await clock.advance(80);
    const lines = terminal.text.split('\n');
    expect(lines.length).toBeLessThan(21);
    expect(lines.slice(0, -2).every(line => [...line].length < 40)).toBe(true);
    expect(terminal.text).toContain('and 35 more lines');
  });
});

describe('a task that has ended', () => {
  test('on several hosts is one line, and one for each host that matters', async () => {
    const { terminal, view, send } = start();
    await send(play('a', 'b', 'c'), begun('look', 'a', 'b', 'c'));
    const error = { code: 'timed-out', message: 'took longer than 5 s', hint: 'look at it' } as const;
    await send(
      { ...ended, where: where('look', { host: 'a' }) },
      {
        ...ended,
        where: where('look', { host: 'b' }),
        status: 'changed',
        changes: [{ what: 'mode', before: '1', after: '2' }],
      },
      { ...ended, where: where('look', { host: 'c', on: 'd' }), status: 'failed', error },
    );
    await view.close();
    await expect(terminal.text).toMatchFileSnapshot('expected/terminal-ended-several.txt');
  });

  test('in a loop shows the rounds that matter', async () => {
    const { terminal, view, send } = start();
    const each = where('each');
    await send(play('headnode'), begun('each', 'headnode'));
    await send({ ...ended, where: { ...each, item: 'one' } });
    await send({ ...ended, where: { ...each, item: 'two' }, status: 'changed', changes: [{ what: 'w' }] });
    await send({ ...ended, where: each, status: 'changed', changes: [{ what: 'w' }] });
    await view.close();
    await expect(terminal.text).toMatchFileSnapshot('expected/terminal-loop.txt');
  });

  test('says its verdict where it is not simply safe, its text, and where it was delegated to', async () => {
    const { terminal, view, send } = start({ colour: true });
    const far = where('stop', { on: 'node002' });
    await send(play('headnode'), begun('stop', 'headnode'), { type: 'judged', where: far, verdict: promotes });
    await send({ ...ended, where: far, status: 'changed', text: 'two\nlines\u001b[2J' });
    await view.close();
    expect(terminal.text).toContain('stop \u001b[2m· on node002\u001b[0m');
    expect(terminal.text).toContain(
      '    \u001b[33mfragile: two voters need both of them\u001b[0m\n    two\n    lines\n',
    );
  });

  test('without having begun is shown all the same', async () => {
    const { terminal, view, send } = start();
    await send({ ...ended, where: where('left out', { host: 'a' }), status: 'skipped' });
    await view.close();
    expect(terminal.text).toMatch(/^ {2}○ left out · a +skipped\n$/);
  });
});

test('keeps still while a question is asked', async () => {
  const { terminal, clock, view, send } = start();
  await send(play('headnode'), begun('look', 'headnode'));
  await clock.advance(80);
  const answer = await view.quiet(async () => {
    expect(terminal.text).toBe('\nPlay  headnode\n');
    const { writes } = terminal;
    await clock.advance(1_000);
    await clock.advance(1_000);
    expect(terminal.writes).toBe(writes);
    return 'yes';
  });
  expect(answer).toBe('yes');
  await clock.advance(80);
  expect(terminal.text).toContain('look');
  await view.close();
});

test('that cannot be drawn fails with the next event, and nowhere else', async () => {
  const { terminal, view, send } = start();
  await send(play('headnode'), begun('look', 'headnode'));
  terminal.write = () => {
    throw new Error('no terminal any more');
  };
  await send({ ...ended, where: where('look') });
  await expect(send(begun('more', 'headnode'))).rejects.toThrow('no terminal any more');
  await view.close().catch(() => {});
});
