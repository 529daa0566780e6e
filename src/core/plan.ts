import type { Module } from './module.ts';
import type { Source, Span } from './source.ts';
import type { Template } from './template.ts';
import type { Json } from './value.ts';

/** A playbook that was checked whole: names known, hosts chosen, inputs given. Nothing has been asked of a host yet. */
export interface Plan {
  readonly source: Source;
  readonly plays: readonly Play[];
}

export interface Play {
  /** `p0`, `p1` …; a task's id begins with its play's. Stable for the same text. */
  readonly id: string;
  readonly name: string;
  readonly span: Span;
  /** Hosts of the inventory, in its order, after --limit. Never empty. */
  readonly hosts: readonly string[];
  /** The typed inputs, with -e and defaults applied; defaults may be expressions over earlier params. */
  readonly params: Readonly<Record<string, Json>>;
  readonly secretParams: readonly string[];
  readonly vars: ReadonlyMap<string, Template>;
  /** Of the files in `vars_files`; absent: there are none. */
  readonly fileVars?: ReadonlyMap<string, Template>;
  /** The vars and defaults of the roles that it names, for all of it. A role's own are nearer to it (`RoleScope`). */
  readonly roleVars?: ReadonlyMap<string, Template>;
  readonly roleDefaults?: ReadonlyMap<string, Template>;
  /** No host waits for the others; they go through all tasks each by itself, so many at once. */
  readonly free?: boolean;
  /** Conditions of an import of its playbook; asked for each of its tasks, not for handlers. */
  readonly when?: readonly Template[];
  readonly tasks: readonly Step[];
  /** Done after the tasks, or at a flush, on the hosts on which a task that changed something named them; in their order. */
  readonly handlers: readonly Task[];
  /** Most hosts worked on at once in this play; absent: the run's --forks. */
  readonly forks?: number;
  /** The sizes of the batches in which the hosts are taken, the last one again and again. Absent: all at once. */
  readonly serial?: readonly BatchSize[];
  /** A host that is lost ends the run for all, where its task does not say otherwise. */
  readonly anyErrorsFatal?: boolean;
  /** More failed or unreachable hosts of a batch than this, in percent, end the run. Absent: never. */
  readonly maxFailPercentage?: number;
  /** Handlers that were notified are done on hosts that failed, too. */
  readonly forceHandlers?: boolean;
}

/** Hosts, or percent of the hosts of the play; at least one host in any case. */
export type BatchSize = { readonly hosts: number } | { readonly percent: number };

export type Step = Task | Block | Include | Flush | End;

interface StepBase {
  /** `p0.t3`, `p0.t3.b1`: the place in the playbook. Stable for the same text. */
  readonly id: string;
  readonly span: Span;
  /** Absent: the module's name stands for it. */
  readonly name?: Template;
  /** All must be true. A block's are asked for each task in it, an include's once, before its tasks. */
  readonly when: readonly Template[];
  readonly vars: ReadonlyMap<string, Template>;
  /** Its own and those it inherits. */
  readonly tags: readonly string[];
}

export interface Task extends StepBase {
  readonly kind: 'task';
  readonly module: Module;
  /** Renders to the module's parameters. */
  readonly args: Template;
  readonly loop?: Loop;
  readonly register?: string;
  /** Tries again until all are true. Without `until`, `retries` tries again after a failure. */
  readonly until: readonly Template[];
  /** Tries after the first one: `retries: 2` means three tries, as in Ansible. */
  readonly retries?: Template;
  /** Seconds between tries; default 5, as in Ansible. A try of what must happen once is never repeated. */
  readonly delay?: Template;
  /** Each wait is the last one times this; 1 by default. */
  readonly backoff?: Template;
  /** Seconds for one try. */
  readonly timeout?: Template;
  readonly changedWhen?: readonly Template[];
  readonly failedWhen?: readonly Template[];
  readonly ignoreErrors?: Template;
  readonly delegateTo?: Template;
  /** Its facts are those of the host in `delegateTo`. */
  readonly delegateFacts?: boolean;
  /** A host that it costs ends the run for all; false: not, even if the play says so. */
  readonly anyErrorsFatal?: boolean;
  /** Done on one host of the play, the first whose conditions hold; all of them have its result. */
  readonly runOnce: boolean;
  /** Most hosts at once. */
  readonly throttle?: Template;
  /** Each renders to a map of variables for the environment of its commands: the outermost first, later ones win. */
  readonly environment?: readonly Template[];
  readonly login?: LoginTemplates;
  /** Of a handler: the roles it is from, outermost first. Tasks have them from the includes around them. */
  readonly roles?: readonly RoleScope[];
  /** True: it only looks. False: in check mode too it runs, where it is known to only look. */
  readonly checkMode?: Template;
  /** True: its changes are shown line by line, as with `--diff`. False: without what was before and what is after. */
  readonly diff?: boolean;
  readonly ignoreUnreachable?: Template;
  readonly noLog: boolean;
  /** Where the local files that it names are looked for, in order. */
  readonly folders: readonly string[];
  /** The ids of the handlers of its play that are waiting once it has changed something. */
  readonly notify: readonly string[];
  /** Of a task that gives names the values of a file. */
  readonly included?: IncludedVars;
  /** Names of risks that this task may ask about where they would be refused; --allow is still needed. */
  readonly allow: readonly string[];
}

/** What the files have for names, by the name of the file as the task has it. */
export type IncludedVars = ReadonlyMap<string, ReadonlyMap<string, Template>>;

/** What a role adds to the names that its tasks see. */
export interface RoleScope {
  readonly name: string;
  /** What stands beside its name; only magic names are nearer. */
  readonly params: ReadonlyMap<string, Template>;
  /** The `vars` of its `import_role`, which are those of a block around its tasks. */
  readonly around: ReadonlyMap<string, Template>;
  /** Its own, over those of the entry; nearer than the play's, farther than registers. */
  readonly vars: ReadonlyMap<string, Template>;
  /** Farther than all else. */
  readonly defaults: ReadonlyMap<string, Template>;
}

/** As whom a task is done, and how its host is reached, where not as the inventory says. */
export interface LoginTemplates {
  readonly connection?: 'ssh' | 'local';
  readonly user?: Template;
  readonly port?: Template;
  readonly become?: Template;
  /** Default: root. */
  readonly becomeUser?: Template;
  readonly becomeFlags?: Template;
}

export interface Loop {
  /** Renders to a list. */
  readonly over: Template;
  readonly variable: string;
  readonly indexVariable?: string;
  readonly label?: Template;
  /** Seconds between items. */
  readonly pause?: Template;
}

export interface Block extends StepBase {
  readonly kind: 'block';
  readonly body: readonly Step[];
  readonly rescue: readonly Step[];
  readonly always: readonly Step[];
}

/** A tasks file. Its text is read and checked with the playbook; its tasks are entered when reached. */
export interface Include extends StepBase {
  readonly kind: 'include';
  /** Import: as if the tasks stood here (`when` is asked for each). Include: `when`, `loop` and vars are worked out once, here. */
  readonly mode: 'import' | 'include';
  readonly file: string;
  /** Of a role that is entered: what its tasks see. Absent: a tasks file. */
  readonly role?: RoleScope;
  /** What it is known by where it is done once a play and host. */
  readonly once?: string;
  /** True where what the role has is seen by the rest of the play, once it is entered. */
  readonly exposes?: true;
  readonly loop?: Loop;
  readonly body: readonly Step[];
}

/** The handlers that are waiting are done now, not at the end of the play. Has no conditions. */
export interface Flush extends StepBase {
  readonly kind: 'flush';
}

/** Nothing more of the play is done on a host, or on any of its batch, or at all; nobody has failed. Handlers that wait are done. */
export interface End extends StepBase {
  readonly kind: 'end';
  readonly of: 'host' | 'batch' | 'play';
}

/** All tasks of a play, handlers included. */
export function* tasksOfPlay({ tasks, handlers }: Pick<Play, 'tasks' | 'handlers'>): Generator<Task> {
  yield* tasksOf(tasks);
  yield* handlers;
}

/** The tasks of steps and of all that is in them, in the order in which they stand. */
export function* tasksOf(steps: readonly Step[]): Generator<Task> {
  for (const step of steps) {
    switch (step.kind) {
      case 'task':
        yield step;
        break;
      case 'block':
        yield* tasksOf(step.body);
        yield* tasksOf(step.rescue);
        yield* tasksOf(step.always);
        break;
      case 'include':
        yield* tasksOf(step.body);
        break;
      case 'flush':
      case 'end':
        break;
    }
  }
}
