import { execa } from 'execa';
import { AnswerLost, Cancelled, Failure } from '../core/failure.ts';
import { INPUT_FILE, type Out } from '../core/host.ts';
import type { Become, InventoryHost } from '../core/inventory.ts';
import type { Connection, Job } from '../core/transport.ts';
import { sudo } from './become.ts';
import { Files } from './files.ts';
import type { ByteJob, ByteOut } from './jobs.ts';
import type { OpenOptions } from './local.ts';
import { quote } from './quote.ts';

const SSH_FAILED = 255;
/** Node's timers hold 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Each command an `ssh host command`, for hosts whose shell cannot be driven. There are no records, so a broken connection
 * means that the answer is lost; ending a command ends only this side of it.
 */
export function openPlain(
  { name: host, become }: InventoryHost,
  sshArgs: (command: string) => readonly string[],
  closed: () => Promise<void>,
  { clock, environment }: OpenOptions,
): Connection {
  const run = async (job: ByteJob): Promise<ByteOut> => {
    const startedMs = clock.now();
    const what = '`' + (job.argv[0] ?? '') + '`';
    if (job.signal.aborted) throw new Cancelled(`${host}: ${what} was stopped`);
    if (job.argv.some(a => a.includes(INPUT_FILE))) {
      throw new Failure('command-failed', `${host}: its login shell cannot keep the input of ${what} in a file`);
    }
    const child = execa('ssh', sshArgs(plainText(job, become)), {
      ...(job.input === undefined ? { stdin: 'ignore' as const } : { input: job.input }),
      encoding: 'buffer',
      stripFinalNewline: false,
      // Not in the terminal's process group: Ctrl-C is ours to handle.
      detached: true,
      reject: false,
      extendEnv: false,
      env: { ...environment },
    });
    const ended = new AbortController();
    void child.then(() => ended.abort());
    const limitMs = Math.min(job.timeoutMs ?? LONGEST_TIMER_MS, LONGEST_TIMER_MS);
    const stopped = clock.sleep(limitMs, AbortSignal.any([job.signal, ended.signal])).then(
      () => 'timed out' as const,
      () => 'cancelled' as const,
    );
    const result = await Promise.race([child, stopped]);
    // The master holds the pipes of a killed ssh open until the far end is done, so its end is not waited for.
    if (typeof result === 'string') child.kill('SIGKILL');
    if (result === 'cancelled') throw new Cancelled(`${host}: ${what} was stopped; it may go on there`);
    if (result === 'timed out') {
      throw new Failure('timed-out', `${what} took longer than ${(job.timeoutMs ?? 0) / 1000} s; it may go on there`);
    }
    const [stdout, stderr] = [Buffer.from(result.stdout), Buffer.from(result.stderr)];
    // ssh's own failure and a command's status 255 look the same here.
    if (result.exitCode === SSH_FAILED || result.exitCode === undefined) {
      throw new AnswerLost(host, what, stderr.toString().trim().split('\n').at(-1) || 'ssh ended with 255');
    }
    return { code: result.exitCode, stdout, stderr, durationMs: clock.now() - startedMs };
  };
  const files = new Files(host, 'plain', run);
  return {
    async execute({ input, ...rest }: Job): Promise<Out> {
      const out = await run(input === undefined ? rest : { ...rest, input: Buffer.from(input) });
      return { ...out, stdout: out.stdout.toString(), stderr: out.stderr.toString() };
    },
    readFile: (path, signal) => files.read(path, signal),
    writeFile: (path, bytes, mode, signal) => files.write(path, bytes, mode, signal),
    close: closed,
  };
}

function plainText({ argv, cwd, environment = {} }: ByteJob, become: Become | undefined): string {
  const settings = Object.entries({ LC_ALL: 'C', ...environment }).map(([name, value]) => `${name}=${value}`);
  const command = [...(become ? sudo(become) : []), 'env', ...settings, ...argv].map(a => quote(a, '\n')).join(' ');
  return cwd === undefined ? command : `cd ${quote(cwd, '\n')} && ${command}`;
}
