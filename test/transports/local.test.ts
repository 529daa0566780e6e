import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Cancelled } from '../../src/core/failure.ts';
import { Channel } from '../../src/transports/channel.ts';
import { startChild } from '../../src/transports/child.ts';
import { commandText } from '../../src/transports/driver.ts';
import { openLocal } from '../../src/transports/local.ts';
import { isAlive, runName } from '../support/processes.ts';
import { realClock } from '../support/real-clock.ts';
import { jobsCases, RECORDS } from './jobs-cases.ts';

const environment: NodeJS.ProcessEnv = { ...process.env, ETCDCTL_CERT: 'must not get through' };

// `sh` is dash on Debian and bash on Red Hat, and they differ where the driver is delicate.
describe.each(['dash', 'bash'])('local, where sh is %s', { timeout: 20_000 }, shell => {
  const run = runName(shell);
  const bin = mkdtempSync('/tmp/quorate-test-bin-');
  symlinkSync(`/bin/${shell}`, join(bin, 'sh'));
  afterAll(() => {
    // Of a job that was left alone, too.
    for (const folder of [bin, join(RECORDS, run)]) rmSync(folder, { recursive: true, force: true });
  });
  const where = { ...environment, PATH: `${bin}:${environment.PATH}` };
  jobsCases('local', run, name => openLocal({ name }, run, { clock: realClock, environment: where, graceMs: 500 }));

  describe('what an earlier process left running', () => {
    const file = join(bin, 'left');
    const read = (name: string) => (existsSync(name) ? readFileSync(name, 'utf8').trim() : '');
    const until = async (condition: () => boolean) => {
      for (let i = 0; i < 100 && !condition(); i += 1) await new Promise(resolve => setTimeout(resolve, 50));
      expect(condition()).toBe(true);
    };
    /** A driver whose process is killed while a job runs. */
    const leave = async (id: string, script: string) => {
      const start = (command: string) => startChild('sh', ['-c', command], where);
      const channel = await Channel.open(start, { run, host: 'left' }, 500, realClock);
      channel.request(`run ${id} 0 ${commandText(['sh', '-c', script], {}, false)}`).catch(() => {});
      await until(() => read(`${file}.${id}`) !== '');
      channel.abandon();
    };

    test('is seen to before anything else: looks are ended, changes waited for', async () => {
      await leave('p0.t1-x-1', `echo $$ > ${file}.p0.t1-x-1; sleep 60`);
      await leave('p0.t2.do-x-2', `echo $$ > ${file}.p0.t2.do-x-2; sleep 2; echo x >> ${file}; exit 3`);
      const told: string[] = [];
      const earlier = { signal: new AbortController().signal, tell: (text: string) => told.push(text) };
      const options = { clock: realClock, environment: where, graceMs: 500 };
      const next = await openLocal({ name: 'left' }, run, { ...options, earlier });
      expect(read(file)).toBe('x');
      expect(isAlive(read(`${file}.p0.t1-x-1`))).toBe(false);
      expect(told).toEqual([
        'left: what p0.t2 began before is still running; it is waited for',
        'left: what p0.t2 began before ended with status 3',
      ]);
      const { signal } = new AbortController();
      expect((await next.execute({ id: 'p0.t3-y-1', argv: ['echo', 'on'], signal })).stdout).toBe('on\n');
      await next.close();
    });

    test('is left alone where the user does not wait for it', async () => {
      await leave('p0.t4.do-x-3', `echo $$ > ${file}.p0.t4.do-x-3; exec sleep 60`);
      const stop = new AbortController();
      const earlier = { signal: stop.signal, tell: () => stop.abort() };
      const opened = openLocal({ name: 'left' }, run, { clock: realClock, environment: where, graceMs: 500, earlier });
      await expect(opened).rejects.toBeInstanceOf(Cancelled);
      const pid = read(`${file}.p0.t4.do-x-3`);
      expect(isAlive(pid)).toBe(true);
      process.kill(Number(pid));
      await until(() => !isAlive(pid));
    });
  });
});
