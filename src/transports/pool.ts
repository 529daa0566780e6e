import { Unreachable } from '../core/failure.ts';
import type { Clock } from '../core/host.ts';
import type { Channel } from './channel.ts';

/** sshd allows ten sessions a connection (MaxSessions); some are left to the user and to `end`. */
const MOST_CHANNELS = 4;
const CLOSE_LIMIT_MS = 3_000;

/** The channels to one host: opened when needed, used one job at a time. */
export class Pool {
  readonly #host: string;
  readonly #open: () => Promise<Channel>;
  readonly #clock: Clock;
  readonly #channels = new Set<Channel>();
  readonly #idle: Channel[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Those in use or being opened. */
  #busy = 0;
  #closed = false;
  /** Whether the records are removed at the end: no answer was still to come. */
  #forgets = true;

  constructor(host: string, open: () => Promise<Channel>, clock: Clock) {
    this.#host = host;
    this.#open = open;
    this.#clock = clock;
  }

  /** Lends a channel that works as far as is known. Throws `Unreachable`, or the signal's reason. */
  async acquire(signal: AbortSignal): Promise<Channel> {
    while (this.#busy >= MOST_CHANNELS) await this.#turn(signal);
    signal.throwIfAborted();
    return this.#take();
  }

  /** The same without waiting for others: for what must not wait for the jobs that are running. */
  async acquireAtOnce(): Promise<Channel> {
    return this.#take();
  }

  release(channel: Channel): void {
    this.#busy -= 1;
    if (channel.usable) this.#idle.push(channel);
    else this.#channels.delete(channel);
    this.#waiting.shift()?.();
  }

  /** Whether nothing is lent any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Never throws. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#channels];
    this.#channels.clear();
    this.#idle.length = 0;
    // An answer that nobody hears is left for the next process of the run.
    this.#forgets = !all.some(channel => channel.asked);
    // One after the other, so that the last one finds the directory of the records empty and can remove it.
    for (const channel of all) await channel.close(this.#clock, CLOSE_LIMIT_MS, { forget: this.#forgets });
  }

  async #take(): Promise<Channel> {
    for (let channel = this.#idle.pop(); channel !== undefined; channel = this.#idle.pop()) {
      if (channel.usable) {
        this.#busy += 1;
        return channel;
      }
      this.#channels.delete(channel);
    }
    this.#busy += 1;
    try {
      if (this.#closed) throw this.#over();
      const channel = await this.#open();
      if (this.#closed) {
        await channel.close(this.#clock, CLOSE_LIMIT_MS, { forget: this.#forgets });
        throw this.#over();
      }
      this.#channels.add(channel);
      return channel;
    } catch (error) {
      this.#busy -= 1;
      this.#waiting.shift()?.();
      throw error;
    }
  }

  #over(): Unreachable {
    return new Unreachable(this.#host, 'the connection was closed');
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    const at = this.#waiting.indexOf(resolve);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (!signal.aborted) return;
    // The turn may have been given to one that no longer wants it.
    this.#waiting.shift()?.();
    signal.throwIfAborted();
  }
}
