import { executionKey, type Where } from '../core/event.ts';
import { isOver, type Recall, type Recollection, type UnderWay } from '../core/recall.ts';

/**
 * What one pass over a plan still has to recall. On each host, what an earlier process of the run brought to its end is
 * recalled in order; from the first execution on that is not, all that comes on that host is done live, because it would
 * follow on something new. The items of one loop do not follow on each other, so each is asked for by itself.
 */
export class Memory {
  readonly #ended: Map<string, Recollection[]>;
  readonly #underWay: Map<string, UnderWay>;
  readonly #last = new Map<string, Recollection>();
  readonly #live = new Set<string>();
  readonly #told: (where: Where) => Where;
  readonly #empty: boolean;

  /** `told` gives a place as the journal tells it, secrets in it masked. */
  constructor(recall: Recall | undefined, told: (where: Where) => Where) {
    this.#told = told;
    this.#empty = recall === undefined;
    this.#ended = Map.groupBy(recall?.ended ?? [], ({ where }) => executionKey(where));
    this.#underWay = new Map(recall?.underWay.map(it => [executionKey(it.where), it]));
    for (const it of recall?.ended ?? []) this.#last.set(it.where.module, it);
  }

  /** True where nothing is recalled any more on this host. */
  isLive(host: string): boolean {
    return this.#empty || this.#live.has(host);
  }

  /**
   * The end of this execution, if it is not to be done again; else the host is live from here on. `live` overrides: for the
   * items of a loop it is what the host was when the loop began.
   */
  take(where: Where, live = this.isLive(where.host)): Recollection | undefined {
    if (this.#empty) return undefined;
    const next = live ? undefined : this.#ended.get(this.#keyOf(where))?.shift();
    if (next && isOver(next.status)) return next;
    this.#live.add(where.host);
    return undefined;
  }

  /** The host on which an earlier process of the run did this task, or had begun it, in these rounds. */
  hostOf(task: string, within: readonly string[]): string | undefined {
    const records = [...[...this.#ended.values()].flat(), ...this.#underWay.values()];
    const isIt = ({ where }: { readonly where: Where }) =>
      where.task === task && JSON.stringify(where.within) === JSON.stringify(within);
    const done = records.filter(it => isIt(it) && !('status' in it && it.status === 'skipped'));
    return done[0]?.where.host;
  }

  /** True for the last thing that its module did, of all that is recalled. */
  isLatest(it: Recollection): boolean {
    return this.#last.get(it.where.module) === it;
  }

  /** The change that was under way here when an earlier process ended. */
  underWay(where: Where): UnderWay | undefined {
    return this.#underWay.get(this.#keyOf(where));
  }

  /** What is done again although its end is known is under way once more. */
  reopen(where: Where, { changes, endedAtMs }: Recollection): void {
    this.#underWay.set(this.#keyOf(where), { where, changes, begunAtMs: endedAtMs });
  }

  /** Its end was seen now. */
  settled(where: Where): void {
    this.#underWay.delete(this.#keyOf(where));
  }

  #keyOf(where: Where): string {
    return executionKey(this.#told(where));
  }
}
