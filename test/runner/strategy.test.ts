import { describe, expect, test } from 'vitest';
import { run } from '../../src/runner/run.ts';
import { acts, block, expr, fails, lit, looks, notes, plan, play, task, world } from '../support/world.ts';

const hosts = ['node001', 'node002', 'node003'];
const onlyOn = (host: string) => expr(scope => scope.get('inventory_hostname') === host);
const base = { span: lit(null).span, when: [], vars: new Map(), tags: [] };
const end = (of: 'host' | 'batch' | 'play', when = [lit(true)]) => ({
  ...base,
  kind: 'end' as const,
  id: 'e',
  of,
  when,
});

async function logOf(
  steps: (log: string[]) => Parameters<typeof play>[0],
  more: Parameters<typeof play>[1] = {},
  forks = 10,
) {
  const log: string[] = [];
  const outside = world({ hosts, options: { forks } });
  const { outcome } = await run(plan(play(steps(log), { hosts, ...more })), outside.deps);
  return { log, outcome };
}

describe('free', () => {
  test('a host that waits keeps no other one back', async () => {
    const done = Promise.withResolvers<void>();
    const waits = looks(async probe => {
      if (probe.name === 'node001') await done.promise;
      return {};
    });
    const last = (log: string[]) =>
      looks(async probe => {
        log.push(probe.name);
        if (probe.name === 'node003') done.resolve();
        return {};
      });
    const { log } = await logOf(log => [task(waits), task(last(log))], { free: true });
    expect(log).toEqual(['node002', 'node003', 'node001']);
  });

  test('at most so many hosts are under way as there are forks', async () => {
    const { log } = await logOf(log => [task(notes(log, 'a')), task(notes(log, 'b'))], { free: true }, 1);
    expect(log).toEqual(hosts.flatMap(host => [`a@${host}`, `b@${host}`]));
  });

  test('too many failed hosts end the others too', async () => {
    const steps = (log: string[]) => [task(fails, { when: [onlyOn('node001')] }), task(notes(log, 'a'))];
    const { log, outcome } = await logOf(steps, { free: true, maxFailPercentage: 0 }, 1);
    expect({ log, outcome }).toEqual({ log: [], outcome: 'failed' });
  });
});

describe('meta', () => {
  test.each([
    ['host', 'node002', ['b@node001', 'b@node003']],
    ['batch', 'node002', ['b@node001', 'b@node002', 'b@node003']],
    ['batch', 'node001', []],
    ['play', 'node001', []],
  ] as const)(
    'end_%s, its condition true on %s: leaves out what comes after it, and handlers are done',
    async (of, host, wanted) => {
      const handled: string[] = [];
      const steps = (log: string[]) => [
        task(
          acts(async () => ({})),
          { notify: ['h0'] },
        ),
        block([end(of, [onlyOn(host)])], { always: [] }),
        task(notes(log, 'b')),
      ];
      const { log, outcome } = await logOf(steps, { handlers: [task(notes(handled, 'h'), { id: 'h0' })] }, 1);
      expect({ log, outcome }).toEqual({ log: wanted, outcome: 'done' });
      expect(handled).toEqual(hosts.map(one => `h@${one}`));
    },
  );

  test('end_play leaves out the batches after it too', async () => {
    const { log } = await logOf(log => [task(notes(log, 'a')), end('play')], { serial: [{ hosts: 1 }] });
    expect(log).toEqual(['a@node001']);
  });
});
