import { join } from 'node:path';
import { hasErrors, type Outcome } from '../core/diagnostic.ts';
import type { Inventory } from '../core/inventory.ts';
import type { Plan } from '../core/plan.ts';
import { openJournal } from '../journal/write.ts';
import type { Inputs } from '../playbook/inputs.ts';
import { resolve } from '../playbook/resolve.ts';
import { openExit } from '../runner/exit.ts';
import { exitCode } from '../runner/exit-code.ts';
import { isWeighed } from '../runner/rehearse.ts';
import { run } from '../runner/run.ts';
import { aboutRun, type Planned } from './about.ts';
import { consentAt } from './consent.ts';
import { loadInventory } from './hosts.ts';
import { readInputs } from './inputs.ts';
import { exit, type Io } from './io.ts';
import { readLimit } from './limit.ts';
import { withAsked } from './missing-inputs.ts';
import { loadPlaybook, playbookPath } from './playbook.ts';
import { report } from './report.ts';
import { runDeps } from './run-deps.ts';
import { type FileLock, keptIn, stateDirectory, takeLock } from './state.ts';
import { chooseView } from './views.ts';

export interface RunCommandOptions {
  readonly inventory?: string;
  readonly extraVars?: readonly string[];
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly modules?: readonly string[];
  readonly check?: true;
  readonly diff?: true;
  readonly yes?: true;
  readonly allow?: readonly string[];
  readonly forks: number;
  readonly json?: true;
}

/** What of it decides which plan it is. */
type PlanOptions = Pick<
  RunCommandOptions,
  'inventory' | 'extraVars' | 'limit' | 'tags' | 'skipTags' | 'modules' | 'json'
>;

/** `quorate run`. */
export async function runCommand(io: Io, name: string, options: RunCommandOptions): Promise<number> {
  const plan = await planOf(io, name, options);
  if (!plan) return exit.invalid;
  const state = stateDirectory(io);
  const id = runId(io, plan.plan);
  const about = await aboutRun(io, name, options, plan);
  const locks = await keptIn(state, () => takeRunLocks(io, state, id, options.check ? undefined : plan.plan));
  if (!locks) return exit.locked;
  try {
    const interrupts = io.catchInterrupts();
    const { view, quiet } = await chooseView(io, options);
    const journal = options.check ? undefined : await keptIn(state, async () => openJournal(state, id, about));
    const exits = openExit(io.clock, journal, [view]);
    const consent = consentAt(io, quiet, interrupts.stop);
    const again = againCommand(name, options);
    const resume = journal ? { resume: `quorate resume ${id}` } : {};
    const parts = { ...plan, ...resume, id, exits, interrupts, consent, options, again };
    const { outcome } = await run(plan.plan, runDeps(io, parts)).finally(() => exits.close());
    return exitCode(outcome);
  } finally {
    await locks.release();
  }
}

/**
 * Takes the locks of a run that keeps a journal: its own, so that no two processes go on with it, and where it can change a
 * membership that of the state directory. Says who holds one that is taken, and gives undefined. Without a plan: none.
 */
export async function takeRunLocks(
  io: Io,
  state: string,
  id: string,
  plan: Plan | undefined,
): Promise<FileLock | undefined> {
  const held: FileLock[] = [];
  const release = async () => {
    for (const lock of held.toReversed()) await lock.release();
  };
  const folders = plan ? [join(state, 'runs', id), ...(isWeighed(plan) ? [state] : [])] : [];
  for (const folder of folders) {
    const lock = await takeLock(folder, id, io);
    if ('holder' in lock) {
      await release();
      const next = 'wait for its end, or end it; its lock goes with it';
      io.err.write(`quorate: another run holds the lock: ${lock.holder}\n  → ${next}\n`);
      return undefined;
    }
    held.push(lock);
  }
  return { release };
}

/** Reads everything and checks it whole; prints what was found. Undefined where there are errors. */
export async function planOf(io: Io, name: string, options: PlanOptions): Promise<Planned | undefined> {
  const [hosts, inputs] = await Promise.all([
    loadInventory(io, options.inventory, playbookPath(io, name)),
    readInputs(io, options.extraVars ?? []),
  ]);
  return await planFrom(io, name, options, hosts, inputs);
}

/** The same, of hosts and inputs that were read already. */
export async function planFrom(
  io: Io,
  name: string,
  options: PlanOptions,
  hosts: Outcome<Inventory>,
  inputs: Outcome<Inputs>,
): Promise<Planned | undefined> {
  const files = new Map<string, string>();
  const read = (given: Inputs | undefined) =>
    loadPlaybook(io, name, { inventory: hosts, inputs: given, files, folders: options.modules });
  const limit = await readLimit(io, options.limit, files);
  const others = [...inputs.diagnostics, ...hosts.diagnostics, ...limit.diagnostics];
  const first = await read(inputs.value);
  const isReadable = !hasErrors([...first.diagnostics, ...others]);
  const mayAsk = isReadable && first.value && inputs.value && !options.json;
  const asked = mayAsk ? await withAsked(io, first.value, inputs.value) : inputs.value;
  // What was asked for may name files of vars.
  const playbook = asked && isMore(asked, inputs.value) ? await read(asked) : first;
  const diagnostics = [...playbook.diagnostics, ...others];
  const plan =
    playbook.value && asked && hosts.value && !hasErrors(diagnostics)
      ? resolve(playbook.value, {
          inventory: hosts.value,
          inputs: asked,
          limit: limit.value ?? [],
          selection: { tags: options.tags ?? [], skip: options.skipTags ?? [] },
        })
      : undefined;
  await report(io, [...diagnostics, ...(plan?.diagnostics ?? [])]);
  if (!plan?.value || !playbook.value || !hosts.value || !asked) return undefined;
  return { plan: plan.value, playbook: playbook.value, inventory: hosts.value, inputs: asked, files };
}

function isMore(asked: Inputs, given: Inputs | undefined): boolean {
  return Object.keys(asked.values).length > Object.keys(given?.values ?? {}).length;
}

/** `20261123-104215-extend-to-three-9f3c`: sorts by time, says what it was, and is safe as a file name. */
export function runId(io: Io, plan: Plan): string {
  const time = new Date(io.clock.now()).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const file = plan.source.name.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  return `${time}-${file.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40)}-${io.random(2)}`;
}

/** What to type to run the same again; quoted where a shell would need it. */
export function againCommand(name: string, options: PlanOptions): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const words = ['quorate', 'run', name];
  if (options.inventory !== undefined) words.push('-i', options.inventory);
  for (const input of options.extraVars ?? []) words.push('-e', input);
  if (options.limit !== undefined) words.push('--limit', options.limit);
  for (const folder of options.modules ?? []) words.push('--modules', folder);
  return words.map(quote).join(' ');
}
