// How long the walk of `quorate plan --simulate` takes, without looking at hosts: `node bench/simulate.ts`. It should take less than
// a second. The cluster is one of the tests; the processor's time tells how much of a slow walk is the machine's being busy.
import { Remembered } from '../src/runner/remembered.ts';
import { run } from '../src/runner/run.ts';
import { simulate } from '../src/runner/simulate.ts';
import { NODE1, NODE2, NODE3 } from '../test/support/etcd-answers.ts';
import { simulatedWorld } from '../test/support/simulated-world.ts';

const three = [NODE1, NODE2, NODE3];
const scenes = [
  ['extend-to-three', [NODE1], { nodes: ['node001', 'node002', 'node003'] }],
  ['migrate-member', three, { from: 'node001', to: 'node004' }],
  ['add-member', [NODE1, NODE2], { node: 'node003' }],
  ['remove-member', three, { node: 'node003' }],
  ['preflight', three, {}],
] as const;

for (const [name, members, inputs] of scenes) {
  const { deps, planOf } = simulatedWorld({ members });
  const plan = await planOf(`${name}.yml`, inputs);
  const remembered = new Remembered(deps);
  await run(plan, { ...deps, connect: (host, signal) => remembered.connect(host, signal) });
  const before = process.cpuUsage();
  const report = await simulate(plan, deps, remembered, { stopwatch: () => performance.now() });
  const { user, system } = process.cpuUsage(before);
  await remembered.close();
  const cells = [
    `${report?.durationMs.toFixed(0)} ms`,
    `processor ${((user + system) / 1000).toFixed(0)} ms`,
    `${report?.boundaries} boundaries`,
    `${report?.states} states`,
  ];
  console.log(name.padEnd(20) + cells.map(cell => cell.padStart(18)).join(''));
}
