import { describe, expect, test } from 'vitest';
import { Failure, Unreachable } from '../../src/core/failure.ts';
import { readCommand } from '../../src/core/read-command.ts';
import { args, eventsOf, lit, looks, runSteps, task } from '../support/world.ts';

describe('probes', () => {
  test('peers are asked over their own connections, groups come from the inventory', async () => {
    const module = looks(async probe => {
      await probe.peer('b').read(readCommand(['hostname']));
      await probe
        .peer('b')
        .peer('c')
        .read(readCommand(['id']));
      return { groups: [probe.group('etcd'), probe.group('none')] };
    });
    const { jobs, events, closed } = await runSteps([task(module)], {
      hosts: ['a', 'b', 'c'],
      groups: { etcd: ['b', 'c'] },
      play: { hosts: ['a'] },
    });
    expect(jobs.map(({ host, job }) => [host, ...job.argv])).toEqual([
      ['b', 'hostname'],
      ['c', 'id'],
    ]);
    expect(eventsOf(events, 'ended')[0]?.result).toMatchObject({ groups: [['b', 'c'], []] });
    expect(closed).toEqual(['b', 'c']);
  });

  test('what was found out once is kept for the run, by host; a failure is not', async () => {
    let computed = 0;
    const memo = looks(async probe => ({
      value: await probe.memo('version', async () => {
        computed += 1;
        if (computed === 1) throw new Failure('timed-out', 'slow');
        return `${probe.name} ${computed}`;
      }),
    }));
    const step = () => task(memo, { ignoreErrors: lit(true) });
    const { events } = await runSteps([step(), step(), step()], { hosts: ['a'], play: { hosts: ['a'] } });
    expect(eventsOf(events, 'ended').map(event => [event.status, (event.result as { value?: string }).value])).toEqual([
      ['ignored', undefined],
      ['ok', 'a 2'],
      ['ok', 'a 2'],
    ]);
  });

  test('progress is told with where it belongs', async () => {
    const module = looks(async probe => {
      probe.progress({ text: 'half', fraction: 0.5 });
      return {};
    });
    const { events } = await runSteps([task(module, { name: 't' })]);
    expect(eventsOf(events, 'progress')).toMatchObject([
      { where: { name: 't' }, progress: { text: 'half', fraction: 0.5 } },
    ]);
  });

  test('a connection that cannot be closed does not spoil the end', async () => {
    const { outcome } = await runSteps([task(looks(async probe => ({ out: await probe.readFile('/x') })))], {
      connect: async () => ({
        execute: async () => {
          throw new Unreachable('a', 'x');
        },
        readFile: async () => undefined,
        writeFile: async () => {},
        close: async () => {
          throw new Error('broken');
        },
      }),
    });
    expect(outcome).toBe('done');
  });

  test('a host that is still being dialled at the end is given up', async () => {
    const { outcome } = await runSteps(
      [
        task(
          looks(async probe => {
            void probe
              .peer('b')
              .readFile('/x')
              .catch(() => undefined);
            return {};
          }),
        ),
      ],
      {
        hosts: ['a', 'b'],
        play: { hosts: ['a'] },
        connect: (host, signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Unreachable(host.name, 'given up')));
          }),
      },
    );
    expect(outcome).toBe('done');
  });

  test('the local files that a task names are read before each try, from the first folder that has them', async () => {
    const localFiles: Record<string, string> = { 'site/x.conf': 'one' };
    const reads = looks(
      async ({ files }) => {
        const { path = '', bytes } = files.get('src') ?? {};
        return { path, text: new TextDecoder().decode(bytes) };
      },
      { localFiles: ({ src }) => (typeof src === 'string' ? { src } : {}) },
    );
    const step = (src: string) =>
      task(reads, { args: args({ src }), folders: ['site/files', 'site'], ignoreErrors: lit(true) });
    const { events } = await runSteps([step('x.conf'), step('gone.conf')], { localFiles });
    expect(eventsOf(events, 'ended').map(({ status, result, error }) => [status, result, error?.code])).toMatchObject([
      ['ok', { path: 'site/x.conf', text: 'one' }, undefined],
      ['ignored', {}, 'file-not-found'],
    ]);
  });

  test('hosts are found by their names and addresses; what looks remember lasts for the run', async () => {
    const module = looks(async probe => {
      const had = [...probe.sightings.silent];
      probe.peer('b').sightings.silent.add('x');
      return { had, found: ['b', '10.0.0.b', '10.0.0.9'].map(name => probe.hostAt(name) ?? '') };
    });
    const { events } = await runSteps([task(module), task(module)], { hosts: ['a', 'b'], play: { hosts: ['a'] } });
    expect(eventsOf(events, 'ended').map(event => event.result)).toMatchObject([
      { had: [], found: ['b', 'b', ''] },
      { had: ['x'], found: ['b', 'b', ''] },
    ]);
  });
});
