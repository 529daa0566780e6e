import type { HostTotals, Status } from '../core/event.ts';

type Counts = { -readonly [K in keyof HostTotals]: number };

/** How many tasks ended how on each host. A loop counts once, not once an item. What was rescued counts as ignored. */
export class Totals {
  readonly #hosts = new Map<string, Counts>();

  constructor(hosts: Iterable<string>) {
    for (const host of hosts) this.#of(host);
  }

  count(host: string, status: Status): void {
    this.#of(host)[status === 'rescued' ? 'ignored' : status] += 1;
  }

  get(): Readonly<Record<string, HostTotals>> {
    return Object.fromEntries([...this.#hosts].map(([host, counts]) => [host, { ...counts }]));
  }

  #of(host: string): Counts {
    const there = this.#hosts.get(host);
    if (there) return there;
    const counts = { ok: 0, changed: 0, skipped: 0, failed: 0, ignored: 0, unreachable: 0, unknown: 0 };
    this.#hosts.set(host, counts);
    return counts;
  }
}
