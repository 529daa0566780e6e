import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Channel } from '../../src/transports/channel.ts';
import { startChild } from '../../src/transports/child.ts';
import { runName } from '../support/processes.ts';
import { realClock } from '../support/real-clock.ts';
import { RECORDS } from './jobs-cases.ts';

/** Waits until a job has the record of its process. */
const isBegun = (records: string, id: string) =>
  expect
    .poll(() => statSync(`${records}/${id}.pid`, { throwIfNoEntry: false })?.size, { timeout: 20_000 })
    .toBeTruthy();

describe('the driver', () => {
  const run = runName('driver');
  const channels: Channel[] = [];
  const open = async () => {
    const start = (command: string) => startChild('sh', ['-c', command], process.env);
    const channel = await Channel.open(start, { run, host: 'a b/c' }, 500, realClock);
    channels.push(channel);
    return channel;
  };
  const bin = mkdtempSync('/tmp/quorate-test-bin-');
  beforeAll(() => {
    for (const tool of ['base64', 'env', 'head', 'id', 'mkdir', 'rm', 'sed', 'sleep']) {
      symlinkSync(`/usr/bin/${tool}`, `${bin}/${tool}`);
    }
  });
  afterAll(() => rmSync(bin, { recursive: true, force: true }));
  afterEach(async () => {
    for (const channel of channels.splice(0)) await channel.close(realClock, 1_000, { forget: true });
  });

  test('does not begin a job that another channel has given up', async () => {
    const [late, settler] = [await open(), await open()];
    expect(await settler.request('settle j1')).toEqual({ state: 'never' });
    expect(await late.request('run j1 0 echo began')).toEqual({ state: 'never' });
    expect(await settler.request('settle j1')).toEqual({ state: 'never' });
  });

  test('reads the input of a job that it does not begin', async () => {
    const channel = await open();
    await channel.request('end j1');
    expect(await channel.request('run j1 9 cat', Buffer.from('run j 0 x'))).toEqual({ state: 'never' });
    expect(await channel.request('run j2 0 echo still')).toMatchObject({ state: 'done', code: 0 });
  });

  test('lets another channel wait for a job, and end it', async () => {
    const [runner, settler, ender] = [await open(), await open(), await open()];
    const running = runner.request('run j1 0 exec timeout 0 sleep 60');
    await isBegun(`${RECORDS}/${run}/a_b_c`, 'j1');
    const settled = settler.request('settle j1');
    expect(await ender.request('end j1')).toEqual({ state: 'ended' });
    expect(await running).toMatchObject({ state: 'done', code: 143 });
    expect(await settled).toMatchObject({ state: 'done', code: 143 });
    expect(await ender.request('end j1')).toEqual({ state: 'ended' });
  });

  test('does not run what was cut off in its input', async () => {
    const start = (command: string) => startChild('sh', ['-c', command], process.env);
    let stdin: NodeJS.WritableStream | undefined;
    const cut = await Channel.open(
      command => {
        const child = start(command);
        stdin = child.stdin;
        return child;
      },
      { run, host: 'a b/c' },
      500,
      realClock,
    );
    const answer = cut.request('run j1 10 echo began', Buffer.from('1234'));
    stdin?.end();
    await expect(answer).rejects.toThrow();
    expect(await (await open()).request('settle j1')).toEqual({ state: 'never' });
  });

  test('gives up a command that prints more than can be taken', async () => {
    const channel = await open();
    await expect(channel.request('run j1 0 exec timeout 0 head -c 101000000 /dev/zero')).rejects.toMatchObject({
      code: 'command-failed',
    });
    expect(channel.usable).toBe(false);
    // Removes what the other one can't any more.
    await open();
  });

  describe('asked to sweep what another run left', () => {
    const dead = `${run}-dead`;
    const folder = `${RECORDS}/${dead}`;
    const openDead = async () => {
      const start = (command: string) => startChild('sh', ['-c', command], process.env);
      const channel = await Channel.open(start, { run: dead, host: 'h' }, 500, realClock);
      channels.push(channel);
      return channel;
    };
    const isAnswered = (channel: Channel) => channel.request('settle j0').then(Boolean, () => false);
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    test('names the runs that have records there', async () => {
      expect((await open()).others).not.toContain(dead);
      await openDead();
      expect((await open()).others).toContain(dead);
      expect((await openDead()).others).not.toContain(dead);
    });

    test('ends its drivers, which nobody asks any more, and removes its records', async () => {
      const left = await openDead();
      await left.request('run j1 0 echo done');
      await new Promise(resolve => setTimeout(resolve, 50));
      expect(await (await open()).request(`sweep ${dead}`)).toEqual({ state: 'ended' });
      expect(existsSync(folder)).toBe(false);
      expect(await isAnswered(left)).toBe(false);
    });

    test('leaves a job that goes on to the resume of its run', async () => {
      const left = await openDead();
      const running = left.request('run p0.t1.do-x-1 0 exec timeout 0 sleep 60').catch(() => {});
      await isBegun(`${folder}/h`, 'p0.t1.do-x-1');
      const sweeper = await open();
      await sweeper.request(`sweep ${dead}`);
      expect(existsSync(folder)).toBe(true);
      await running;
      const resumed = await openDead();
      expect(await resumed.request('end p0.t1.do-x-1')).toEqual({ state: 'ended' });
      expect(await resumed.request('settle p0.t1.do-x-1')).toMatchObject({ state: 'done', code: 143 });
    });

    test('leaves a run alone that is gone on with meanwhile', async () => {
      const sweeper = await open();
      await new Promise(resolve => setTimeout(resolve, 50));
      const resumed = await openDead();
      await sweeper.request(`sweep ${dead}`);
      expect(existsSync(folder)).toBe(true);
      expect(await isAnswered(resumed)).toBe(true);
    });

    test('takes no other process for a driver', async () => {
      await (await openDead()).request('run j1 0 echo done');
      writeFileSync(`${folder}/h/${process.pid}.driver`, '1 another-boot\n');
      writeFileSync(`${folder}/h/${process.ppid}.driver`, '');
      await (await open()).request(`sweep ${dead}`);
      expect(existsSync(folder)).toBe(false);
    });
  });

  test.each(['dash', 'bash'])('does what it was asked last though nobody is there to be answered: %s', async shell => {
    let child: ReturnType<typeof startChild> | undefined;
    const start = (command: string) => {
      child = startChild(shell, ['-c', command], process.env);
      return child;
    };
    const channel = await Channel.open(start, { run, host: shell }, 500, realClock);
    const answer = channel.request('run j1 0 exec timeout 0 sleep 0.5').catch(() => {});
    child?.stdin.end('bye\n');
    child?.stdout.destroy();
    await child?.ended;
    expect(existsSync(`${RECORDS}/${run}/${shell}`)).toBe(false);
    await answer;
  });

  test('that lacks a tool says which', async () => {
    const start = (command: string) => startChild('/bin/sh', ['-c', command], { PATH: bin });
    const failure = await Channel.open(start, { run, host: 'h' }, 500, realClock).catch((e: unknown) => e);
    expect(failure).toMatchObject({ code: 1, message: 'it has no timeout' });
  });
});
