import { Failure } from '../core/failure.ts';
import type { ClusterAccess } from '../core/guard.ts';
import type { Login } from '../core/inventory.ts';
import type { HeldLock } from '../core/lock.ts';
import type { Connections } from './connections.ts';
import type { RunDeps } from './deps.ts';
import { hostOf } from './host.ts';
import { loginOfGuards } from './login.ts';
import { ETCD_GROUP } from './membership.ts';

/** The cluster cannot be asked at all. Whether anything may be changed then is the guard's to say. */
const cannotKeep: ReadonlySet<string> = new Set(['no-quorum', 'unreachable', 'task-failed']);

/** From where a lock is taken. */
export interface LockPlace {
  readonly host: string;
  readonly login?: Login;
}

/** The locks on the memberships that a run changes, from its first change of each to its end. */
export class Locks {
  readonly #deps: RunDeps;
  readonly #connections: Connections;
  readonly #held = new Map<string, HeldLock>();
  #warned = false;

  constructor(deps: RunDeps, connections: Connections) {
    this.#deps = deps;
    this.#connections = connections;
  }

  /**
   * Takes the lock of a cluster, or makes sure that it is still this run's. Throws Failure `locked` where another run has
   * it. Where etcd cannot keep one, the run goes on without, and says so.
   */
  async hold(at: LockPlace, access: ClusterAccess): Promise<void> {
    const cluster = JSON.stringify(access);
    const held = this.#held.get(cluster);
    try {
      if (held) await held.confirm();
      else this.#held.set(cluster, await this.#deps.lock.take(this.#hostFor(at), access));
    } catch (error) {
      if (!(error instanceof Failure) || !cannotKeep.has(error.code)) throw error;
      if (this.#warned) return;
      this.#warned = true;
      this.#deps.emit({
        type: 'warning',
        message: `the lock on the membership cannot be kept in etcd (${error.message}): only runs with the same state directory are kept out`,
      });
    }
  }

  /** Frees them all; `earlier`: also what earlier processes of the run may have left locked. Never throws. */
  async release(earlier: boolean): Promise<void> {
    await Promise.all([...this.#held.values()].map(async held => await held.release()));
    const [asked] = this.#deps.inventory.groups.get(ETCD_GROUP) ?? [];
    if (earlier && this.#held.size === 0 && asked !== undefined) {
      await this.#deps.lock.free(this.#hostFor({ host: asked }), this.#deps.access);
    }
  }

  /** Its commands outlive the task they were begun in, and are not ended with the run: it releases the lock last. */
  #hostFor({ host, login = this.#connections.lookAs }: LockPlace) {
    return hostOf(host, {
      ...(login ? { login: loginOfGuards(login) } : {}),
      connections: this.#connections,
      task: 'lock',
      signal: new AbortController().signal,
      clock: this.#deps.clock,
      check: false,
      assumed: [],
      progress: () => {},
    });
  }
}
