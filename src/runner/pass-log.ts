import { isDeepStrictEqual } from 'node:util';
import { executionKey, type RunEvent, type Where } from '../core/event.ts';
import type { Evidence } from '../core/guard.ts';
import type { Recollection } from '../core/recall.ts';
import type { Value } from '../core/value.ts';
import type { RunDeps } from './deps.ts';
import { jsonOf } from './values.ts';
import type { Ended, LeftOut, Witness } from './witness.ts';

/** What happened in a pass, in order. `line`: something that would be a line of a journal, and changes nothing. */
export type Entry =
  | { readonly kind: 'line'; readonly atMs: number }
  | { readonly kind: 'started' }
  | { readonly kind: 'left out'; readonly change: LeftOut; readonly atMs: number }
  | { readonly kind: 'ended'; readonly record: Recollection; readonly open: boolean; readonly text?: string }
  | { readonly kind: 'recalled'; readonly record: Recollection; readonly again: boolean; readonly atMs: number };

/** Writes down a pass in check mode as the journal of a real run would have it, with what is not known kept as such. */
export class PassLog implements Witness {
  readonly entries: Entry[] = [];
  readonly #deps: Pick<RunDeps, 'clock' | 'masked'>;
  readonly #proved = new Map<string, Evidence[]>();
  readonly #facts = new Map<string, Record<string, Value>>();

  constructor(deps: Pick<RunDeps, 'clock' | 'masked'>) {
    this.#deps = deps;
  }

  /** Where events go. */
  readonly emit = ({ type }: RunEvent): void => {
    if (type !== 'progress' && type !== 'rehearsing') this.entries.push({ kind: 'line', atMs: this.#deps.clock.now() });
  };

  leftOut(change: LeftOut): void {
    const { clock, masked } = this.#deps;
    this.entries.push({ kind: 'left out', change: { ...change, where: masked(change.where) }, atMs: clock.now() });
  }

  started(): void {
    this.entries.push({ kind: 'started' });
  }

  proved(where: Where, evidence: Evidence): void {
    const key = executionKey(where);
    this.#proved.set(key, [...(this.#proved.get(key) ?? []), evidence]);
  }

  fact(where: Where, name: string, value: Value): void {
    const key = executionKey(where);
    this.#facts.set(key, { ...this.#facts.get(key), [name]: value });
  }

  /** What check mode leaves unknown is taken to have ended well. */
  ended({ where, status, changes = [], facts, error, text }: Ended, register: Value, hidden: boolean): void {
    const { clock, masked } = this.#deps;
    const key = executionKey(where);
    const proved = this.#proved.get(key);
    const json = jsonOf(register);
    const record: Recollection = {
      where: masked(where),
      status: status !== 'unknown' ? status : changes.length > 0 ? 'changed' : 'ok',
      changes,
      result: register,
      facts: { ...this.#facts.get(key), ...facts },
      withheld: hidden || !isDeepStrictEqual(json, masked(json)),
      endedAtMs: clock.now(),
      ...(error === undefined ? {} : { error }),
      ...(proved === undefined ? {} : { proved }),
    };
    const open = status === 'unknown' && changes.length === 0;
    this.entries.push({ kind: 'ended', record, open, ...(text === undefined ? {} : { text }) });
  }

  recalled(record: Recollection, again: boolean): void {
    this.entries.push({ kind: 'recalled', record, again, atMs: this.#deps.clock.now() });
  }
}
