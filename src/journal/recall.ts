import { executionKey, type StampedEvent, type Where } from '../core/event.ts';
import { isOver, type Recall, type Recollection, stillCounting, type UnderWay } from '../core/recall.ts';

/** Where it ended like this, nobody saw whether the change was made. */
const unseen: ReadonlySet<string> = new Set(['interrupted', 'answer-lost', 'timed-out', 'not-settled']);

/** What the events of a run's earlier processes leave to be recalled. */
export function recallOf(events: readonly StampedEvent[]): Recall {
  const memory = new Remembered();
  for (const event of events) memory.tell(event);
  const begun = events.find(({ type }) => type === 'run-started');
  return { begunAtMs: begun?.atMs ?? 0, ended: memory.ended, underWay: memory.underWay };
}

/**
 * A resume recalls, on each host, what has ended, in order, and from the first execution on that has not, it works live. Then
 * what came later in an earlier process no longer counts on that host: the cleaning up of an `always` section, say, that
 * followed on a failure is done again after the retry. The items of one loop do not follow on each other.
 */
class Remembered {
  /** Of earlier processes, not yet recalled by the present one. */
  #old: Recollection[] = [];
  #now: Recollection[] = [];
  readonly #open = new Map<string, UnderWay>();
  /** Of these the present process has begun the change itself. */
  readonly #begun = new Set<string>();
  /** Executions that were recalled only in part, and end a second time. */
  readonly #again = new Set<string>();

  get ended(): readonly Recollection[] {
    return [...this.#now, ...this.#old];
  }

  get underWay(): readonly UnderWay[] {
    return [...this.#open.values()];
  }

  tell(event: StampedEvent): void {
    switch (event.type) {
      case 'resumed':
        this.#old = [...this.#now, ...this.#old];
        this.#now = [];
        this.#again.clear();
        this.#begun.clear();
        break;
      case 'recalled': {
        const key = executionKey(event.where);
        const at = this.#old.findIndex(({ where }) => executionKey(where) === key);
        this.#now.push(...this.#old.splice(at, at < 0 ? 0 : 1));
        if (event.again) this.#again.add(key);
        break;
      }
      case 'changing': {
        const { where, changes, state, atMs } = event;
        this.#works(where);
        const before = state === undefined ? {} : { state };
        this.#begun.add(executionKey(where));
        this.#open.set(executionKey(where), { where, changes, begunAtMs: atMs, ...before });
        break;
      }
      case 'ended':
        this.#ends(event);
        break;
      default:
        break;
    }
  }

  #ends({ where, status, changes, result, facts = {}, withheld, notMade, error, atMs }: Ended): void {
    const key = executionKey(where);
    this.#works(where);
    // A failure before it was begun again tells nothing of what an earlier process had begun.
    const isSeen = isOver(status) || (this.#begun.has(key) && !(error && unseen.has(error.code)));
    if (isSeen) this.#open.delete(key);
    if (this.#again.delete(key)) {
      const at = this.#now.findLastIndex(it => executionKey(it.where) === key);
      if (at >= 0) this.#now.splice(at, 1);
    }
    const why = { ...(error === undefined ? {} : { error }), ...(notMade ? { notMade } : {}) };
    this.#now.push({ where, status, changes, result, facts, withheld: withheld === true, endedAtMs: atMs, ...why });
  }

  /** Something is done live here. */
  #works(where: Where): void {
    if (this.#again.has(executionKey(where))) return;
    this.#old = stillCounting(this.#old, where);
  }
}

type Ended = StampedEvent & { readonly type: 'ended' };
