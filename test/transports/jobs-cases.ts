import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnswerLost, Cancelled, Failure } from '../../src/core/failure.ts';
import { INPUT_FILE } from '../../src/core/host.ts';
import type { Connection, Job } from '../../src/core/transport.ts';
import { isAlive } from '../support/processes.ts';

/** Shell text: the process id of the shell at the far end of the channel, seen from a job. */
const ANCESTORS = `
parent() { read -r s < "/proc/$1/stat"; s=\${s##*) }; set -- $s; echo "$2"; }
timeout=$PPID; supervisor=$(parent "$timeout"); driver=$(parent "$supervisor"); carrier=$(parent "$driver")
`;

/** Where the driver keeps its records. */
export const RECORDS =
  existsSync('/run') && process.getuid?.() === 0 ? '/run/quorate' : `/tmp/quorate-${process.getuid?.()}`;

/** What every transport must do; one way to open each. */
export function jobsCases(name: string, run: string, open: (host: string) => Promise<Connection>): void {
  let connection: Connection;
  let directory: string;
  let count = 0;
  const records = join(RECORDS, run);

  beforeAll(async () => {
    directory = await mkdtemp('/tmp/quorate-test-');
    connection = await open('here');
  });
  afterAll(async () => {
    await connection?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const job = (argv: readonly string[], more: Partial<Job> = {}): Job => {
    count += 1;
    return { id: `${name}-${count}`, argv, signal: new AbortController().signal, ...more };
  };
  const sh = (script: string, more: Partial<Job> = {}) => job(['sh', '-c', script], more);
  /** True once a job has written there: the file is there a moment before its text. */
  const isWritten = (file: string) => existsSync(file) && readFileSync(file, 'utf8') !== '';
  const eventually = async (condition: () => boolean) => {
    for (let i = 0; i < 100 && !condition(); i += 1) await new Promise(resolve => setTimeout(resolve, 50));
    return condition();
  };

  describe('commands', () => {
    test('give status, stdout and stderr apart', async () => {
      const out = await connection.execute(sh('echo out; echo err >&2; exit 255'));
      expect(out).toMatchObject({ code: 255, stdout: 'out\n', stderr: 'err\n' });
      expect(out.durationMs).toBeLessThan(5_000);
    });

    test('take arguments as they are', async () => {
      const args = [
        '',
        ' ',
        "it's",
        '"$HOME"',
        '`id`',
        'a\nb\n',
        '\\',
        '-n',
        '*',
        'Ünï\u0081\u{1f511}',
        '~',
        'a=b',
        '!x',
        '\t',
      ];
      const out = await connection.execute(job(['printf', '%s\\0', ...args]));
      expect(out.stdout.split('\0')).toEqual([...args, '']);
    });

    test('read their own input and not the channel', async () => {
      expect((await connection.execute(job(['cat']))).stdout).toBe('');
      expect((await connection.execute(job(['cat'], { input: 'a\0b\n=c' }))).stdout).toBe('a\0b\n=c');
      expect((await connection.execute(job(['true'], { input: 'nobody reads this\n'.repeat(10_000) }))).code).toBe(0);
      expect((await connection.execute(job(['echo', 'still']))).stdout).toBe('still\n');
    });

    test('find their input in a private file that is gone afterwards', async () => {
      const look = job(['sh', '-c', 'cat; stat -c "%a %s" "$1"; cat "$1"; echo; echo "$1"', 'sh', INPUT_FILE], {
        input: 'use n1;\nshow',
      });
      const [mode, ...rest] = (await connection.execute(look)).stdout.split('\n');
      expect(mode).toBe('600 12');
      expect(rest.slice(0, 2)).toEqual(['use n1;', 'show']);
      expect(existsSync(rest[2] ?? '')).toBe(false);
      const within = job(['sh', '-c', 'echo "$1"; cat "${1#--file=}"', 'sh', `--file=${INPUT_FILE}`], { input: 'x' });
      expect((await connection.execute(within)).stdout).toMatch(/^--file=\/.*\nx$/);
    });

    test('have the wanted environment and directory', async () => {
      const out = await connection.execute(
        sh('echo "$LC_ALL|$A|$ETCDCTL_API|$ETCDCTL_CERT"; pwd; umask', {
          environment: { A: "1 '2'\n3", ETCDCTL_API: '3' },
          cwd: directory,
        }),
      );
      expect(out.stdout).toBe(`C|1 '2'\n3|3|\n${directory}\n0022\n`);
      const odd = job(['env'], { environment: { 'BASH_FUNC_x%%': '() { :; }' } });
      expect((await connection.execute(odd)).stdout).toContain('BASH_FUNC_x%%=() { :; }\n');
      expect(await connection.execute(sh('pwd', { cwd: '/no/such' }))).toMatchObject({ code: 125, stdout: '' });
    });

    test('that do not exist end with 127', async () => {
      const out = await connection.execute(job(['no-such-command-at-all']));
      expect(out.code).toBe(127);
      expect(out.stderr).toContain('no-such-command-at-all');
    });

    test('tell the signal that ended them', async () => {
      expect((await connection.execute(sh('kill -KILL $$'))).code).toBe(137);
    });

    test('print 10 MB, and bytes that are no text', async () => {
      const out = await connection.execute(sh('head -c 10000000 /dev/zero | tr "\\0" x; echo; echo end'));
      expect(out.stdout.length).toBe(10_000_005);
      expect(out.stdout.endsWith('x\nend\n')).toBe(true);
      expect((await connection.execute(job(['printf', '\\377\\000']))).stdout).toBe('\ufffd\0');
    });

    test('do not wait for what they leave in the background', async () => {
      const out = await connection.execute(sh('sleep 60 & echo $!'));
      expect(out.durationMs).toBeLessThan(3_000);
      expect(isAlive(out.stdout)).toBe(true);
      process.kill(Number(out.stdout));
    });

    test('run side by side, more of them than there are channels', async () => {
      const all = Array.from({ length: 12 }, (_, i) => connection.execute(sh(`sleep 0.2; echo ${i}`)));
      const outs = await Promise.all(all);
      expect(outs.map(o => o.stdout)).toEqual(Array.from({ length: 12 }, (_, i) => `${i}\n`));
    });

    test('leave no records behind for long', async () => {
      for (let i = 0; i < 70; i += 1) await connection.execute(job(['true']));
      const left = (await connection.execute(job(['ls', join(records, 'here')]))).stdout.split('\n');
      expect(left.length).toBeLessThan(600);
    });
  });

  describe('stopping', () => {
    test('a time limit ends the whole group', async () => {
      const pids = join(directory, 'limit');
      const limited = sh(`sleep 60 & echo $! > ${pids}; sleep 60`, { timeoutMs: 1_500 });
      const failure = await connection.execute(limited).catch((e: unknown) => e);
      expect(failure).toMatchObject({ code: 'timed-out', message: expect.stringContaining('1.5 s') });
      expect(await eventually(() => !isAlive(readFileSync(pids, 'utf8')))).toBe(true);
    });

    test('cancelling ends the whole group, with KILL where TERM is ignored', async () => {
      const pids = join(directory, 'cancel');
      const stop = new AbortController();
      // A connection of its own, so that the record is not forgotten meanwhile.
      const own = await open('own');
      const running = own.execute(
        sh(`trap '' TERM; sleep 60 & echo $! > ${pids}; sleep 60; echo`, { signal: stop.signal }),
      );
      expect(await eventually(() => isWritten(pids))).toBe(true);
      stop.abort();
      await expect(running).rejects.toBeInstanceOf(Cancelled);
      expect(await eventually(() => !isAlive(readFileSync(pids, 'utf8')))).toBe(true);
      expect((await own.execute(sh(`cat ${records}/own/*.status`))).stdout).toBe('137\n');
      await own.close();
    });

    test('what was cancelled before it began is not begun', async () => {
      const file = join(directory, 'not-begun');
      const failure = await connection.execute(sh(`touch ${file}`, { signal: AbortSignal.abort() })).catch(e => e);
      expect(failure).toBeInstanceOf(Cancelled);
      expect(existsSync(file)).toBe(false);
    });
  });

  describe('a broken channel', () => {
    test('does not lose the answer of a job that goes on', async () => {
      const out = await connection.execute(sh(`${ANCESTORS} kill -KILL "$driver"; sleep 0.7; echo survived; exit 7`));
      expect(out).toMatchObject({ code: 7, stdout: 'survived\n' });
    });

    test('does not run anything twice', async () => {
      const file = join(directory, 'once');
      await connection.execute(sh(`${ANCESTORS} echo x >> ${file}; kill -KILL "$driver"; sleep 0.3`));
      expect(readFileSync(file, 'utf8')).toBe('x\n');
    });

    test('still obeys the time limit', async () => {
      const lost = sh(`${ANCESTORS} kill -KILL "$driver"; sleep 60`, { timeoutMs: 1_000 });
      const failure = await connection.execute(lost).catch((e: unknown) => e);
      expect(failure).toBeInstanceOf(Failure);
      expect(failure).toMatchObject({ code: 'timed-out' });
    });

    test('is an answer lost where no end was recorded', async () => {
      const gone = sh(`${ANCESTORS} kill -KILL "$driver" "$supervisor" "$timeout" $$`);
      await expect(connection.execute(gone)).rejects.toBeInstanceOf(AnswerLost);
      expect((await connection.execute(job(['echo', 'again']))).stdout).toBe('again\n');
    });
  });

  test('an answer whose record was removed is lost, and nothing is run again', async () => {
    const file = join(directory, 'once-only');
    const gone = sh(`${ANCESTORS} echo x >> ${file}; rm -rf ${records}/here; kill -KILL "$driver"; sleep 0.3`);
    await expect(connection.execute(gone)).rejects.toMatchObject({ code: 'answer-lost' });
    expect(readFileSync(file, 'utf8')).toBe('x\n');
  });

  describe('files', () => {
    test('are written whole, with their mode, and read back', async () => {
      const path = join(directory, "a file's name");
      const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256);
      const { signal } = new AbortController();
      await connection.writeFile(path, bytes, 0o640, signal);
      await connection.writeFile(path, bytes, 0o604, signal);
      expect((await stat(path)).mode & 0o777).toBe(0o604);
      expect(Buffer.compare((await connection.readFile(path, signal)) ?? Buffer.alloc(0), bytes)).toBe(0);
      expect((await connection.execute(job(['ls', '-A', directory]))).stdout).not.toContain('.a file');
    });

    test('that are larger than what a command may print are read where they pack well', async () => {
      const path = join(directory, 'log');
      const size = 128 * 1024 * 1024;
      const written = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 256));
      await writeFile(path, written);
      await truncate(path, size);
      const read = Buffer.from((await connection.readFile(path, new AbortController().signal)) ?? []);
      expect(read).toHaveLength(size);
      expect(Buffer.compare(read.subarray(0, written.length), written)).toBe(0);
      expect(read.subarray(written.length).every(byte => byte === 0)).toBe(true);
    });

    test('that do not exist are undefined; others that cannot be read or written are failures', async () => {
      const { signal } = new AbortController();
      expect(await connection.readFile(join(directory, 'nothing'), signal)).toBeUndefined();
      await expect(connection.readFile(directory, signal)).rejects.toMatchObject({ code: 'command-failed' });
      const nowhere = connection.writeFile(join(directory, 'no/such/dir'), new Uint8Array(), 0o600, signal);
      await expect(nowhere).rejects.toMatchObject({ code: 'command-failed' });
      await expect(connection.writeFile(directory, new Uint8Array(), 0o600, signal)).rejects.toBeInstanceOf(Failure);
    });
  });

  test('closing ends what only looks and is not waited for any more, and leaves nothing of it', async () => {
    const other = await open('closing');
    const look = other.execute(sh(`echo $$ > ${directory}/look; sleep 60`)).catch(error => error);
    expect(await eventually(() => isWritten(`${directory}/look`))).toBe(true);
    const begunMs = Date.now();
    await other.close();
    expect(Date.now() - begunMs).toBeLessThan(3_000);
    expect(await look).toBeInstanceOf(Cancelled);
    expect(existsSync(join(records, 'closing'))).toBe(false);
    expect(await eventually(() => !isAlive(readFileSync(`${directory}/look`, 'utf8')))).toBe(true);
    await expect(other.execute(sh('true'))).rejects.toThrow('the connection was closed');
  });

  test('closing leaves what changes something to the next process of the run', async () => {
    const other = await open('changing');
    const change = sh(`echo $$ > ${directory}/change; exec sleep 60`, { id: 'p0.t1.do-x-1' });
    void other.execute(change).catch(() => {});
    expect(await eventually(() => isWritten(`${directory}/change`))).toBe(true);
    await other.close();
    const pid = readFileSync(`${directory}/change`, 'utf8');
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(join(records, 'changing'))).toBe(true);
    process.kill(Number(pid));
    expect(await eventually(() => !isAlive(pid))).toBe(true);
    const status = () => globSync(join(records, 'changing', 'p0.t1.do-x-1.status'));
    expect(await eventually(() => status().length === 1)).toBe(true);
    // A shell that heard of the end now would have removed them by then.
    await sleep(500);
    expect(status()).toHaveLength(1);
    await rm(join(records, 'changing'), { recursive: true, force: true });
  });

  test('closing removes the records of the run', async () => {
    const other = await open('there');
    await other.execute(job(['true']));
    expect(existsSync(records)).toBe(true);
    await other.close();
    expect(existsSync(join(records, 'there'))).toBe(false);
    expect(existsSync(join(records, 'here'))).toBe(true);
    await connection.close();
    expect(existsSync(records)).toBe(false);
  });
}
