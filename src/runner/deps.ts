import type { RunEvent, RunResult, Where } from '../core/event.ts';
import type { ClusterAccess, CourseStep, Guard } from '../core/guard.ts';
import type { Clock, LocalFile } from '../core/host.ts';
import type { Inventory, InventoryHost } from '../core/inventory.ts';
import type { MembershipLock } from '../core/lock.ts';
import type { Module } from '../core/module.ts';
import type { Recall } from '../core/recall.ts';
import type { Derived } from '../core/template.ts';
import type { Connection } from '../core/transport.ts';
import type { Trouble } from '../core/trouble.ts';
import type { Json } from '../core/value.ts';

export interface RunOptions {
  /** Change nothing; say what would be changed. */
  readonly check: boolean;
  /** Changes are told with their texts. */
  readonly diff?: true;
  /** Most hosts worked on at once, where a play doesn't say. */
  readonly forks: number;
  /** Names of refused risks that the command line accepts (`--allow`). */
  readonly allow: readonly string[];
  /** Accepts the course that is shown (`--yes`). */
  readonly yes: boolean;
  /** In a resume: tasks (by id or name) of which it is said that they were done, or are to be done again. */
  readonly assumeDone?: readonly string[];
  readonly repeat?: readonly string[];
}

/** How a person is asked. */
export interface Consent {
  /** Shows the steps and asks for a typed yes. Absent where there is no terminal. */
  ask?(steps: readonly CourseStep[]): Promise<boolean>;
  /** Shows a text and gives the line that is typed. Absent where there is no terminal. */
  prompt?(text: string): Promise<string>;
  /** Asks whether what must happen once was done. Absent where there is no terminal. */
  decide?(what: string, where: Where): Promise<'done' | 'again' | 'stop'>;
}

/** All that a run needs of the outside. */
export interface RunDeps {
  /** The run's id; names its journal and the records of its jobs on the hosts. */
  readonly run: string;
  readonly inventory: Inventory;
  /**
   * Opens a host's connection, once a run; throws `Unreachable`. The runner closes what it opened; where it is still being
   * opened when the signal fires, it is given up.
   */
  connect(host: InventoryHost, signal: AbortSignal): Promise<Connection>;
  readonly guard: Guard;
  /** Keeps other runs from changing the same cluster. */
  readonly lock: MembershipLock;
  /** How etcdctl is reached for the members shown before and after. */
  readonly access: ClusterAccess;
  /** Reads a local file from the first of the folders that has it. Throws Failure `file-not-found`. */
  localFile(name: string, folders: readonly string[]): Promise<LocalFile>;
  /** The parameters with defaults filled in. Throws Failure `invalid-value` and the like. */
  validate(module: Module, params: Json): Readonly<Record<string, Json>>;
  /** The one exit of events (`exit.ts`). Throws Failure `journal-failed`. */
  emit(event: RunEvent): void;
  /** From now on this is masked in all events. */
  hide(secret: Json): void;
  /** What was made of a value by an expression: where that is hidden, this is too. Absent: nothing is made of secrets. */
  readonly derived?: Derived;
  /** The same value with what is hidden masked, as events tell it. */
  masked<T>(value: T): T;
  readonly clock: Clock;
  /** Finish the step that is under way, run `always` sections, then stop. */
  readonly stop: AbortSignal;
  /** End what runs on the hosts, now. */
  readonly abort: AbortSignal;
  readonly consent: Consent;
  readonly options: RunOptions;
  /** What is wrong with the machine that quorate runs on, where that may be why a run failed: a full disk. Never throws. */
  readonly ownTrouble?: () => Promise<Trouble | undefined>;
  /** What to type to run the same again: `quorate run extend-to-three -e …`. */
  readonly again: string;
  /** What to type to go on with this run; absent where no journal is kept. */
  readonly resume?: string;
  /** What earlier processes of this run did; absent in the first one. */
  readonly recall?: Recall;
}

/** How a run ended; `exitCode` maps it. */
export interface RunOutcome {
  readonly outcome: RunResult;
}
