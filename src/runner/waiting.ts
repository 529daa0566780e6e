import type { Task } from '../core/plan.ts';

/** A handler that was notified and is not done. */
export interface LeftWaiting {
  readonly handler: string;
  readonly hosts: readonly string[];
}

/** The handlers that are to be done, by host. */
export class Waiting {
  readonly #hosts = new Map<Task, Set<string>>();
  readonly #names = new Map<Task, string>();

  /** `name`: what it is called there. */
  notify(handler: Task, host: string, name: string): void {
    const hosts = this.#hosts.get(handler) ?? new Set<string>();
    this.#hosts.set(handler, hosts.add(host));
    this.#names.set(handler, name);
  }

  has(handler: Task, host: string): boolean {
    return this.#hosts.get(handler)?.has(host) === true;
  }

  done(handler: Task, host: string): void {
    this.#hosts.get(handler)?.delete(host);
  }

  get left(): readonly LeftWaiting[] {
    return [...this.#hosts]
      .filter(([, hosts]) => hosts.size > 0)
      .map(([handler, hosts]) => ({ handler: this.#names.get(handler) ?? '', hosts: [...hosts] }));
  }
}
