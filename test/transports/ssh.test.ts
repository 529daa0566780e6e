import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unreachable } from '../../src/core/failure.ts';
import type { Connection, Job } from '../../src/core/transport.ts';
import { clearAbandoned } from '../../src/transports/abandoned.ts';
import { openConnection } from '../../src/transports/open.ts';
import { openSsh } from '../../src/transports/ssh.ts';
import { runName } from '../support/processes.ts';
import { realClock } from '../support/real-clock.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sshd.ts';
import { jobsCases, RECORDS } from './jobs-cases.ts';

if (sshdMissing && process.env.CI === 'true') throw new Error('sshd is missing: apt-get install openssh-server');

describe.skipIf(sshdMissing)('ssh', { timeout: 30_000 }, () => {
  const run = runName('ssh');
  const common = { clock: realClock, environment: process.env, graceMs: 500, reconnectMs: 3_000 };
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => {
    sshd?.stop();
    // Of the host that went away, so that its connection could not remove it.
    rmSync(`${RECORDS}/${run}-gone`, { recursive: true, force: true });
  });

  let count = 0;
  const job = (argv: readonly string[], more: Partial<Job> = {}): Job => {
    count += 1;
    return { id: `ssh-${count}`, argv, signal: new AbortController().signal, ...more };
  };
  const open = (key: keyof Sshd['args'], host = sshd.host) =>
    openSsh(host, `${run}-${key}`, { ...common, sshArgs: sshd.args[key] });
  const using = async (connection: Connection, work: (connection: Connection) => Promise<void>) => {
    try {
      await work(connection);
    } finally {
      await connection.close();
    }
  };

  jobsCases('ssh', run, name =>
    openConnection({ ...sshd.host, name }, run, { ...common, sshArgs: sshd.args.ordinary }),
  );

  test('one that is cut off is built up again, and the answer found', async () => {
    await using(await open('ordinary'), async connection => {
      // Ends the server's side of the whole connection, from within a job.
      const cut = `
        parent() { read -r s < "/proc/$1/stat"; s=\${s##*) }; set -- $s; echo "$2"; }
        server=$(parent $(parent $(parent $PPID)))
        kill -KILL "$server"; sleep 0.5; echo survived`;
      expect((await connection.execute(job(['sh', '-c', cut]))).stdout).toBe('survived\n');
      expect((await connection.execute(job(['echo', 'again']))).stdout).toBe('again\n');
    });
  });

  test('a key that the inventory names is tried besides those of the configuration', async () => {
    const host = { ...sshd.host, identityFile: sshd.key };
    await using(await open('stranger', host), async connection => {
      expect((await connection.execute(job(['echo', 'x']))).stdout).toBe('x\n');
    });
    await expect(open('stranger', { ...host, identityFile: '/nowhere/key' })).rejects.toMatchObject({
      hint: expect.stringContaining(' -i /nowhere/key '),
    });
  });

  test('a shell that greets is understood', async () => {
    await using(await open('greeted'), async connection => {
      expect((await connection.execute(job(['echo', 'x']))).stdout).toBe('x\n');
    });
  });

  test('a host whose shell cannot be driven is asked command by command', async () => {
    await using(await open('bare'), async connection => {
      const out = await connection.execute(
        job(['sh', '-c', 'echo "$1"; cat; exit 3', 'sh', "it's\n"], { input: 'in' }),
      );
      expect(out).toMatchObject({ code: 3, stdout: "it's\n\nin" });
      const limited = connection.execute(job(['sleep', '60'], { timeoutMs: 300 }));
      await expect(limited).rejects.toMatchObject({ code: 'timed-out' });
      await expect(connection.execute(job(['sh', '-c', 'exit 255']))).rejects.toMatchObject({ code: 'answer-lost' });
    });
  });

  test.each<[string, keyof Sshd['args'], string]>([
    ['a key that is not accepted', 'stranger', 'ssh may not log in there'],
    ['an unknown host key', 'unknownHost', 'its host key is not in known_hosts'],
  ])('%s makes it unreachable, and says why', async (_, key, why) => {
    const failure = await open(key).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure).toMatchObject({
      message: `node001 is unreachable: ${why}`,
      hint: expect.stringContaining('ssh -p'),
    });
  });

  test('a port that nobody listens on makes it unreachable, and says so', async () => {
    const failure = await open('ordinary', { ...sshd.host, port: sshd.closedPort }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure).toMatchObject({ message: expect.stringContaining('refuses the connection') });
  });

  test('a host that goes away under a command leaves its answer lost, and is unreachable then', async () => {
    const other = await startSshd();
    const sshArgs = other.args.ordinary;
    await using(await openSsh(other.host, `${run}-gone`, { ...common, sshArgs }), async connection => {
      const cut = `
        parent() { read -r s < "/proc/$1/stat"; s=\${s##*) }; set -- $s; echo "$2"; }
        server=$(parent $(parent $(parent $PPID)))
        sleep 0.3; kill -KILL "$server"`;
      const running = connection.execute(job(['sh', '-c', cut]));
      other.stop();
      await expect(running).rejects.toMatchObject({ code: 'answer-lost' });
      await expect(connection.execute(job(['true']))).rejects.toBeInstanceOf(Unreachable);
    });
  });

  const processes = () =>
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(pid => commandLine(pid))
      .filter(line => line.includes(`-p ${sshd.host.port} `) && line.includes('ControlPath='));
  const directories = () => [
    ...new Set(processes().flatMap(line => /ControlPath=(\S+)\/master/.exec(line)?.[1] ?? [])),
  ];

  test('closing leaves neither a process nor a directory', async () => {
    const connection = await open('ordinary');
    const [directory = ''] = directories();
    expect(existsSync(directory)).toBe(true);
    await connection.close();
    expect(existsSync(directory)).toBe(false);
    await expect.poll(processes).toEqual([]);
  });

  test('what a process left that was killed is cleared away, and nothing of one that lives', async () => {
    const openedBy = (process: string) =>
      openSsh(sshd.host, `${run}-${process}`, {
        ...common,
        sshArgs: sshd.args.ordinary,
        opener: { process, hasEnded: () => false },
      });
    const gone = await openedBy('gone');
    const [abandoned = ''] = directories();
    await using(await openedBy('living'), async living => {
      await clearAbandoned({ process: 'another', hasEnded: process => process === 'gone' }, process.env);
      expect(existsSync(abandoned)).toBe(false);
      await expect.poll(directories).toHaveLength(1);
      expect((await living.execute(job(['echo', 'x']))).stdout).toBe('x\n');
    });
    await expect.poll(processes).toEqual([]);
    await gone.close();
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
