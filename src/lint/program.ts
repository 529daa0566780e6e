import type { Risk } from '../core/guard.ts';
import type { Inventory } from '../core/inventory.ts';
import type { Include, Loop, Step, Task } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import type { Json } from '../core/value.ts';
import type { ReadPlay } from '../playbook/read-play.ts';
import { commandsOf, risksOf } from './declared.ts';
import { hasHole, mapIn, type Names, nothingKnown, withName, withNames, writtenValue } from './known.ts';

/** A task at one of the places where it is done: entered through these includes, in this round of the loops around it. */
export interface Site {
  readonly task: Task;
  /** Absent: the file is read without who includes it. */
  readonly play: ReadPlay | undefined;
  /** Outermost first. */
  readonly entered: readonly Include[];
  /** The conditions of it and of all around it, as they are written. */
  readonly conditions: ReadonlySet<string>;
  /** The module's parameters with its defaults, as they are written; what is not known yet is a hole (`known.ts`). */
  readonly params: Readonly<Record<string, Json>>;
  readonly names: Names;
  /** What it may cost, and the commands that it runs, as far as these tell. */
  readonly risks: readonly Risk[];
  readonly commands: readonly (readonly string[])[];
}

/** Tasks in the order in which they are done, on a way through the playbook on which nothing fails. */
export interface Course {
  readonly sites: readonly Site[];
  /** True where nothing comes before it: not so for what others enter, for a `rescue`, for handlers. */
  readonly whole: boolean;
}

/** What rules look at: a playbook, or a file of tasks that is read alone. */
export interface Program {
  readonly plays: readonly ReadPlay[];
  /** First the tasks of all plays, one after the other; then each list of tasks that is done aside from these. */
  readonly courses: readonly [Course, ...Course[]];
  readonly inventory?: Inventory;
}

export function programOf(plays: readonly ReadPlay[], inventory: Inventory | undefined): Program {
  const aside: Site[][] = [];
  const found = foundIn(plays);
  const main = plays.flatMap(play => {
    const nearer = new Set([...found, ...play.params.map(param => param.name)]);
    const hidden = new Set([...nearer, ...play.fileVars.keys(), ...play.roleVars.keys()]);
    const names = withNames(play.vars, nothingKnown, { among: 'themselves', hidden });
    const conditions = new Set(play.when.map(written));
    const around: Around = { play, entered: [], conditions, names, nearer, rounds: 1, aside };
    aside.push(play.handlers.flatMap(handler => sitesOf(handler, { ...around, conditions: new Set() })));
    return play.tasks.flatMap(step => sitesOf(step, around));
  });
  return { plays, courses: coursesOf(main, true, aside), ...(inventory ? { inventory } : {}) };
}

/** Of a file whose tasks others enter. */
export function programOfSteps(steps: readonly Step[]): Program {
  const aside: Site[][] = [];
  const around: Around = {
    play: undefined,
    entered: [],
    conditions: new Set(),
    names: nothingKnown,
    nearer: new Set(),
    rounds: 1,
    aside,
  };
  return {
    plays: [],
    courses: coursesOf(
      steps.flatMap(step => sitesOf(step, around)),
      false,
      aside,
    ),
  };
}

function coursesOf(main: readonly Site[], whole: boolean, aside: readonly Site[][]): Program['courses'] {
  return [{ sites: main, whole }, ...aside.filter(sites => sites.length > 0).map(sites => ({ sites, whole: false }))];
}

interface Around extends Pick<Site, 'play' | 'entered' | 'conditions' | 'names'> {
  /** Registers, facts and params, which are nearer than the vars of plays, blocks, imports and tasks. */
  readonly nearer: ReadonlySet<string>;
  /** Of the loops around, multiplied. */
  readonly rounds: number;
  /** Takes what is done aside. */
  readonly aside: Site[][];
}

/** Two rounds show what one does to the next; where loops are nested so deep that this would be many tasks, one. */
const MOST_ROUNDS = 8;

function sitesOf(step: Step, around: Around): readonly Site[] {
  const conditions = new Set([...around.conditions, ...step.when.map(written)]);
  const hidden = around.nearer;
  switch (step.kind) {
    case 'flush':
    case 'end':
      return [];
    case 'task':
      return roundsOf(step.loop, around).map(({ names: outer }) =>
        siteOf(step, { ...around, conditions, names: withNames(step.vars, outer, { hidden }) }),
      );
    case 'block': {
      const inside = { ...around, conditions, names: withNames(step.vars, around.names, { hidden }) };
      const rescue = step.rescue.flatMap(inner => sitesOf(inner, inside));
      around.aside.push([...rescue]);
      return [...step.body, ...step.always].flatMap(inner => sitesOf(inner, inside));
    }
    case 'include':
      return roundsOf(step.loop, around).flatMap(round => {
        const { role } = step;
        const outer = role ? withRole(role, round.names) : round.names;
        const names = withNames(step.vars, outer, step.mode === 'import' ? { hidden } : { among: round.names });
        const inside = { ...around, ...round, conditions, names, entered: [...around.entered, step] };
        return step.body.flatMap(inner => sitesOf(inner, inside));
      });
  }
}

/** What it is given as params is known; its own vars and defaults may be another's. */
function withRole({ params, vars, defaults }: NonNullable<Include['role']>, outer: Names): Names {
  const unsure: Names = name => (vars.has(name) || defaults.has(name) ? undefined : outer(name));
  return withNames(params, unsure, { among: outer });
}

interface Round {
  readonly names: Names;
  readonly rounds: number;
}

/** One round without a loop; of a loop two, unless it is known to have fewer. */
function roundsOf(loop: Loop | undefined, { names, rounds }: Around): readonly Round[] {
  if (!loop) return [{ names, rounds }];
  const over = writtenValue(loop.over, names);
  const items = Array.isArray(over) ? over : undefined;
  const most = rounds * 2 > MOST_ROUNDS ? 1 : 2;
  return Array.from({ length: Math.min(most, items?.length ?? most) }, (_, i) => ({
    names: withName(loop.variable, items?.[i] ?? `\u{E000}${loop.variable}#${i}\u{E001}`, names),
    rounds: rounds * 2,
  }));
}

function siteOf(task: Task, { play, entered, conditions, names }: Around): Site {
  let params: Site['params'] | undefined;
  let risks: Site['risks'] | undefined;
  let commands: Site['commands'] | undefined;
  return {
    task,
    play,
    entered,
    conditions,
    names,
    get params() {
      params ??= paramsOf(task, names);
      return params;
    },
    get risks() {
      risks ??= risksOf(task.module, this.params);
      return risks;
    },
    get commands() {
      commands ??= commandsOf(task.module, this.params);
      return commands;
    },
  };
}

function paramsOf({ module, args }: Task, names: Names): Site['params'] {
  const defaults = Object.entries<{ default?: Json }>(module.params.properties).flatMap(([key, schema]) =>
    schema.default === undefined ? [] : [[key, schema.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...mapIn(writtenValue(args, names)) };
}

/** The names of registers and facts. */
function foundIn(plays: readonly ReadPlay[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === 'include') add(step.body);
      else if (step.kind === 'block') for (const part of [step.body, step.rescue, step.always]) add(part);
      else if (step.kind === 'task') {
        if (step.register !== undefined) names.add(step.register);
        if (step.module.kind === 'control' && step.module.namesFacts)
          for (const key of Object.keys(paramsOf(step, nothingKnown))) names.add(key);
      }
    }
  };
  for (const { tasks, handlers } of plays) add([...tasks, ...handlers]);
  return names;
}

/** A condition as it is written. */
function written({ span }: Template): string {
  return span.source.text.slice(span.start, span.end).replace(/\s+/g, ' ');
}

/** True where one of the two is done whenever the other is, by what is written: there is a way on which both are. */
export function bothDone(one: Site, other: Site): boolean {
  return within(one.conditions, other.conditions) || within(other.conditions, one.conditions);
}

function within(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every(condition => all.has(condition));
}

/** A text that is known whole. */
export function knownText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && !hasHole(value) ? value : undefined;
}
