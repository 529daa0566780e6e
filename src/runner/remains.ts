import { executionKey, type Where } from '../core/event.ts';
import type { Risk } from '../core/guard.ts';
import { type Recollection, stillCounting, type UnderWay } from '../core/recall.ts';
import type { KillPoint } from '../core/simulation.ts';
import { unknownIn } from '../core/value.ts';
import type { Entry } from './pass-log.ts';
import { PROOF_MS } from './recalled.ts';
import { asStarted, type LeftOut, notStarted } from './witness.ts';

/** What a simulated run that was killed leaves behind. */
export interface Remains {
  readonly killed: KillPoint;
  /** How many lines of the journal are written by then and not yet by the remains before: all of them leave this. */
  readonly lines: number;
  readonly atMs: number;
  /** What its journal tells. */
  readonly ended: readonly Recollection[];
  readonly underWay: readonly UnderWay[];
  /** What must happen once, is under way, and was really done: by execution. */
  readonly reallyDone: ReadonlySet<string>;
  /** The risks of all changes that are really made, in order. */
  readonly made: readonly Risk[];
  /** How many changes that is, with risks or without. */
  readonly changes: number;
  /** What BCM does yet by itself, before anything else is changed. */
  readonly following: readonly Risk[];
}

export const nothingYet = (atMs: number): Remains => ({
  killed: { moment: 'begun' },
  lines: 1,
  atMs,
  ended: [],
  underWay: [],
  reallyDone: new Set(),
  made: [],
  changes: 0,
  following: [],
});

/**
 * What a pass that began with `from` would leave, killed after each line of its journal, in order. Change by change: announced;
 * where BCM is to act on a configuration, made in part; made, its end not written. A change that nothing assumes (a file) is
 * seen by the resume itself on the host, which is as if its end had been written.
 */
export function remainsOf(log: readonly Entry[], from: Remains): readonly Remains[] {
  const fold = new Fold(from);
  for (const entry of log) fold.tell(entry);
  return fold.all;
}

class Fold {
  readonly all: Remains[] = [];
  /** Of earlier passes, not yet recalled in this one. As in `journal/recall.ts`. */
  #old: Recollection[];
  #now: Recollection[] = [];
  readonly #again = new Set<string>();
  readonly #open: Map<string, UnderWay>;
  readonly #reallyDone: Set<string>;
  #made: readonly Risk[];
  #changes: number;
  #following: readonly Risk[];

  constructor(from: Remains) {
    this.#old = [...from.ended];
    this.#open = new Map(from.underWay.map(it => [executionKey(it.where), it]));
    this.#reallyDone = new Set(from.reallyDone);
    this.#made = from.made;
    this.#changes = from.changes;
    this.#following = from.following;
    this.#leaves(from.killed, from.atMs);
  }

  tell(entry: Entry): void {
    switch (entry.kind) {
      case 'line': {
        const last = this.all.at(-1);
        if (last) this.all[this.all.length - 1] = { ...last, lines: last.lines + 1, atMs: entry.atMs };
        break;
      }
      case 'started':
        this.#made = asStarted(this.#made);
        break;
      case 'left out':
        this.#leftOut(entry.change, entry.atMs);
        break;
      case 'ended':
        this.#ended(entry.record);
        this.#leaves({ moment: 'ended', where: entry.record.where }, entry.record.endedAtMs);
        break;
      case 'recalled':
        this.#recalled(entry.record, entry.again);
        this.#leaves({ moment: 'ended', where: entry.record.where }, entry.atMs);
        break;
    }
  }

  #leftOut(change: LeftOut, atMs: number): void {
    const { where, changes, once } = change;
    const key = executionKey(where);
    this.#works(where);
    this.#open.set(key, { where, changes, begunAtMs: atMs });
    this.#reallyDone.delete(key);
    this.#leaves({ moment: 'announced', where }, atMs, 1);
    const done = [...this.#made, ...this.#following];
    const before = change.starts ? asStarted(done) : done;
    const risks = notStarted(change.risks);
    const configuration = risks.filter(risk => risk.kind === 'configuration');
    const rest = risks.filter(risk => risk.kind !== 'configuration');
    this.#changes += 1;
    if (configuration.length > 0 && rest.length > 0) {
      this.#made = [...before, ...configuration];
      this.#following = rest;
      this.#leaves({ moment: 'in part', where }, atMs, 1);
    }
    this.#made = [...before, ...risks];
    this.#following = [];
    if (once) this.#reallyDone.add(key);
    if (isModelled(risks) || !change.seen) this.#leaves({ moment: 'made', where }, atMs, 1);
  }

  #ended(record: Recollection): void {
    const key = executionKey(record.where);
    this.#works(record.where);
    if (!record.error) this.#open.delete(key);
    if (this.#again.delete(key)) {
      const at = this.#now.findLastIndex(it => executionKey(it.where) === key);
      if (at >= 0) this.#now.splice(at, 1);
    }
    this.#now.push(record);
  }

  #recalled(record: Recollection, again: boolean): void {
    const key = executionKey(record.where);
    const at = this.#old.indexOf(record);
    if (at >= 0) this.#old.splice(at, 1);
    this.#now.push(record);
    if (again) this.#again.add(key);
  }

  /** Something is done live here: what came later in an earlier pass no longer counts on that host. */
  #works(where: Where): void {
    if (this.#again.has(executionKey(where))) return;
    this.#old = stillCounting(this.#old, where);
  }

  #leaves(killed: KillPoint, atMs: number, lines = 0): void {
    this.all.push({
      killed,
      lines,
      atMs,
      ended: [...this.#now, ...this.#old],
      underWay: [...this.#open.values()],
      reallyDone: new Set(this.#reallyDone),
      made: this.#made,
      changes: this.#changes,
      following: this.#following,
    });
  }
}

/** True where a later look in check mode sees whether it was made. */
function isModelled(risks: readonly Risk[]): boolean {
  return risks.some(({ kind }) => kind === 'membership' || kind === 'configuration' || kind === 'leadership');
}

/** The same for remains that a resume can't tell from each other. */
export function remainsKey({ ended, underWay, reallyDone, made, changes, following, atMs }: Remains): string {
  const records = ended.map(it => recordKey(it, atMs)).join('\n');
  const open = underWay.map(({ where }) => executionKey(where));
  return JSON.stringify([records, open, [...reallyDone], made, changes > 0, following]);
}

const keys = new WeakMap<Recollection, string>();

function recordKey(record: Recollection, nowMs: number): string {
  const known = keys.get(record);
  const key = known ?? `${executionKey(record.where)} ${record.status} ${valueKey(record)}`;
  if (known === undefined) keys.set(record, key);
  // A proof counts while it is young.
  return record.proved ? `${key} ${nowMs - record.endedAtMs > PROOF_MS ? 'old' : 'young'}` : key;
}

function valueKey({ result, facts, withheld }: Recollection): string {
  return `${withheld} ${unknownIn(result) ? 'unknown' : 'known'} ${JSON.stringify([result, facts])}`;
}
