import { Cancelled } from '../../src/core/failure.ts';
import type { Clock } from '../../src/core/host.ts';

/** A clock that a test moves by hand. */
export class HandClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { atMs: this.#nowMs + ms, wake: resolve };
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(new Cancelled('stopped'));
      };
      if (signal.aborted) return stop();
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Wakes who is due, and lets all that follows from it happen. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.atMs > this.#nowMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await new Promise(resolve => setImmediate(resolve));
  }

  get sleepers(): number {
    return this.#sleepers.size;
  }
}
