// What it costs to show a run of a thousand tasks on ten hosts: `node bench/views.ts`.
import type { RunEvent, Where } from '../src/core/event.ts';
import { jsonView } from '../src/views/json.ts';
import { plainView } from '../src/views/plain.ts';
import { terminalView } from '../src/views/terminal.ts';
import { realClock } from '../test/support/real-clock.ts';

const TASKS = 1_000;
const HOSTS = Array.from({ length: 10 }, (_, i) => `node${String(i + 1).padStart(3, '0')}`);

function* events(): Generator<RunEvent> {
  yield { type: 'play-started', play: 'p', name: 'Bench', hosts: HOSTS };
  for (let i = 0; i < TASKS; i += 1) {
    const name = `Task ${i}`;
    yield { type: 'task-started', task: `t${i}`, name, module: 'm', within: [], hosts: HOSTS };
    for (const host of HOSTS) {
      const where: Where = { task: `t${i}`, name, module: 'm', host, on: host, within: [] };
      yield { type: 'progress', where, progress: { text: 'half-way', fraction: 0.5 } };
      yield { type: 'ended', where, status: 'changed', durationMs: 1, changes: [], result: {} };
    }
  }
}

let written = 0;
const write = (text: string) => {
  written += text.length;
};
const makers = {
  json: () => jsonView(write),
  plain: () => plainView(write),
  terminal: () => terminalView({ columns: 120, write }, { colour: true, clock: realClock }),
};
for (const [name, make] of Object.entries(makers)) {
  written = 0;
  const before = process.cpuUsage();
  const view = make();
  let sequence = 0;
  for (const event of events()) {
    sequence += 1;
    view.event({ ...event, sequence, atMs: Date.now() });
    // A real run gives the event loop its turn between events.
    if (sequence % 5 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  await view.close?.();
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(2);
  console.log(`${name.padEnd(9)} ${seconds} s CPU for ${TASKS} tasks on ${HOSTS.length} hosts, ${written} characters`);
}
