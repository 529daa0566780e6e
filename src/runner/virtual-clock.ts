import { Cancelled } from '../core/failure.ts';
import type { Clock } from '../core/host.ts';

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

/**
 * A clock whose time passes as soon as there is nothing else to do: who sleeps is woken, the earliest first, once all that
 * was due before has happened. `settled` resolves when nothing is being waited for that takes real time.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #settled: () => Promise<void>;
  readonly #sleepers = new Set<Sleeper>();
  #runs = false;

  constructor(nowMs: number, settled: () => Promise<void>) {
    this.#nowMs = nowMs;
    this.#settled = settled;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Cancelled('stopped');
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', stop);
      };
      const stop = () => {
        leave();
        reject(new Cancelled('stopped'));
      };
      const wake = () => {
        leave();
        resolve();
      };
      const sleeper = { atMs: this.#nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', stop);
      if (!this.#runs) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#runs = true;
    while (this.#sleepers.size > 0) {
      await turn();
      await this.#settled();
      const [next] = [...this.#sleepers].sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
    this.#runs = false;
  }
}

/** Lets everything happen that is due. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
