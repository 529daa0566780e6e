import { describe } from 'vitest';
import { openLocal } from '../../src/transports/local.ts';
import { realClock } from '../support/real-clock.ts';
import { jobsCases } from './jobs-cases.ts';

describe('local', { timeout: 20_000 }, () => {
  const run = `test-local-${process.pid}`;
  const environment = { ...process.env, ETCDCTL_CERT: 'must not get through' };
  jobsCases('local', run, host => openLocal(host, run, { clock: realClock, environment, graceMs: 500 }));
});
