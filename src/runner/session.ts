import type { HandStep } from '../core/by-hand.ts';
import { executionKey, type HandTask, type RunEvent, type Status, type Where } from '../core/event.ts';
import { Cancelled } from '../core/failure.ts';
import type { CourseStep, Evidence, Risk } from '../core/guard.ts';
import { isOver, type Recollection } from '../core/recall.ts';
import type { Template } from '../core/template.ts';
import type { Json, Value } from '../core/value.ts';
import type { Batch } from './batch.ts';
import type { Connections } from './connections.ts';
import type { RunDeps } from './deps.ts';
import { ExposedNames } from './exposed.ts';
import { type Fault, faultOf, halting } from './fault.ts';
import { Foreseen } from './foreseen.ts';
import { Known } from './known.ts';
import { Locks } from './locks.ts';
import { Memory } from './memory.ts';
import { withoutDetails, withoutDiff } from './no-log.ts';
import type { Decision } from './outcome.ts';
import { Turn } from './pool.ts';
import type { Ending } from './result.ts';
import { Totals } from './totals.ts';
import { Waiting } from './waiting.ts';
import { asStarted, type LeftOut, type Witness } from './witness.ts';

/**
 * What one pass over a plan keeps: the real one, one in check mode, or the rehearsal before a real one. Everything that
 * lasts longer than a task stands here; the rest of the runner is functions.
 */
export class Session {
  readonly deps: RunDeps;
  readonly connections: Connections;
  readonly check: boolean;
  readonly totals: Totals;
  /** Registers and facts, by host; they outlive a play. */
  readonly found = new Map<string, Map<string, Value>>();
  /** Hosts that failed or could not be reached: they take no part in later plays. */
  readonly lost = new Map<string, Fault>();
  readonly turn = new Turn();
  readonly questions = new Turn();
  readonly evidence: Evidence[] = [];
  /** Check mode: the risks of the changes that were not made, in order. */
  readonly assumed: Risk[] = [];
  /** Of a simulated past: what BCM does by itself before anything else is changed. */
  readonly following: Risk[] = [];
  /** Check mode: how many changes, with risks or without, were not made. From the first on, what is seen may be out of date. */
  notMade = 0;
  /** True once an expression asked whether this is check mode: then a pass in check mode is not what a real one would be. */
  askedForMode = false;
  /** Every risk that was judged, in order. */
  readonly course: CourseStep[] = [];
  /** `consentKey`s of the steps that were said yes to. */
  readonly consented = new Set<string>();
  /** What a change by somebody else is told from. */
  readonly known: Known;
  readonly foreseen = new Foreseen();
  readonly locks: Locks;
  /** Real changes that ended, and those that are being made, for the last words of a run that stops early. */
  readonly changed: Where[] = [];
  readonly #underWay = new Map<string, Where>();
  /** What this run still has to do, as commands: of check mode its own, of a real run what its rehearsal found. */
  readonly #byHand = new Map<string, HandTask>();
  /** What was typed at the prompts of tasks, by task and round: hosts share it. */
  readonly typed = new Map<string, Promise<string>>();
  /** What earlier processes of the run did, as far as this pass has not come to it yet. */
  readonly memory: Memory;
  /** What was said of things that must happen once, by execution. */
  readonly decisions = new Map<string, Decision>();
  readonly waiting = new Waiting();
  /** How tasks with `run_once` ended, by task and rounds, and in which batch of their play. */
  readonly once = new Map<string, { readonly ending: Ending; readonly batch: Batch }>();
  /** Roles that are done once, by what they are known by, play and host. */
  readonly rolesDone = new Set<string>();
  /** What `include_vars` gave, by host; it outlives a play. */
  readonly #included = new Map<string, Map<string, Template>>();
  /** By play: what roles that were entered have given to all of it. */
  readonly #exposed = new Map<string, ExposedNames>();
  /** The ids of tasks with `no_log`. */
  readonly quiet = new Set<string>();
  /** Those of tasks with `diff: false`. */
  readonly undiffed = new Set<string>();
  readonly #witness: Witness | undefined;
  readonly #emit: (event: RunEvent) => void;
  #halted: Fault | undefined;

  constructor(
    deps: RunDeps,
    pass: {
      check: boolean;
      hosts: Iterable<string>;
      connections: Connections;
      emit: (event: RunEvent) => void;
      witness?: Witness;
    },
  ) {
    this.deps = deps;
    this.check = pass.check;
    this.connections = pass.connections;
    this.totals = new Totals(pass.hosts);
    this.#emit = pass.emit;
    this.#witness = pass.witness;
    this.known = new Known(event => this.emit(event));
    this.locks = new Locks(deps, pass.connections);
    this.memory = new Memory(deps.recall, where => deps.masked(where));
  }

  /** Sends an event out. Throws only for an intent (`changing`) that the journal could not keep; else the run is halted. */
  emit(event: RunEvent): void {
    const open = 'where' in event && this.quiet.has(event.where.task) ? withoutDetails(event) : event;
    const told = open && 'where' in open && this.undiffed.has(open.where.task) ? withoutDiff(open) : open;
    if (!told) return;
    try {
      this.#emit(told);
    } catch (error) {
      this.halt(faultOf(error));
      if (event.type === 'changing') throw error;
    }
  }

  /** A change begins; until its end is seen it is under way. */
  begins(where: Where): void {
    this.#underWay.set(executionKey(where), where);
  }

  noLongerUnderWay(where: Where): void {
    this.#underWay.delete(executionKey(where));
  }

  get underWay(): readonly Where[] {
    return [...this.#underWay.values()];
  }

  /** What a rehearsal found out for the real pass. */
  follows(rehearsal: Session): void {
    for (const { where, steps } of rehearsal.remaining) this.noteByHand(where, steps);
    this.foreseen.takeOver(rehearsal.foreseen);
    for (const [key, decision] of rehearsal.decisions) this.decisions.set(key, decision);
  }

  /** Check mode: a change is not made. What comes after it sees what it risks as come true. */
  leavesOut(change: LeftOut): void {
    if (change.starts) this.#markStarted();
    this.assumed.push(...this.following.splice(0), ...change.risks);
    this.notMade += 1;
    this.#witness?.leftOut(change);
  }

  /** What was added in a simulated past has been started by now. */
  takesAsStarted(): void {
    this.#markStarted();
    this.#witness?.started();
  }

  #markStarted(): void {
    this.assumed.splice(0, this.assumed.length, ...asStarted(this.assumed));
  }

  /** Check mode: what a task would prove is taken as proved. */
  takesAsProved(where: Where, evidence: Evidence): void {
    this.evidence.push(evidence);
    this.#witness?.proved(where, evidence);
  }

  /** Check mode: a fact of `host` is set, or would be. */
  foreseesFact(host: string, where: Where, name: string, value: Value): void {
    this.foundOn(host).set(name, value);
    this.#witness?.fact(where, name, value);
  }

  /** How a task is done by hand. Of one with `no_log` nothing is told. */
  noteByHand(where: Where, steps: readonly HandStep[]): void {
    if (steps.length > 0 && !this.quiet.has(where.task)) this.#byHand.set(executionKey(where), { where, steps });
  }

  /** What is not done yet, as commands, in order. */
  get remaining(): readonly HandTask[] {
    return [...this.#byHand.values()];
  }

  /** Sends out how a task ended, and counts it. `register` is what is registered, where it is more than the result tells. */
  ended(
    event: { where: Where; status: Status; durationMs: number; result: Json } & Partial<EndedDetails>,
    register: Value = event.result,
  ): void {
    if (event.where.item === undefined) this.totals.count(event.where.host, event.status);
    if (event.status === 'changed' && !event.notMade) this.#noteChanged(event.where);
    const key = executionKey(event.where);
    const byHand = this.check ? this.#byHand.get(key)?.steps : undefined;
    if (!this.check && isDone(event.status)) this.#byHand.delete(key);
    this.#witness?.ended(event, register, this.quiet.has(event.where.task));
    this.emit({ type: 'ended', changes: [], ...event, ...(byHand === undefined ? {} : { byHand }) });
  }

  /** Sends out that it had ended in an earlier process of the run, and counts it unless it is done `again`. */
  recalled(record: Recollection, place: Where, again: boolean): void {
    const { status, changes, endedAtMs } = record;
    const where = { ...place, on: record.where.on };
    if (!again && where.item === undefined) {
      this.totals.count(where.host, status);
    }
    if (!again && status === 'changed') this.#noteChanged(where);
    this.#witness?.recalled(record, again);
    this.emit({ type: 'recalled', where, status, changes, endedAtMs, ...(again ? { again } : {}) });
  }

  /** The first fault that concerns the whole run stays the reason of its end. */
  halt(fault: Fault): void {
    if (halting(fault)) this.#halted ??= fault;
  }

  /** Why nothing new may be started; in an `always` section (`cleaning`) only the reasons that no cleaning up survives. */
  halted(cleaning: boolean): Fault | undefined {
    if (this.deps.abort.aborted) this.halt(faultOf(new Cancelled('ended at once by its user')));
    else if (this.deps.stop.aborted) this.halt(faultOf(new Cancelled('stopped by its user')));
    const fault = this.#halted;
    if (!fault || !cleaning) return fault;
    const final = this.deps.abort.aborted || fault.kind === 'defect' || fault.failure.code === 'journal-failed';
    return final ? fault : undefined;
  }

  /** Ends a wait: a second Ctrl-C always, the first one everywhere but in an `always` section. */
  patience(cleaning: boolean): AbortSignal {
    const { abort, stop } = this.deps;
    return cleaning ? abort : AbortSignal.any([abort, stop]);
  }

  /** A loop is told by its items, so that those count of one that did not come to its end. */
  #noteChanged(where: Where): void {
    if (this.check) return;
    const isRound = ({ item, ...whole }: Where) => item !== undefined && executionKey(whole) === executionKey(where);
    if (where.item === undefined && this.changed.some(isRound)) return;
    this.changed.push(where);
  }

  /** What `include_vars` gave a host. */
  includedOn(host: string): Map<string, Template> {
    const there = this.#included.get(host);
    if (there) return there;
    const included = new Map<string, Template>();
    this.#included.set(host, included);
    return included;
  }

  exposedIn(play: string): ExposedNames {
    const there = this.#exposed.get(play);
    if (there) return there;
    const exposed = new ExposedNames();
    this.#exposed.set(play, exposed);
    return exposed;
  }

  /** The registers and facts of a host. */
  foundOn(host: string): Map<string, Value> {
    const there = this.found.get(host);
    if (there) return there;
    const found = new Map<string, Value>();
    this.found.set(host, found);
    return found;
  }
}

/** Nothing is left to do by hand of it. */
function isDone(status: Status): boolean {
  return isOver(status) && status !== 'ignored' && status !== 'rescued';
}

type EndedDetails = Omit<Extract<RunEvent, { type: 'ended' }>, 'type' | 'where' | 'status' | 'durationMs' | 'result'>;
