import { Cancelled } from '../core/failure.ts';
import type { LocalFile } from '../core/host.ts';
import type { InventoryHost } from '../core/inventory.ts';
import type { Connection, Job } from '../core/transport.ts';
import { wayTo } from './connections.ts';
import type { RunDeps } from './deps.ts';
import { turn } from './virtual-clock.ts';

/**
 * Hosts and files whose answers are remembered, for passes in check mode, which only look. Before `freeze` each look is a real
 * one, and the last answer stays; after it, only what was never asked is.
 */
export class Remembered {
  readonly #deps: Pick<RunDeps, 'connect' | 'localFile'>;
  readonly #connections = new Map<string, Promise<Connection>>();
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  #frozen = false;
  #pending = 0;

  constructor(deps: Pick<RunDeps, 'connect' | 'localFile'>) {
    this.#deps = deps;
  }

  /** From now on nothing is asked twice. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Resolves when no real look is under way. */
  async settled(): Promise<void> {
    while (this.#pending > 0) await turn();
  }

  /** Like the function that it was given, but closing the connection leaves it open. Given up, it is still opened for others. */
  async connect(host: InventoryHost, signal: AbortSignal): Promise<Connection> {
    const { name } = host;
    const way = wayTo(host);
    await unlessAborted(this.#open(host), signal);
    // What is asked only later may find the connection closed for good.
    const now = async <T>(work: (to: Connection) => Promise<T>) => await work(await this.#open(host));
    return {
      execute: job => this.#look(['run', way, jobKey(job)], () => now(to => to.execute(job))),
      readFile: (path, signal) => this.#look(['read', way, path], () => now(to => to.readFile(path, signal))),
      writeFile: async () => {
        throw new Error(`check mode writes nothing on ${name}`);
      },
      close: async () => {},
    };
  }

  async localFile(name: string, folders: readonly string[]): Promise<LocalFile> {
    return await this.#look(['file', name, folders], () => this.#deps.localFile(name, folders));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const open = [...this.#connections.values()].map(async connection => await (await connection).close());
    await Promise.allSettled(open);
  }

  async #open(host: InventoryHost): Promise<Connection> {
    const there = this.#connections.get(wayTo(host));
    if (there) return await there;
    const made = this.#counted(() => this.#deps.connect(host, this.#closing.signal));
    this.#connections.set(wayTo(host), made);
    made.catch(() => {
      // What could not be reached stays so only once nothing is asked twice.
      if (!this.#frozen) this.#connections.delete(wayTo(host));
    });
    return await made;
  }

  async #look<T>(about: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(about);
    const known = this.#frozen ? this.#answers.get(key) : undefined;
    // A key is only ever used with one type: it says how was asked.
    if (known) return (await known) as T;
    const made = this.#counted(ask);
    this.#answers.set(key, made);
    made.catch(error => {
      // That it was given up tells nothing of the host.
      if (error instanceof Cancelled && this.#answers.get(key) === made) this.#answers.delete(key);
    });
    return await made;
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#pending += 1;
    try {
      return await work();
    } finally {
      this.#pending -= 1;
    }
  }
}

/** Throws `Cancelled` as soon as the signal fires. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Cancelled('given up'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What decides a command's answer: neither its name nor how long it may take. */
function jobKey({ argv, input, cwd, environment }: Job): string {
  return JSON.stringify([argv, input ?? null, cwd ?? null, environment ?? null]);
}
