import type { Static, TObject, TSchema } from 'typebox';
import type { HandPlace, HandStep } from './by-hand.ts';
import type { Evidence, Risk } from './guard.ts';
import type { Host, LocalFiles, Probe } from './host.ts';
import type { Validate } from './validate.ts';
import type { Json } from './value.ts';

/** One line of a change: "nodes: node001 → node001,node002". */
export interface Change {
  readonly what: string;
  readonly before?: string;
  readonly after?: string;
  /** Only where `probe.diff` asks for it: what is changed, whole; a file that is absent is empty. Never in a journal. */
  readonly texts?: { readonly before: string; readonly after: string };
}

/** The wanted state is there. */
export interface Same<S, R> {
  readonly kind: 'same';
  readonly state: S;
  readonly result: R;
}

/** The wanted state is not there; `changes` is what `apply` would do, never empty. */
export interface Differs<S> {
  readonly kind: 'differs';
  readonly state: S;
  readonly changes: readonly Change[];
  /** What of the result is known beforehand (a new member has not started); the rest is unknown in check mode. */
  readonly foreseen?: { readonly [key: string]: Json };
}

/** What is there could not be told. Nothing is changed; the task fails with `unknown-state`. */
export interface NotSeen {
  readonly kind: 'unknown';
  readonly why: string;
}

export type Observation<S, R> = Same<S, R> | Differs<S> | NotSeen;

/** A finding of a module's own about its parameters; `at` is the path of the parameter it is about. */
export interface ModuleFinding {
  readonly at: readonly (string | number)[];
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

interface ModuleBase<P extends TObject, R extends TSchema> {
  /** As in a playbook: `etcdctl_member`. */
  readonly name: string;
  /** One sentence, for lists. */
  readonly summary: string;
  /** Markdown for the reference: what it relies on, what it refuses, where its rules come from. */
  readonly description: string;
  /** The one source of the type, the validator, the JSON Schema, the reference and the lint. */
  readonly params: P;
  /** What a register of it holds, besides `changed`, `failed`, `skipped`, `message`, which every result has. */
  readonly returns: R;
  readonly examples: readonly { readonly title: string; readonly yaml: string }[];
  /** True where a failure of its work leaves in the result all that it returns, as a command that ended with another status does. */
  readonly failureKeeps?: true;
  /** Ansible's free form (`command: uptime`): the parameter that a plain string stands for. */
  readonly freeForm?: keyof Static<P> & string;
  /**
   * Findings that need no host. Parameters that hold expressions are left out, and where there are such, findings about the
   * whole (`at` is empty) do not count: what they miss may be there.
   */
  readonly lint?: (params: Readonly<Record<string, Json>>) => readonly ModuleFinding[];
  /**
   * The files of the machine that quorate runs on which these parameters name, by parameter: relative ones lie beside the
   * playbook or the tasks file. They are looked for before the run where their names are literal, and read right before
   * each try. A parameter that is not known yet is null.
   */
  readonly localFiles?: (params: Readonly<Record<string, Json>>) => Readonly<Record<string, string>>;
  /**
   * The parameter that names a template file, and the one in which the module gets what it renders to. The file is read and
   * checked with the playbook; the second parameter cannot be written.
   */
  readonly rendered?: { readonly from: keyof Static<P> & string; readonly into: keyof Static<P> & string };
  /** Only of a module of the user's own: its validator, made when it was loaded. Those of shipped ones are made ahead. */
  readonly checkParams?: Validate;
  /** Only of a module of the user's own: the file that defines it, as messages show it. */
  readonly file?: string;
}

/** Only looks; may wait inside. */
export interface ObserveModule<P extends TObject = TObject, R extends TSchema = TSchema> extends ModuleBase<P, R> {
  readonly kind: 'observe';
  /**
   * True where all it reads comes through readers that take `probe.assumed` into account, so that it can run in check mode
   * after changes that were not made. Otherwise it is not run there, and its result is unknown.
   */
  readonly foresees: boolean;
  /** True where it ends only once a member that was added has started, so that in check mode it has by then. */
  readonly awaitsStart?: true;
  /** It looks at the members of a cluster: and fails where they are not as they should be, or its result tells how they are. */
  readonly members?: 'judged' | 'told';
  observe(probe: Probe, params: Static<P>): Promise<Static<R>>;
  /** The same looked at by hand. Pure; parameters that are not known before the run are left out. */
  byHand?(params: Static<P>, place: HandPlace): readonly HandStep[];
}

/** Brings a state about: observe → guard → apply → observe until it is the same. */
export interface ConvergeModule<P extends TObject = TObject, R extends TSchema = TSchema, S = unknown>
  extends ModuleBase<P, R> {
  readonly kind: 'converge';
  /** True where its risks can be a change of the membership or the stop of a member: then the course is shown first. */
  readonly weighed: boolean;
  /**
   * `applied` is the state that `apply` was given, in the looks after it: what can only be told from a difference (a
   * restart, a new time stamp) is wanted where it is absent, and there where it is and the difference is seen.
   */
  observe(probe: Probe, params: Static<P>, applied?: S): Promise<Observation<S, Static<R>>>;
  risks(params: Static<P>, state: S): readonly Risk[];
  /** What of these its parameters alone tell, for lint. What holds expressions is a text that is none of its values. Pure. */
  foretells?(params: Readonly<Record<string, Json>>): readonly Risk[];
  /** Makes the change. What it returns is added to the result; what it changed is what a new `observe` sees. */
  apply(host: Host, params: Static<P>, state: S): Promise<Partial<Static<R>> | undefined>;
  /** The same done by hand. Pure. */
  byHand?(params: Static<P>, place: HandPlace, state: S): readonly HandStep[];
  /**
   * True where the state before the change goes into the journal (as JSON, so it must be that), so that a resume can give it
   * to `observe` as `applied` and a change that was under way is not made twice.
   */
  remembersState?(params: Static<P>): boolean;
  /** How long after `apply` the wanted state may take to be seen. 0: it must be there at once. */
  settleMs(params: Static<P>): number;
}

/** Does something whose effect can't be seen as a state. */
export interface ActModule<P extends TObject = TObject, R extends TSchema = TSchema> extends ModuleBase<P, R> {
  readonly kind: 'act';
  readonly weighed: boolean;
  /** `never`: what must happen once. It is not retried, and a resume asks. */
  repeat(params: Static<P>): 'safe' | 'never';
  /** Defined result: it is done already, and `apply` is left out. */
  done?(probe: Probe, params: Static<P>): Promise<Static<R> | undefined>;
  /** `host` is where it would run: the task's host, or the one it is delegated to. */
  risks(params: Static<P>, host: string, files: LocalFiles): readonly Risk[];
  /** The commands that it runs, each in its words, as far as they stand in its parameters; for lint. Pure. */
  commands?(params: Static<P>): readonly (readonly string[])[];
  /** True where it is known to only look, so that a task's `check_mode: false` may have it run in check mode. Absent: never. */
  onlyLooks?(params: Static<P>): boolean;
  /** A `changed: false` in the result says that nothing was changed after all. */
  apply(host: Host, params: Static<P>): Promise<Static<R>>;
  /** The same done by hand. Pure. */
  byHand?(params: Static<P>, place: HandPlace): readonly HandStep[];
  proves?(result: Static<R>, nowMs: number): readonly Evidence[];
}

/** What the runner is to do; touches no host. */
export type RunEffect =
  /** What a file has for names, as it was read with the playbook. */
  | { readonly kind: 'include-vars'; readonly file: string }
  | { readonly kind: 'set-facts'; readonly facts: Readonly<Record<string, Json>> }
  | { readonly kind: 'show'; readonly text: string }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Asks at the terminal, once for all hosts; the answer becomes `user_input` of the result. */
  | { readonly kind: 'ask'; readonly text: string }
  | { readonly kind: 'check'; readonly that: boolean; readonly message: string; readonly hint?: string };

export interface ControlModule<P extends TObject = TObject, R extends TSchema = TSchema> extends ModuleBase<P, R> {
  readonly kind: 'control';
  /**
   * True where its parameters are facts by their names (`set_fact`): a fact whose value is not known in check mode is
   * then unknown instead of undefined.
   */
  readonly namesFacts?: boolean;
  /**
   * The parameter that names a file of vars, and the one that may say which name has all of them. The file is read and checked with
   * the playbook.
   */
  readonly readsVars?: { readonly from: keyof Static<P> & string; readonly under: keyof Static<P> & string };
  control(params: Static<P>): readonly RunEffect[];
}

export type Module = ObserveModule | ConvergeModule | ActModule | ControlModule;

// The four makers infer a module's types from its schemas, and give back the form in which the runner takes any module.
// The runner only ever passes parameters that the module's own schema accepted, and states that its own observe made.
export function observe<P extends TObject, R extends TSchema>(m: Omit<ObserveModule<P, R>, 'kind'>): ObserveModule {
  return { ...m, kind: 'observe' } as unknown as ObserveModule;
}
export function converge<P extends TObject, R extends TSchema, S>(
  m: Omit<ConvergeModule<P, R, S>, 'kind'>,
): ConvergeModule {
  return { ...m, kind: 'converge' } as unknown as ConvergeModule;
}
export function act<P extends TObject, R extends TSchema>(m: Omit<ActModule<P, R>, 'kind'>): ActModule {
  return { ...m, kind: 'act' } as unknown as ActModule;
}
export function control<P extends TObject, R extends TSchema>(m: Omit<ControlModule<P, R>, 'kind'>): ControlModule {
  return { ...m, kind: 'control' } as unknown as ControlModule;
}
