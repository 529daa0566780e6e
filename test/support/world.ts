import { Type } from 'typebox';
import type { RunEvent } from '../../src/core/event.ts';
import { Cancelled, Failure } from '../../src/core/failure.ts';
import type { CourseStep, Guard, Judgement, MembershipView, Risk, VerdictKind } from '../../src/core/guard.ts';
import type { Clock, Out } from '../../src/core/host.ts';
import type { Inventory } from '../../src/core/inventory.ts';
import type { MembershipLock } from '../../src/core/lock.ts';
import type { ActModule, Change, ControlModule, ConvergeModule, Module, ObserveModule } from '../../src/core/module.ts';
import type { Block, Flush, Include, Loop, Plan, Play, Step, Task } from '../../src/core/plan.ts';
import type { Source, Span } from '../../src/core/source.ts';
import type { Scope, Template } from '../../src/core/template.ts';
import type { Connection, Job } from '../../src/core/transport.ts';
import type { Json, Value } from '../../src/core/value.ts';
import { Unknown } from '../../src/core/value.ts';
import type { RunDeps, RunOptions } from '../../src/runner/deps.ts';
import { run } from '../../src/runner/run.ts';

export const source: Source = { name: 'site.yml', text: '- name: a play\n' };
export const span: Span = { source, start: 2, end: 6 };

/** A template that is what `render` gives. */
export function expr(render: (scope: Scope) => Value): Template {
  return { span, literal: false, uses: [], render };
}
export function lit(value: Value): Template {
  return { span, literal: true, uses: [], render: () => value };
}
/** The value of a name, as `{{ name }}` and `{{ name.field }}` give it; Unknown spreads, an undefined name is a Failure. */
export function ref(path: string): Template {
  const [name = '', ...fields] = path.split('.');
  return expr(scope => {
    let value = scope.get(name);
    if (value === undefined) throw new Failure('undefined-name', `${name} is undefined`, { span });
    for (const field of fields) {
      if (value instanceof Unknown) return value;
      value = (value as Readonly<Record<string, Value>>)[field];
      if (value === undefined) throw new Failure('evaluation-failed', `${path} is undefined`, { span });
    }
    return value;
  });
}
/** A map of templates, Unknown kept inside. */
export function args(entries: Readonly<Record<string, Template | Json>>): Template {
  const isTemplate = (entry: Template | Json): entry is Template =>
    typeof entry === 'object' && entry !== null && 'render' in entry;
  return expr(scope =>
    Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => [key, isTemplate(entry) ? entry.render(scope) : entry]),
    ),
  );
}

let steps = 0;
const base = () => ({ span, when: [], vars: new Map<string, Template>(), tags: [] });
const id = (given?: string) => {
  steps += 1;
  return given ?? `s${steps}`;
};

export type TaskMore = Partial<Omit<Task, 'kind' | 'module' | 'name'>> & { name?: string };
export function task(module: Module, more: TaskMore = {}): Task {
  const { name, ...rest } = more;
  return {
    ...base(),
    kind: 'task',
    module,
    args: lit({}),
    until: [],
    noLog: false,
    allow: [],
    notify: [],
    runOnce: false,
    folders: [],
    ...rest,
    id: id(more.id),
    ...(name === undefined ? {} : { name: lit(name) }),
  };
}
export function block(body: readonly Step[], more: Partial<Omit<Block, 'kind' | 'body'>> = {}): Block {
  return { ...base(), kind: 'block', rescue: [], always: [], ...more, body, id: id(more.id) };
}
export function include(body: readonly Step[], more: Partial<Omit<Include, 'kind' | 'body'>> = {}): Include {
  return { ...base(), kind: 'include', mode: 'include', file: 'more.yml', ...more, body, id: id(more.id) };
}
export function flush(more: { id?: string } = {}): Flush {
  return { ...base(), kind: 'flush', id: id(more.id) };
}
export function loopOver(over: Value | Template, more: Partial<Loop> = {}): Loop {
  const isTemplate = typeof over === 'object' && over !== null && 'render' in over;
  return { variable: 'item', ...more, over: isTemplate ? (over as Template) : lit(over) };
}
export function play(tasks: readonly Step[], more: Partial<Play> = {}): Play {
  return {
    id: 'p0',
    name: 'a play',
    span,
    hosts: ['node001'],
    params: {},
    secretParams: [],
    vars: new Map(),
    handlers: [],
    ...more,
    tasks,
  };
}
export const plan = (...plays: readonly Play[]): Plan => ({ source, plays });

const about = { summary: 'Does it.', description: '', params: Type.Object({}), returns: Type.Object({}), examples: [] };

/** An observe module. */
export function looks(work: ObserveModule['observe'], more: Partial<ObserveModule> = {}): Module {
  return { ...about, kind: 'observe', name: 'looks', foresees: true, ...more, observe: work };
}
/** An act module. */
export function acts(work: ActModule['apply'], more: Partial<ActModule> = {}): Module {
  const repeat = () => 'safe' as const;
  return { ...about, kind: 'act', name: 'acts', weighed: false, repeat, risks: () => [], ...more, apply: work };
}
/** A converge module over one value, which `apply` sets: by default at once, with no risk. */
export function brings(
  state: { value: string; applied?: number },
  wanted: string,
  more: Partial<ConvergeModule> = {},
): Module {
  const changes: readonly Change[] = [{ what: 'value', before: state.value, after: wanted }];
  return {
    ...about,
    kind: 'converge',
    name: 'brings',
    weighed: false,
    returns: Type.Object({ value: Type.String() }),
    observe: async () =>
      state.value === wanted
        ? { kind: 'same', state: null, result: { value: state.value } }
        : { kind: 'differs', state: null, changes },
    risks: () => [],
    apply: async () => {
      state.value = wanted;
      state.applied = (state.applied ?? 0) + 1;
      return undefined;
    },
    settleMs: () => 0,
    ...more,
  };
}
/** `fail`, `debug`, `set_fact` in small. */
export const fails: ControlModule = {
  ...about,
  kind: 'control',
  name: 'fail',
  control: () => [{ kind: 'check', that: false, message: 'told to fail' }],
};
export const says: ControlModule = {
  ...about,
  kind: 'control',
  name: 'debug',
  params: Type.Object({ msg: Type.Unknown() }),
  control: ({ msg }) => [{ kind: 'show', text: String(msg) }],
};
export const setsFacts: ControlModule = {
  ...about,
  kind: 'control',
  name: 'set_fact',
  params: Type.Object({}, { additionalProperties: true }),
  namesFacts: true,
  control: params => [{ kind: 'set-facts', facts: params as Readonly<Record<string, Json>> }],
};
/** Succeeds and notes that it ran. */
export function notes(log: string[], text: string): Module {
  return looks(async probe => {
    log.push(`${text}@${probe.name}`);
    return {};
  });
}

export const access = { module: 'etcd/kube-default' };
export const promote: Risk = { kind: 'membership', change: 'promote', member: { name: 'node002' }, access };
export const remove: Risk = { kind: 'membership', change: 'remove', member: { name: 'node003' }, access };

/** A clock that stands still but for sleeps, which pass at once. Each sleep lets everything that is due happen first. */
export function fakeClock(startMs = 0): Clock & { slept: number[] } {
  let nowMs = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    sleep: async (ms, signal) => {
      await new Promise(resolve => setImmediate(resolve));
      if (signal.aborted) throw new Cancelled('stopped');
      nowMs += ms;
      slept.push(ms);
    },
  };
}

/** Judges every risk the same, or by a function. Without a view, no cluster can be seen. */
export function guardOf(
  judge: VerdictKind | ((risk: Risk, assumed: readonly Risk[]) => VerdictKind),
  view?: () => MembershipView,
): Guard & { contexts: Parameters<Guard['judge']>[1][] } {
  const contexts: Parameters<Guard['judge']>[1][] = [];
  return {
    contexts,
    judge: async (risk, context): Promise<Judgement> => {
      contexts.push({ ...context, evidence: [...context.evidence] });
      const kind = typeof judge === 'string' ? judge : judge(risk, context.probe.assumed);
      const refused = kind === 'refused' ? { next: 'wait until it is healthy', allowName: 'lost-quorum' } : {};
      return { verdict: { kind, risk, reason: `it is ${kind}`, ...refused } };
    },
    membership: async () => view?.(),
    foreignChange: () => undefined,
  };
}

/** A lock that nobody else wants; what happens to it is noted. */
export function freeLock(log: string[] = []): MembershipLock {
  return {
    take: async () => {
      log.push('take');
      return {
        confirm: async () => {
          log.push('confirm');
        },
        release: async () => {
          log.push('release');
        },
      };
    },
    free: async () => {
      log.push('free');
    },
  };
}

export interface World {
  readonly events: RunEvent[];
  readonly jobs: { host: string; job: Job }[];
  readonly clock: ReturnType<typeof fakeClock>;
  readonly stop: AbortController;
  readonly abort: AbortController;
  readonly asked: (readonly CourseStep[])[];
  readonly hidden: Json[];
  readonly closed: string[];
  readonly deps: RunDeps;
}

export interface WorldMore {
  readonly hosts?: readonly string[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly hostVars?: Readonly<Record<string, Json>>;
  readonly guard?: Guard;
  readonly lock?: MembershipLock;
  readonly options?: Partial<RunOptions>;
  /** What a person answers; absent: there is no terminal. */
  readonly answer?: (steps: readonly CourseStep[]) => boolean;
  /** What a person types at a prompt. */
  prompt?(text: string): string;
  execute?(host: string, job: Job): Promise<Out>;
  readonly connect?: RunDeps['connect'];
  readonly validate?: RunDeps['validate'];
  /** Files of the machine that quorate runs on. */
  readonly localFiles?: Readonly<Record<string, string>>;
  emit?(event: RunEvent): void;
}

/** A fake outside: hosts that answer by `execute`, a clock, a person. */
export function world(more: WorldMore = {}): World {
  const hosts = more.hosts ?? ['node001'];
  const inventory: Inventory = {
    origin: 'a test',
    hosts: new Map(
      hosts.map(name => [name, { name, connection: 'ssh', address: `10.0.0.${name}`, vars: more.hostVars ?? {} }]),
    ),
    groups: new Map(Object.entries({ all: hosts, ...more.groups })),
  };
  const events: RunEvent[] = [];
  const jobs: World['jobs'] = [];
  const clock = fakeClock();
  const stop = new AbortController();
  const abort = new AbortController();
  const asked: (readonly CourseStep[])[] = [];
  const hidden: Json[] = [];
  const closed: string[] = [];
  const { answer } = more;
  const connection = (host: string): Connection => ({
    execute: async job => {
      jobs.push({ host, job });
      return (await more.execute?.(host, job)) ?? { code: 0, stdout: '', stderr: '', durationMs: 1 };
    },
    readFile: async () => undefined,
    writeFile: async () => {},
    close: async () => {
      closed.push(host);
    },
  });
  const deps: RunDeps = {
    run: 'r1',
    inventory,
    connect: more.connect ?? (async host => connection(host.name)),
    guard: more.guard ?? guardOf('safe'),
    lock: more.lock ?? freeLock(),
    access,
    localFile: async (name, folders) => {
      const path = [...folders.map(folder => `${folder}/${name}`), name].find(
        at => more.localFiles?.[at] !== undefined,
      );
      if (path === undefined) throw new Failure('file-not-found', `there is no file ${name}`);
      return { path, bytes: new TextEncoder().encode(more.localFiles?.[path]) };
    },
    validate: more.validate ?? ((_module, params) => params as Readonly<Record<string, Json>>),
    emit: event => {
      more.emit?.(event);
      events.push(event);
    },
    hide: secret => {
      hidden.push(secret);
    },
    masked: value => value,
    clock,
    stop: stop.signal,
    abort: abort.signal,
    consent: {
      ...(answer && {
        ask: async (course: readonly CourseStep[]) => {
          asked.push(course);
          return answer(course);
        },
      }),
      ...(more.prompt && { prompt: async (text: string) => more.prompt?.(text) ?? '' }),
    },
    options: { check: false, forks: 10, allow: [], yes: false, ...more.options },
    again: 'quorate run site.yml',
  };
  return { events, jobs, clock, stop, abort, asked, hidden, closed, deps };
}

export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

export function eventsOf<T extends RunEvent['type']>(events: readonly RunEvent[], type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

/** "name@host status" of everything that ended, with rounds and items. */
export function ends(events: readonly RunEvent[]): string[] {
  return eventsOf(events, 'ended').map(({ where, status }) => {
    const rounds = [...where.within, ...(where.item === undefined ? [] : [where.item])];
    return `${where.name}${rounds.map(round => `[${round}]`).join('')}@${where.host} ${status}`;
  });
}

/** Runs steps as one play and gives what came of it. */
export async function runSteps(tasks: readonly Step[], more: WorldMore & { play?: Partial<Play> } = {}) {
  const outside = world(more);
  const { outcome } = await run(plan(play(tasks, { hosts: more.hosts ?? ['node001'], ...more.play })), outside.deps);
  return { ...outside, outcome, ends: ends(outside.events) };
}
