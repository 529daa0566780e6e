import { AnswerLost, Cancelled, Failure, Unreachable } from '../core/failure.ts';
import type { Clock, Out } from '../core/host.ts';
import type { Connection, Job } from '../core/transport.ts';
import { type Channel, ChannelLost, type Reply } from './channel.ts';
import { commandText } from './driver.ts';
import { Files } from './files.ts';
import { Pool } from './pool.ts';

/** A job whose input and output are bytes. */
export interface ByteJob extends Omit<Job, 'input'> {
  readonly input?: Buffer;
}
export interface ByteOut {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly durationMs: number;
}

export interface JobsOptions {
  readonly host: string;
  readonly clock: Clock;
  /** Throws `Unreachable`. */
  readonly open: () => Promise<Channel>;
  /** How long a host may be unreachable, with an answer due, until the answer counts as lost. */
  readonly reconnectMs: number;
  /** After the channels are closed. Must not throw. */
  readonly closed?: () => Promise<void>;
}

/** For a resume: what earlier processes of the run left running on the host is seen to before anything else is done. */
export interface Earlier {
  /** Ends the waiting for it. */
  readonly signal: AbortSignal;
  /** What is found, for people. */
  readonly tell: (text: string) => void;
}

/**
 * Of these runs, those that nobody is at any more. What they left on a host where nobody could remove it, as on one that was cut off
 * at their end, is removed then.
 */
export type Over = (runs: readonly string[]) => Promise<readonly string[]>;

const EARLIER_POLL_MS = 500;
const RECONNECT_EVERY_MS = 500;
/** A host that answers and breaks again and again is given up. */
const MOST_LOSSES = 10;
/** A process that not even KILL ends (waiting for a dead disk, say) is left alone after this time. */
const STUBBORN_MS = 5_000;
/** How long the end of looks is waited for when the connection is closed. */
const LOOKS_END_MS = 3_000;
/** As the driver tells them: a change says so in its name, and a file may be written. */
const onlyLooks = (id: string): boolean => !/\.do-|^file-/.test(id);

/** A connection over channels: every command a job with a record, and a lost answer looked up there. */
export class Jobs implements Connection {
  readonly #host: string;
  readonly #clock: Clock;
  readonly #pool: Pool;
  readonly #reconnectMs: number;
  readonly #files: Files;
  readonly #closed: (() => Promise<void>) | undefined;
  /** What is under way and changes nothing. */
  readonly #looks = new Set<{ readonly stop: () => void; readonly ended: Promise<unknown> }>();

  constructor(options: JobsOptions) {
    this.#host = options.host;
    this.#clock = options.clock;
    this.#reconnectMs = options.reconnectMs;
    this.#pool = new Pool(options.host, options.open, options.clock);
    this.#closed = options.closed;
    // Its jobs bear the time, because an earlier process of the same run may have left records.
    const unique = `${options.host.replaceAll(/[^\w.-]/g, '_')}-${options.clock.now().toString(36)}`;
    this.#files = new Files(options.host, unique, job => this.run(job));
  }

  /** Opens the first channel, so that a host that cannot be reached is known at once. Throws `Unreachable`. */
  async connect({ earlier, over }: { readonly earlier?: Earlier; readonly over?: Over } = {}): Promise<this> {
    const channel = await this.#pool.acquireAtOnce();
    try {
      if (earlier) await this.#settleEarlier(channel, earlier);
      if (over && channel.others.length > 0)
        for (const run of await over(channel.others)) await channel.request(`sweep ${run}`);
      this.#pool.release(channel);
      return this;
    } catch (error) {
      this.#pool.release(channel);
      await this.#pool.close();
      if (error instanceof ChannelLost) throw new Unreachable(this.#host, error.message);
      throw error;
    }
  }

  /**
   * Ends what only looked, and waits for what changes something: to end that half-way would leave more to be mended. Each
   * command has its own time limit, or its user's patience.
   */
  async #settleEarlier(channel: Channel, { signal, tell }: Earlier): Promise<void> {
    const awaited = new Set<string>();
    for (;;) {
      const reply = await channel.request('earlier earlier');
      if (reply.state !== 'done') throw new ChannelLost('unexpected answer');
      const lines = reply.stdout.toString().split('\n').filter(Boolean);
      const jobs = new Map(lines.map(line => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
      for (const [job, state] of jobs) {
        const task = job.replace(/\.do-.*/, '');
        if (state === 'running' && !awaited.has(job)) {
          awaited.add(job);
          tell(`${this.#host}: what ${task} began before is still running; it is waited for`);
        } else if (state !== 'running' && awaited.delete(job)) {
          const how = state === 'vanished' ? 'has gone without a trace' : `ended with status ${state}`;
          tell(`${this.#host}: what ${task} began before ${how}`);
        }
      }
      if (![...jobs.values()].includes('running')) return;
      await this.#clock.sleep(EARLIER_POLL_MS, signal);
    }
  }

  async execute(job: Job): Promise<Out> {
    const { input, ...rest } = job;
    const out = await this.run(input === undefined ? rest : { ...rest, input: Buffer.from(input) });
    return { ...out, stdout: out.stdout.toString(), stderr: out.stderr.toString() };
  }

  readFile(path: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#files.read(path, signal);
  }

  writeFile(path: string, bytes: Uint8Array, mode: number, signal: AbortSignal): Promise<void> {
    return this.#files.write(path, bytes, mode, signal);
  }

  /** Looks that nobody waits for any more (another host answered first) are ended before; else their records would stay. */
  async close(): Promise<void> {
    const looks = [...this.#looks];
    for (const { stop } of looks) stop();
    if (looks.length > 0) {
      const enough = new AbortController();
      const limit = this.#clock.sleep(LOOKS_END_MS, enough.signal).catch(() => {});
      await Promise.race([Promise.allSettled(looks.map(({ ended }) => ended)), limit]);
      enough.abort();
    }
    await this.#pool.close();
    await this.#closed?.();
  }

  async run(job: ByteJob): Promise<ByteOut> {
    const startedMs = this.#clock.now();
    const stopping = new AbortController();
    const timer = new AbortController();
    const cancel = () => stopping.abort(new Cancelled(`${this.#host}: ${named(job)} was stopped`));
    if (job.signal.aborted) cancel();
    job.signal.addEventListener('abort', cancel, { once: true });
    if (job.timeoutMs !== undefined) {
      const seconds = job.timeoutMs / 1000;
      void this.#clock.sleep(job.timeoutMs, timer.signal).then(
        () => stopping.abort(new Failure('timed-out', `${named(job)} took longer than ${seconds} s and was ended`)),
        () => {},
      );
    }
    const look = { stop: cancel, ended: this.#finish(job, stopping.signal) };
    if (onlyLooks(job.id)) this.#looks.add(look);
    try {
      const { code, stdout, stderr } = await look.ended;
      return { code, stdout, stderr, durationMs: this.#clock.now() - startedMs };
    } finally {
      this.#looks.delete(look);
      timer.abort();
      job.signal.removeEventListener('abort', cancel);
    }
  }

  /** Sends it, and once more where the host says that the first one never began. */
  async #finish(job: ByteJob, stopping: AbortSignal): Promise<Reply & { state: 'done' }> {
    for (const id of [job.id, `${job.id}~2`]) {
      const reply = await this.#try(id, job, stopping);
      stopping.throwIfAborted();
      if (reply.state === 'done') return reply;
    }
    throw new Unreachable(this.#host, 'the connection broke twice before the command could be started');
  }

  async #try(id: string, job: ByteJob, stopping: AbortSignal): Promise<Reply> {
    if (!/^[\w.~-]+$/.test(id)) throw new Error(`not usable as the name of a job: ${id}`);
    const size = job.input?.length ?? 0;
    const line = `run ${id} ${size} ${commandText(job.argv, job, size > 0)}`;
    const channel = await this.#pool.acquire(stopping);
    if (stopping.aborted) this.#pool.release(channel);
    stopping.throwIfAborted();
    const answered = new AbortController();
    let ending: Promise<void> | undefined;
    let stubborn = false;
    const end = () => {
      ending = this.#end(id);
      void ending
        .then(() => this.#clock.sleep(STUBBORN_MS, answered.signal))
        .then(
          () => {
            stubborn = true;
            channel.abandon();
          },
          () => {},
        );
    };
    stopping.addEventListener('abort', end, { once: true });
    try {
      const reply = await channel.request(line, job.input).catch((error: unknown) => {
        if (!(error instanceof ChannelLost)) throw error;
        if (stubborn) throw this.#lost(job, 'it could not be ended');
        return this.#settle(id, job, channel.records, error.message);
      });
      answered.abort();
      await ending;
      if (reply.state === 'vanished')
        throw this.#lost(job, 'its record ends before its end, as after a boot or where /run is full');
      return reply;
    } finally {
      answered.abort();
      stopping.removeEventListener('abort', end);
      this.#pool.release(channel);
    }
  }

  /** Finds the record of a job whose answer did not come, and waits for its end. */
  async #settle(id: string, job: ByteJob, records: string, firstWhy: string): Promise<Reply> {
    let why = firstWhy;
    let deadlineMs = this.#clock.now() + this.#reconnectMs;
    for (let losses = 0; losses < MOST_LOSSES && !this.#pool.closed && this.#clock.now() < deadlineMs; ) {
      let channel: Channel | undefined;
      try {
        channel = await this.#pool.acquireAtOnce();
        const reply = await channel.request(`settle ${id}`);
        // Where the records are others, as after a boot, the absence of one shows nothing.
        if (reply.state === 'never' && channel.records !== records)
          throw this.#lost(job, 'its record is gone, as after a boot');
        return reply;
      } catch (error) {
        if (error instanceof ChannelLost) losses += 1;
        else if (!(error instanceof Unreachable)) throw error;
        if (channel !== undefined) deadlineMs = this.#clock.now() + this.#reconnectMs;
        why = error.message;
      } finally {
        if (channel !== undefined) this.#pool.release(channel);
      }
      await this.#clock.sleep(RECONNECT_EVERY_MS, new AbortController().signal);
    }
    throw this.#lost(job, why);
  }

  /** Ends a job that another channel waits for. Where the host cannot be reached, that channel finds out. */
  async #end(id: string): Promise<void> {
    let channel: Channel | undefined;
    try {
      channel = await this.#pool.acquireAtOnce();
      await channel.request(`end ${id}`);
    } catch (error) {
      if (!(error instanceof ChannelLost || error instanceof Unreachable)) throw error;
    } finally {
      if (channel !== undefined) this.#pool.release(channel);
    }
  }

  #lost(job: ByteJob, why: string): AnswerLost {
    return new AnswerLost(this.#host, named(job), why);
  }
}

/** A command as messages name it: short enough for a line. */
function named(job: Pick<Job, 'argv'>): string {
  const text = job.argv.join(' ').replaceAll(/\s+/g, ' ');
  return '`' + (text.length > 60 ? text.slice(0, 59) + '…' : text) + '`';
}
