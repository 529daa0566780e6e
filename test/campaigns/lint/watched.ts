import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Input } from './input.ts';

/** Far beyond what any input may take, also on a machine that is busy: then it hangs. */
const HANGS_MS = 20_000;

/** Judges inputs in a worker; one that does not answer, or dies, is ended and another begun. */
export class Watched {
  #worker: Worker | undefined;
  readonly #script: URL;

  constructor(script = new URL('./worker.ts', import.meta.url)) {
    this.#script = script;
  }

  async judge(input: Input, hangsMs = HANGS_MS): Promise<readonly string[]> {
    const worker = this.#worker ?? (await begun(this.#script));
    this.#worker = worker;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), hangsMs);
    try {
      worker.postMessage(input);
      const [faults] = await once(worker, 'message', { signal: patience.signal });
      return faults;
    } catch (error) {
      await this.close();
      return [patience.signal.aborted ? `it hangs: no answer after ${hangsMs} ms` : `it died: ${String(error)}`];
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

async function begun(script: URL): Promise<Worker> {
  const worker = new Worker(script);
  await once(worker, 'message');
  return worker;
}
