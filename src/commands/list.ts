import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { type Step, type Task, tasksOf } from '../core/plan.ts';
import type { Scope } from '../core/template.ts';
import { inputsOf, scopeOf, undeclared, withoutSecrets } from '../playbook/inputs.ts';
import type { ReadPlay } from '../playbook/read-play.ts';
import { nothingToRun } from '../playbook/resolve.ts';
import { selectSteps, unknownTags } from '../playbook/tags.ts';
import { nameOf } from '../runner/name.ts';
import { type ListedPlay, type ListedTask, renderListing } from '../views/listing.ts';
import { loadInventory } from './hosts.ts';
import { readInputs } from './inputs.ts';
import { exit, type Io } from './io.ts';
import { loadPlaybook, playbookPath } from './playbook.ts';
import { report } from './report.ts';
import { planOf, type RunCommandOptions } from './run.ts';

export interface ListOptions extends RunCommandOptions {
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  readonly syntaxCheck?: true;
}

/** A play of which something is listed; hosts where they are known. */
interface Chosen {
  readonly play: ReadPlay;
  readonly number: number;
  readonly tasks: readonly Step[];
  readonly hosts?: readonly string[];
  /** The values of its params that may be shown, as far as they are known. */
  readonly params: Scope;
}

/**
 * `quorate run --list-hosts`, `--list-tasks`, `--list-tags`, `--syntax-check`: what is wrong with the playbook, or what it consists of
 * after `--limit`, `--tags` and `--skip-tags`. Nothing is run, and no host is asked. Inventory and inputs must be there, as for a
 * run, only where hosts are asked for, with `--list-hosts` or `--limit`.
 */
export async function listCommand(io: Io, name: string, options: ListOptions): Promise<number> {
  const plays = options.listHosts || options.limit ? await ofPlan(io, name, options) : await ofText(io, name, options);
  if (!plays) return exit.invalid;
  io.out.write(renderListing(playbookPath(io, name), isOnlyChecked(options) ? [] : plays.map(p => listed(p, options))));
  return exit.done;
}

const isOnlyChecked = ({ listHosts, listTasks, listTags }: ListOptions): boolean =>
  !listHosts && !listTasks && !listTags;

/** The plays as they would be run, with their hosts. */
async function ofPlan(io: Io, name: string, options: ListOptions): Promise<readonly Chosen[] | undefined> {
  const planned = await planOf(io, name, options);
  return planned?.plan.plays.flatMap(({ id, tasks, hosts, params, secretParams }) => {
    const { plays } = planned.playbook;
    const play = plays.find(one => one.id === id);
    const shown = Object.entries(params).filter(([param]) => !secretParams.includes(param));
    if (!play) return [];
    return [{ play, number: plays.indexOf(play) + 1, tasks, hosts, params: scopeOf(new Map(shown)) }];
  });
}

/** The plays by the playbook alone; inputs that are given must be right, others may be missing. */
async function ofText(io: Io, name: string, options: ListOptions): Promise<readonly Chosen[] | undefined> {
  const { inventory: file, extraVars = [], tags = [], skipTags: skip = [], modules: folders } = options;
  const hosts = file === undefined ? undefined : await loadInventory(io, file, playbookPath(io, name));
  const inputs = await readInputs(io, extraVars);
  const read = await loadPlaybook(io, name, { inventory: hosts, inputs: inputs.value, folders });
  const diagnostics: Diagnostic[] = [...read.diagnostics, ...inputs.diagnostics, ...(hosts?.diagnostics ?? [])];
  const plays = read.value?.plays ?? [];
  const selection = { tags, skip };
  const given = inputs.value && withoutSecrets(plays, inputs.value);
  if (given && read.value) diagnostics.push(...undeclared(plays, given));
  if (read.value)
    diagnostics.push(
      ...unknownTags(
        plays.flatMap(play => play.tasks),
        selection,
      ),
    );
  const chosen = plays.flatMap((play, i): readonly Chosen[] => {
    const { values, diagnostics: wrong } = given ? inputsOf(play, given) : { values: new Map(), diagnostics: [] };
    diagnostics.push(...wrong.filter(({ code }) => code !== 'missing-input'));
    const secret = new Set(play.params.filter(param => param.secret).map(param => param.name));
    const shown = [...values].filter(([param]) => !secret.has(param));
    const tasks = selectSteps(play.tasks, selection);
    return [...tasksOf(tasks)].length === 0 ? [] : [{ play, number: i + 1, tasks, params: scopeOf(new Map(shown)) }];
  });
  if (!hasErrors(diagnostics) && chosen.length === 0) diagnostics.push(nothingToRun(selection, []));
  await report(io, diagnostics);
  return hasErrors(diagnostics) ? undefined : chosen;
}

function listed(chosen: Chosen, { listHosts, listTasks, listTags }: ListOptions): ListedPlay {
  const { play, number, tasks, hosts, params } = chosen;
  const pattern = nameOf({ name: play.hosts }, '', params);
  const tags = new Set([...tasksOf(tasks)].flatMap(task => task.tags));
  return {
    number,
    pattern,
    name: nameOf(play, pattern, params),
    ...(listHosts && hosts ? { hosts } : {}),
    ...(listTasks
      ? { tasks: [...linesOf(tasks, params, 0)], handlers: play.handlers.map(h => lineOf(h, params)) }
      : {}),
    ...(listTags ? { tags: [...tags].sort() } : {}),
  };
}

/** Blocks and imports are no levels of their own: their tasks are as if they stood there. */
function* linesOf(steps: readonly Step[], params: Scope, depth: number, role?: string): Generator<ListedTask> {
  for (const step of steps) {
    switch (step.kind) {
      case 'task': {
        const line = lineOf(step, params);
        yield { ...line, text: role === undefined ? line.text : `${role} : ${line.text}`, depth };
        break;
      }
      case 'block':
        yield* linesOf([...step.body, ...step.rescue, ...step.always], params, depth, role);
        break;
      case 'include': {
        const { mode, file, name, loop, tags, body } = step;
        const inside = step.role?.name ?? role;
        if (mode === 'include') {
          const what = step.role ? `include_role ${step.role.name}` : `include_tasks ${file}`;
          const called = name ? `${nameOf(step, '', params)}: ${what}` : what;
          yield { text: loop ? `${called}, for each item` : called, depth, tags };
        }
        yield* linesOf(body, params, mode === 'include' ? depth + 1 : depth, inside);
        break;
      }
      case 'flush':
        yield { text: 'meta: flush_handlers', depth, tags: step.tags };
        break;
      case 'end':
        yield { text: `meta: end_${step.of}`, depth, tags: step.tags };
        break;
    }
  }
}

function lineOf(task: Task, params: Scope): ListedTask {
  const role = task.roles?.at(-1)?.name;
  const name = nameOf(task, task.module.name, params);
  return { text: role === undefined ? name : `${role} : ${name}`, depth: 0, tags: task.tags };
}
