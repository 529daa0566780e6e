import type { HandStep } from '../core/by-hand.ts';
import type { Evidence, Risk } from '../core/guard.ts';
import type { Out } from '../core/host.ts';
import type { Change, ModuleFinding, RunEffect } from '../core/module.ts';
import type { Json } from '../core/value.ts';

/** What a host answers to one command. Left out: status 0, no output. */
export interface Answer extends Partial<Out> {
  /** Further answers to the same command, in order; the last one is given from then on. */
  readonly later?: readonly Partial<Out>[];
  /** The host goes down under the command: its answer is lost. */
  readonly lost?: true;
}

/** A host of a case: how it answers, by the words of the command joined by blanks (and ` <<< input` where it has input). */
export interface ScriptedHost {
  readonly answers?: Readonly<Record<string, string | Answer>>;
  /** By path; one that is not here does not exist. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** One case of a module, as data. A command that no answer is written for fails the case. */
export interface ModuleCase {
  readonly name: string;
  /** As in a playbook; the module's defaults are filled in. */
  readonly params: Readonly<Record<string, Json>>;
  /** The host it runs on is the first one. */
  readonly hosts?: Readonly<Record<string, ScriptedHost>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly assumed?: readonly Risk[];
  /** In check mode; by default, where something is assumed. */
  readonly check?: boolean;
  /** With `--diff`. */
  readonly diff?: true;
  /** Texts of files of the machine that quorate runs on, by the parameter that names each. */
  readonly localFiles?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch at which it starts; time passes only while it sleeps. */
  readonly nowMs?: number;
  readonly expect: {
    /** Findings of `lint`; not asked for where left out. Where given alone, nothing is run. */
    readonly lint?: readonly Partial<ModuleFinding>[];
    /** What a control module tells the runner to do. */
    readonly effects?: readonly RunEffect[];
    /** What `observe` finds first: the wanted state (with `result`), these changes, or that it can't tell. */
    readonly changes?: readonly Change[] | 'same' | 'unknown';
    readonly risks?: readonly Risk[];
    /** The same as commands; not asked for where left out. */
    readonly byHand?: readonly HandStep[];
    readonly repeat?: 'safe' | 'never';
    /** Commands that `apply` runs, in order: `host: words`, as in `answers`. */
    readonly runs?: readonly string[];
    /** Files that `apply` writes: `host: path` and their text. */
    readonly writes?: Readonly<Record<string, string>>;
    /** Parts of the result: `observe` of an observe module, `done` or `apply` of an act, `observe` after `apply` of a converge. */
    readonly result?: Readonly<Record<string, Json>>;
    readonly evidence?: readonly Partial<Evidence>[];
    readonly failure?: { readonly code: string; readonly message?: RegExp; readonly hint?: RegExp };
    /** Texts shown while it waits; each must appear, in this order. */
    readonly progress?: readonly RegExp[];
    /** Milliseconds it slept in all. */
    readonly sleptMs?: number;
  };
}
