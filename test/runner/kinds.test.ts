import { describe, expect, test } from 'vitest';
import { readCommand } from '../../src/core/read-command.ts';
import { acts, args, brings, eventsOf, looks, ref, runSteps, says, setsFacts, task } from '../support/world.ts';

describe('the four kinds', () => {
  test('all four, on a host that is asked through its connection', async () => {
    const state = { value: 'old' };
    const { ends, outcome, jobs, closed, events } = await runSteps(
      [
        task(
          looks(async probe => ({ said: (await probe.read(readCommand(['hostname']))).stdout }), {}),
          { name: 'look', register: 'seen' },
        ),
        task(brings(state, 'new'), { name: 'bring', register: 'brought' }),
        task(brings(state, 'new'), { name: 'bring again' }),
        task(
          acts(async host => ({ rc: (await host.run(['systemctl', 'restart', 'x'])).code })),
          { name: 'act', register: 'acted' },
        ),
        task(setsFacts, { name: 'note', args: args({ kept: ref('seen.said') }) }),
        task(says, { name: 'say', args: args({ msg: ref('kept') }) }),
      ],
      { execute: async (_host, job) => ({ code: 0, stdout: `out of ${job.argv[0]}`, stderr: '', durationMs: 1 }) },
    );
    expect(ends).toEqual([
      'look@node001 ok',
      'bring@node001 changed',
      'bring again@node001 ok',
      'act@node001 changed',
      'note@node001 ok',
      'say@node001 ok',
    ]);
    expect(outcome).toBe('done');
    expect(jobs.map(({ host, job }) => [host, ...job.argv])).toEqual([
      ['node001', 'hostname'],
      ['node001', 'systemctl', 'restart', 'x'],
    ]);
    expect(new Set(jobs.map(({ job }) => job.id)).size).toBe(2);
    expect(eventsOf(events, 'ended').at(-1)?.text).toBe('out of hostname');
    expect(closed).toEqual(['node001']);
    expect(eventsOf(events, 'run-ended')[0]?.totals).toEqual({
      node001: { ok: 4, changed: 2, skipped: 0, failed: 0, ignored: 0, unreachable: 0, unknown: 0 },
    });
  });
});
