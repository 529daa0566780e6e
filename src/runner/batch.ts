import { Failure } from '../core/failure.ts';
import type { BatchSize, Play, Step } from '../core/plan.ts';
import { catchable, type Fault, type Faults, worstOf } from './fault.ts';
import type { Around } from './lane.ts';
import type { Session } from './session.ts';

/** The hosts of a play in the batches of its `serial`, the last size again and again; all at once where it has none. */
export function batchesOf({ serial, hosts: all }: Play, hosts: readonly string[]): readonly (readonly string[])[] {
  if (!serial) return [hosts];
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < hosts.length; ) {
    const size = sizeIn(serial[Math.min(batches.length, serial.length - 1)], all.length);
    batches.push(hosts.slice(from, from + size));
    from += size;
  }
  return batches;
}

function sizeIn(size: BatchSize | undefined, all: number): number {
  if (!size) return all;
  return 'hosts' in size ? size.hosts : Math.max(1, Math.floor((all * size.percent) / 100));
}

/** What a batch of a play has lost: hosts that failed and hosts that could not be reached count alike. */
export class Batch {
  readonly #hosts: readonly string[];
  readonly #play: Play;
  readonly #isLast: boolean;
  readonly #lost = new Map<string, Fault>();
  readonly #over = new Set<string>();
  #endsPlay = false;
  #isFatal = false;

  constructor(play: Play, hosts: readonly string[], isLast: boolean) {
    this.#play = play;
    this.#hosts = hosts;
    this.#isLast = isLast;
  }

  /** Nothing more of the play is done on these. */
  ends(hosts: Iterable<string>): void {
    for (const host of hosts) this.#over.add(host);
  }

  /** The play as a whole: later batches are not begun either. */
  endsPlay(): void {
    this.ends(this.#hosts);
    this.#endsPlay = true;
  }

  endsAll(): void {
    this.ends(this.#hosts);
  }

  get isPlayOver(): boolean {
    return this.#endsPlay;
  }

  isOver(host: string): boolean {
    return this.#over.has(host);
  }

  /** `fatal`: by the word of its task, or else of the play, that ends the run. What is said first counts: a task's word is nearer. */
  loses(host: string, fault: Fault, fatal: boolean): void {
    if (fatal && !this.#lost.has(host)) this.#isFatal = true;
    this.#lost.set(host, fault);
  }

  /** Why nothing more may be begun on any host, where so many are lost that the play ends the run. */
  get tooMany(): Fault | undefined {
    const { maxFailPercentage: most, serial } = this.#play;
    const lost = this.#lost.size;
    const all = this.#hosts.length;
    if (this.#isFatal) return this.#fault('no host may fail');
    if (most !== undefined && (100 * lost) / all > most)
      return this.#fault(most === 0 ? 'no host may fail' : `at most ${most} % may`);
    if (serial && lost === all && !this.#isLast)
      return this.#fault('none of the batch is left, so the next one is not begun');
    return undefined;
  }

  #fault(why: string): Fault {
    const faults = [...this.#lost.values()];
    const { kind, failure } = worstOf(faults) ?? { kind: 'failed' as const, failure: undefined };
    const hosts = [...this.#lost.keys()].join(', ');
    const message = `${hosts}: ${this.#lost.size} of ${this.#hosts.length} hosts failed, and ${why}: ${failure?.message ?? ''}`;
    const hint = failure?.hint;
    return { kind, failure: new Failure('too-many-failed', message, hint === undefined ? {} : { hint }) };
  }
}

/** Counts the hosts that steps have cost a batch; what a `rescue` around them deals with does not count. Halts the run where it is too much. */
export function countLost(faults: Faults, { batch, rescued, play }: Around, session: Session, step: Step): void {
  const fatal = (step.kind === 'task' ? step.anyErrorsFatal : undefined) ?? play.anyErrorsFatal ?? false;
  for (const [host, fault] of faults) {
    const isLost = fault.kind === 'unreachable' || (fault.kind === 'failed' && !(rescued && catchable(fault)));
    if (isLost) batch.loses(host, fault, fatal);
  }
  const { tooMany } = batch;
  if (tooMany) session.halt(tooMany);
}
