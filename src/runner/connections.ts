import { Failure } from '../core/failure.ts';
import type { Sightings } from '../core/host.ts';
import type { Inventory, InventoryHost, Login } from '../core/inventory.ts';
import type { Connection } from '../core/transport.ts';

/** What a run keeps of each host: a connection for each user that it works as, opened at first use, and what was found out once for all. */
export class Connections {
  readonly inventory: Inventory;
  readonly sightings: Sightings = { members: new Map(), silent: new Set() };
  /** As in `Probe`: what is found out here holds as long as this does. */
  readonly still: boolean;
  /** How the run looks at a cluster where it has no task to look for. Absent: as the inventory says. */
  lookAs: Login | undefined;
  readonly #connect: (host: InventoryHost, signal: AbortSignal) => Promise<Connection>;
  readonly #process: string;
  readonly #open = new Map<string, Promise<Connection>>();
  readonly #established = new Set<Connection>();
  readonly #memos = new Map<string, Promise<unknown>>();
  readonly #closing = new AbortController();
  #jobs = 0;

  /**
   * `connect` gives up what it has not connected to when its signal fires. `process` tells the jobs of one process of a run
   * from those of another, and is safe as a part of a file name.
   */
  constructor(
    inventory: Inventory,
    process: string,
    connect: (host: InventoryHost, signal: AbortSignal) => Promise<Connection>,
    still = false,
  ) {
    this.still = still;
    this.#process = process;
    this.inventory = inventory;
    this.#connect = connect;
  }

  /** Throws Failure `no-hosts` for a name that is not in the inventory. */
  known(name: string): InventoryHost {
    const host = this.inventory.hosts.get(name);
    if (host) return host;
    throw new Failure('no-hosts', `${name} is not in the inventory (${this.inventory.origin})`, {
      hint: '`quorate inventory` lists the hosts that are',
    });
  }

  hostAt(nameOrAddress: string): string | undefined {
    const { hosts } = this.inventory;
    if (hosts.has(nameOrAddress)) return nameOrAddress;
    return [...hosts.values()].find(host => host.address === nameOrAddress)?.name;
  }

  /** Only what worked is kept: a host that was unreachable is tried anew. */
  to(name: string, login?: Login): Promise<Connection> {
    const host = { ...this.known(name), ...login };
    return keepUnlessFailed(this.#open, wayTo(host), async () => {
      const connection = await this.#connect(host, this.#closing.signal);
      this.#established.add(connection);
      return connection;
    });
  }

  async memo<T>(host: string, key: string, compute: () => Promise<T>): Promise<T> {
    // A key is only ever used with one type: it is the name of what was found out.
    return (await keepUnlessFailed(this.#memos, `${host}\0${key}`, compute)) as T;
  }

  /** Unique in the run, safe as a file name. That of a job which changes something says so: `p0.t3.do-…`. */
  nextJob(task: string, changes = false): string {
    this.#jobs += 1;
    return `${task}${changes ? '.do' : ''}-${this.#process}-${this.#jobs}`;
  }

  /** A host that is still being dialled is not waited for. It is given up last: to end what is under way may take a dial too. */
  async close(): Promise<void> {
    const established = [...this.#established];
    await Promise.allSettled(established.map(async connection => await connection.close()));
    this.#closing.abort();
    const late = (await Promise.allSettled(this.#open.values())).flatMap(one =>
      one.status === 'fulfilled' && !established.includes(one.value) ? [one.value] : [],
    );
    await Promise.allSettled(late.map(async connection => await connection.close()));
  }
}

/** The same for the same host, reached in the same way as the same user. */
export function wayTo({ name, connection, user, port, become }: InventoryHost): string {
  return JSON.stringify([name, connection, user ?? null, port ?? null, become ?? null]);
}

function keepUnlessFailed<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const there = kept.get(key);
  if (there) return there;
  const made = make();
  kept.set(key, made);
  made.catch(() => {
    if (kept.get(key) === made) kept.delete(key);
  });
  return made;
}
