/** Runs `work` on all items, at most `width` at once; in order of the items. Rejects with the first rejection, after all ended. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(Math.max(width, 1), items.length) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Lets one through at a time: a change is weighed, made and seen to have settled before the next one is weighed. */
export class Turn {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** `waited` tells `work` that others had the turn in between, so that what it saw before may be out of date. */
  async take<T>(work: (waited: boolean) => Promise<T>): Promise<T> {
    const before = this.#last;
    const waited = this.#waiting > 0;
    this.#waiting += 1;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      return await work(waited);
    } finally {
      this.#waiting -= 1;
      resolve();
    }
  }
}
