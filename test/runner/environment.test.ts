import { expect, test } from 'vitest';
import { readCommand } from '../../src/core/read-command.ts';
import { run } from '../../src/runner/run.ts';
import { acts, ends, guardOf, lit, looks, plan, play, promote, ref, task, world } from '../support/world.ts';

const environment = [lit({ A: 'play', B: 'play' }), lit({ B: 'task', ETCDCTL_ENDPOINTS: 'elsewhere' })];
const look = readCommand(['cat', '/etc/hostname']);

async function jobsOf(...steps: Parameters<typeof play>[0]) {
  const outside = world({ options: { yes: true } });
  await run(plan(play(steps)), outside.deps);
  return outside.jobs.map(({ job }) => [job.argv[0], job.environment ?? {}]);
}

test('what a module reads and runs has the variables, the nearest of each name; its own are nearer', async () => {
  const reads = looks(async probe => {
    await probe.read(look);
    return {};
  });
  const runs = acts(async host => {
    await host.run(['one']);
    await host.run(['two'], { environment: { B: 'module' } });
    return {};
  });
  expect(await jobsOf(task(reads, { environment }), task(runs, { environment }), task(runs))).toEqual([
    ['cat', { A: 'play', B: 'task' }],
    ['one', { A: 'play', B: 'task' }],
    ['two', { A: 'play', B: 'module' }],
    ['one', {}],
    ['two', { B: 'module' }],
  ]);
});

test("etcdctl's variables reach only the commands that a playbook writes out", async () => {
  const writes = acts(
    async host => {
      await host.run(['one']);
      return {};
    },
    { freeForm: 'cmd' },
  );
  expect(await jobsOf(task(writes, { environment }))).toEqual([
    ['one', { A: 'play', B: 'task', ETCDCTL_ENDPOINTS: 'elsewhere' }],
  ]);
});

test('a guard looks without them', async () => {
  const guard = guardOf('safe');
  const outside = world({ guard, options: { yes: true } });
  const risky = acts(async () => ({}), { weighed: true, risks: () => [promote] });
  await run(plan(play([task(risky, { environment })])), outside.deps);
  for (const { probe } of guard.contexts) await probe.read(look);
  expect(outside.jobs.map(({ job }) => job.environment)).toEqual(guard.contexts.map(() => undefined));
  expect(guard.contexts.length).toBeGreaterThan(0);
});

test('in check mode a variable that is not known leaves the task open', async () => {
  const outside = world({ options: { check: true } });
  const first = task(
    acts(async () => ({})),
    { register: 'made' },
  );
  const second = task(
    looks(async () => ({})),
    { environment: [ref('made')] },
  );
  await run(plan(play([first, second])), outside.deps);
  expect(ends(outside.events)).toEqual(['acts@node001 unknown', 'looks@node001 unknown']);
});
