import { describe, expect, test } from 'vitest';
import type { InventoryHost } from '../../src/core/inventory.ts';
import type { LoginTemplates } from '../../src/core/plan.ts';
import { readCommand } from '../../src/core/read-command.ts';
import { run } from '../../src/runner/run.ts';
import {
  acts,
  eventsOf,
  guardOf,
  lit,
  looks,
  plan,
  play,
  promote,
  task,
  type WorldMore,
  world,
} from '../support/world.ts';

const look = readCommand(['cat', '/etc/hostname']);
const become: LoginTemplates = { become: lit(true) };
const as = (user: string): LoginTemplates => ({ ...become, becomeUser: lit(user) });

/** The ways in which hosts were connected to, in order. */
async function waysOf(steps: Parameters<typeof play>[0], more: WorldMore = {}) {
  const ways: string[] = [];
  const connect = async ({ name, user, port, connection, become: other }: InventoryHost) => {
    ways.push([name, connection, user, port, other && `becomes ${other.user}`].filter(Boolean).join(' '));
    return {
      execute: async () => ({ code: 0, stdout: '', stderr: '', durationMs: 1 }),
      readFile: async () => undefined,
      writeFile: async () => {},
      close: async () => {},
    };
  };
  const outside = world({ hosts: ['node001', 'node002'], options: { yes: true }, ...more, connect });
  const { outcome } = await run(plan(play(steps)), outside.deps);
  return { ways, outcome, events: outside.events };
}

const reads = looks(async probe => {
  await probe.read(look);
  await probe.peer('node002').read(look);
  return {};
});

describe('a login', () => {
  test('is a connection of its own, which later tasks share; peers are reached as the same user', async () => {
    const login = { ...as('etcd'), user: lit('admin'), port: lit(2222), becomeFlags: lit('-H -E') };
    const { ways } = await waysOf([task(reads), task(reads, { login }), task(reads, { login })]);
    expect(ways).toEqual([
      'node001 ssh',
      'node002 ssh',
      'node001 ssh admin 2222 becomes etcd',
      'node002 ssh admin becomes etcd',
    ]);
  });

  test('with connection: local is this machine, by its name in the inventory', async () => {
    const { ways, events } = await waysOf([
      task(
        looks(async probe => ({ out: await probe.read(look) })),
        { login: { connection: 'local' } },
      ),
    ]);
    expect(ways).toEqual(['node001 local']);
    expect(eventsOf(events, 'ended')[0]?.where).toMatchObject({ on: 'node001', as: { connection: 'local' } });
  });

  test('that is none is a failure before anything is asked', async () => {
    const { ways, outcome } = await waysOf([task(reads, { login: as('-x; reboot') })]);
    expect({ ways, outcome }).toEqual({ ways: [], outcome: 'failed' });
  });

  test('goes into the journal with the change, so that a resume settles what was left running there', async () => {
    const act = acts(async () => ({}));
    const { events } = await waysOf([task(act, { login: become })]);
    const [changing] = eventsOf(events, 'changing');
    expect(changing?.where.as).toEqual({ become: { user: 'root', flags: ['-H'] } });
    const where = {
      ...changing?.where,
      task: 't9',
      name: 'x',
      module: 'acts',
      host: 'node001',
      on: 'node001',
      within: [],
    };
    const recall = { begunAtMs: 0, ended: [], underWay: [{ where, changes: [], begunAtMs: 0 }] };
    const ways: string[] = [];
    const outside = world();
    await run(plan(play([task(looks(async () => ({})))])), {
      ...outside.deps,
      recall,
      connect: async (host, signal) => {
        ways.push(`${host.name} becomes ${host.become?.user}`);
        return await outside.deps.connect(host, signal);
      },
    });
    expect(ways).toEqual(['node001 becomes root']);
  });
});

describe('a guard looks', () => {
  const risky = acts(async () => ({}), { weighed: true, risks: () => [promote] });

  test.each([
    ['as root where the task becomes root', become, 'node001 ssh becomes root'],
    ['as who logs in where the task becomes somebody else', as('etcd'), 'node001 ssh'],
  ])('%s', async (_name, login, wanted) => {
    const { judge, ...rest } = guardOf('safe');
    const guard: typeof rest & { judge: typeof judge } = {
      ...rest,
      judge: async (risk, context) => {
        await context.probe.read(look);
        return await judge(risk, context);
      },
    };
    const { ways } = await waysOf([task(risky, { login })], { guard });
    expect(ways).toEqual([wanted]);
  });

  test('as root at the members before and after, where a task becomes root', async () => {
    const guard = {
      ...guardOf('safe'),
      membership: async (probe: { read(command: typeof look): Promise<unknown> }) => {
        await probe.read(look);
        return undefined;
      },
    };
    const { ways } = await waysOf([task(risky, { login: become })], { guard, groups: { etcd: ['node002'] } });
    expect(ways[0]).toBe('node002 ssh becomes root');
  });
});
