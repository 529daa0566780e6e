import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { powerOff } from '../../src/lab/hosts.ts';
import { thisMachine } from '../../src/lab/machine.ts';
import { labPaths } from '../../src/lab/paths.ts';
import type { HostRecord, LabRecord } from '../../src/lab/record.ts';

test('switching off what is off ends nobody who has the pid of its supervisor by now', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'quorate-power-'));
  const other = spawn('sleep', ['60']);
  await once(other, 'spawn');
  const machine = thisMachine({
    packageRoot: '/',
    environment: { PATH: process.env.PATH },
    signal: new AbortController().signal,
    say: () => {},
    stateDir,
  });
  const paths = labPaths(stateDir, 'no-such-lab');
  await mkdir(dirname(paths.record), { recursive: true });
  const host: HostRecord = {
    name: 'node001',
    ip: '10.141.0.1',
    power: 'off',
    cut: false,
    supervisor: { pid: other.pid ?? 0, startTime: '1' },
  };
  const record: LabRecord = {
    format: 1,
    name: 'no-such-lab',
    phase: 'made',
    hosts: [host],
    members: [],
    profile: 'strict',
    scale: 1,
    etcdVersion: '3.5',
    imageRoot: '/',
  };
  await powerOff({ machine, paths, record }, record.hosts);
  // A signal that was sent is told at the next turn of the loop at the latest.
  await new Promise(resolve => setTimeout(resolve, 200));
  expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  other.kill();
  await rm(stateDir, { recursive: true });
});
