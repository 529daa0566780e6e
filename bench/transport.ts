// A `/bin/true` by each way to a host, against an sshd on 127.0.0.1: `node bench/transport.ts`. Read the ratios; the far
// end runs on this machine too.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { openLocal } from '../src/transports/local.ts';
import { openSsh } from '../src/transports/ssh.ts';
import { realClock } from '../test/support/real-clock.ts';
import { startSshd } from '../test/support/sshd.ts';

const ROUNDS = 200;
const COLD_ROUNDS = 10;

const sshd = await startSshd();
const directory = mkdtempSync('/tmp/quorate-bench-');
const common = { clock: realClock, environment: process.env };
const sshArgs = sshd.args.ordinary;
const { signal } = new AbortController();
const plain = [...sshArgs, '-p', String(sshd.host.port), '-o', 'BatchMode=yes'];
const shared = [...plain, '-o', `ControlPath=${join(directory, 'm')}`];
await execa('ssh', ['-fN', '-o', 'ControlMaster=yes', ...shared, '127.0.0.1'], { stdio: 'ignore' });
const here = await openLocal({ name: 'here' }, 'bench', common);
const there = await openSsh(sshd.host, 'bench', { ...common, sshArgs });

let count = 0;
const job = () => {
  count += 1;
  return { id: `b${count}`, argv: ['true'], signal };
};
const ways: Record<string, { rounds: number; run(): Promise<unknown> }> = {
  'a process, here': { rounds: ROUNDS, run: () => execa('true') },
  'a job over a channel, here': { rounds: ROUNDS, run: () => here.execute(job()) },
  'ssh, a connection each': { rounds: COLD_ROUNDS, run: () => execa('ssh', [...plain, '127.0.0.1', 'true']) },
  'ssh, one connection': { rounds: ROUNDS, run: () => execa('ssh', [...shared, '127.0.0.1', 'true']) },
  'a job over a channel, through ssh': { rounds: ROUNDS, run: () => there.execute(job()) },
};

const tookMs = new Map<string, number[]>(Object.keys(ways).map(name => [name, []]));
// Interleaved, so that what else goes on meets all alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, { rounds, run }] of Object.entries(ways)) {
    if (round % Math.ceil(ROUNDS / rounds) !== 0) continue;
    const beganMs = performance.now();
    await run();
    tookMs.get(name)?.push(performance.now() - beganMs);
  }
}
const percentile = (all: readonly number[], share: number) =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length * share)] ?? 0;
const base = percentile(tookMs.get('a job over a channel, through ssh') ?? [], 0.5);
for (const [name, all] of tookMs) {
  const median = percentile(all, 0.5);
  const cells = [
    `${median.toFixed(1)} ms`,
    `p95 ${percentile(all, 0.95).toFixed(1)} ms`,
    `×${(median / base).toFixed(1)}`,
  ];
  console.log(name.padEnd(36) + cells.map(cell => cell.padStart(14)).join(''));
}

await Promise.all([here.close(), there.close()]);
await execa('ssh', ['-O', 'exit', ...shared, '127.0.0.1'], { stdio: 'ignore', reject: false });
sshd.stop();
rmSync(directory, { recursive: true, force: true });
