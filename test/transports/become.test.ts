import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Job } from '../../src/core/transport.ts';
import { openLocal } from '../../src/transports/local.ts';
import { openConnection } from '../../src/transports/open.ts';
import { isAlive, runName } from '../support/processes.ts';
import { realClock } from '../support/real-clock.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sshd.ts';
import { sudoMissing } from '../support/sudo.ts';
import { jobsCases } from './jobs-cases.ts';

const run = runName('become');
const root = { user: 'root', flags: ['-H'] };
const nobody = { user: 'nobody', flags: ['-H'] };
const options = { clock: realClock, environment: process.env, graceMs: 500, reconnectMs: 3_000 };

let count = 0;
const job = (argv: readonly string[], more: Partial<Job> = {}): Job => {
  count += 1;
  return { id: `become-${count}`, argv, signal: new AbortController().signal, ...more };
};

describe.skipIf(sudoMissing)('as another user', { timeout: 30_000 }, () => {
  jobsCases('sudo', run, name => openLocal({ name, become: root }, run, options));

  test('commands and files are theirs, and what runs too long is ended', async () => {
    const connection = await openLocal({ name: 'here', become: nobody }, `${run}-nobody`, options);
    const folder = await mkdtemp(join(tmpdir(), 'quorate-become-'));
    try {
      await chmod(folder, 0o777);
      const path = join(folder, 'a b');
      await connection.writeFile(path, Buffer.from('text'), 0o600, new AbortController().signal);
      expect((await connection.execute(job(['stat', '-c', '%U %a', path]))).stdout).toBe('nobody 600\n');
      const pidFile = join(folder, 'pid');
      const endless = job(['sh', '-c', 'echo $$ > "$1"; exec sleep 1000', 'sh', pidFile], { timeoutMs: 1000 });
      await expect(connection.execute(endless)).rejects.toMatchObject({ code: 'timed-out' });
      const { stdout } = await connection.execute(job(['cat', pidFile]));
      expect(isAlive(stdout)).toBe(false);
    } finally {
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('one who may not is told why, and no password is asked for', async () => {
    // sudo, called by somebody to whom nothing is allowed.
    const folder = await mkdtemp(join(tmpdir(), 'quorate-sudo-'));
    try {
      await chmod(folder, 0o755);
      const wrapper = '#!/bin/sh\nexec /usr/bin/sudo -n -u nobody -- /usr/bin/sudo "$@"\n';
      await writeFile(join(folder, 'sudo'), wrapper, { mode: 0o755 });
      const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
      const opened = openLocal({ name: 'here', become: root }, `${run}-refused`, { ...options, environment });
      await expect(opened).rejects.toBeInstanceOf(Failure);
      await expect(opened).rejects.toMatchObject({
        code: 'become-failed',
        message: 'sudo on here wants a password before it becomes root',
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('a host without sudo is told to be one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-sh-'));
  try {
    await symlink('/bin/sh', join(folder, 'sh'));
    const environment = { PATH: folder };
    const opened = openLocal({ name: 'here', become: root }, `${run}-none`, { ...options, environment });
    await expect(opened).rejects.toMatchObject({ code: 'become-failed', message: 'there is no sudo on here' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe.skipIf(sudoMissing || sshdMissing)('through ssh', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd?.stop());

  test.each(['ordinary', 'bare'] as const)('with the login %s', async login => {
    const host = { ...sshd.host, become: nobody };
    const connection = await openConnection(host, `${run}-${login}`, { ...options, sshArgs: sshd.args[login] });
    try {
      expect((await connection.execute(job(['id', '-un']))).stdout).toBe('nobody\n');
    } finally {
      await connection.close();
    }
  });
});
