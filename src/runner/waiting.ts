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
  /** Notified by something that this process of the run did, not an earlier one. */
  readonly #anew = new Map<Task, Set<string>>();

  /** `name`: what it is called there. `live`: as in `Memory`. */
  notify(handler: Task, host: string, name: string, live: boolean): void {
    if (live) this.#anew.set(handler, (this.#anew.get(handler) ?? new Set()).add(host));
    const hosts = this.#hosts.get(handler) ?? new Set<string>();
    this.#hosts.set(handler, hosts.add(host));
    this.#names.set(handler, name);
  }

  has(handler: Task, host: string): boolean {
    return this.#hosts.get(handler)?.has(host) === true;
  }

  /** True where nothing has woken it since an earlier process of the run may have done it. */
  isRecalled(handler: Task, host: string): boolean {
    return this.#anew.get(handler)?.has(host) !== true;
  }

  done(handler: Task, host: string): void {
    this.#anew.get(handler)?.delete(host);
    this.#hosts.get(handler)?.delete(host);
  }

  get left(): readonly LeftWaiting[] {
    return [...this.#hosts]
      .filter(([, hosts]) => hosts.size > 0)
      .map(([handler, hosts]) => ({ handler: this.#names.get(handler) ?? '', hosts: [...hosts] }));
  }
}
