import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { openLocal } from '../../src/transports/local.ts';
import { realClock } from '../support/real-clock.ts';
import { jobsCases } from './jobs-cases.ts';

const environment: NodeJS.ProcessEnv = { ...process.env, ETCDCTL_CERT: 'must not get through' };

// `sh` is dash on Debian and bash on Red Hat, and they differ where the driver is delicate.
describe.each(['dash', 'bash'])('local, where sh is %s', { timeout: 20_000 }, shell => {
  const run = `test-${shell}-${process.pid}`;
  const bin = mkdtempSync('/tmp/quorate-test-bin-');
  symlinkSync(`/bin/${shell}`, join(bin, 'sh'));
  afterAll(() => rmSync(bin, { recursive: true, force: true }));
  const where = { ...environment, PATH: `${bin}:${environment.PATH}` };
  jobsCases('local', run, host => openLocal(host, run, { clock: realClock, environment: where, graceMs: 500 }));
});
