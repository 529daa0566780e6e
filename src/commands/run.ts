import { hasErrors } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Module } from '../core/module.ts';
import type { Plan } from '../core/plan.ts';
import type { Json } from '../core/value.ts';
import { validators } from '../generated/validators.js';
import { membershipGuard } from '../guards/membership.ts';
import { openJournal } from '../journal/write.ts';
import { resolve } from '../playbook/resolve.ts';
import { openExit } from '../runner/exit.ts';
import { exitCode } from '../runner/exit-code.ts';
import { isWeighed } from '../runner/rehearse.ts';
import { run } from '../runner/run.ts';
import { openConnection } from '../transports/open.ts';
import { consentAt } from './consent.ts';
import { loadInventory } from './hosts.ts';
import { readInputs } from './inputs.ts';
import { exit, type Io } from './io.ts';
import { loadPlaybook } from './playbook.ts';
import { report } from './report.ts';
import { stateDirectory, takeRunLock } from './state.ts';
import { chooseView } from './views.ts';

export interface RunCommandOptions {
  readonly inventory?: string;
  readonly extraVars?: readonly string[];
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly check?: true;
  readonly yes?: true;
  readonly allow?: readonly string[];
  readonly forks: number;
  readonly json?: true;
}

/** What of it decides which plan it is. */
type PlanOptions = Pick<RunCommandOptions, 'inventory' | 'extraVars' | 'limit' | 'tags' | 'skipTags'>;

/** `quorate run`. */
export async function runCommand(io: Io, name: string, options: RunCommandOptions): Promise<number> {
  const plan = await planOf(io, name, options);
  if (!plan) return exit.invalid;
  const state = stateDirectory(io);
  const id = runId(io, plan.plan);
  const lock = options.check || !isWeighed(plan.plan) ? undefined : await takeRunLock(state, id, io);
  if (lock && 'holder' in lock) {
    io.err.write(
      `quorate: another run holds the lock: ${lock.holder}\n  → wait for its end, or end it; its lock goes with it\n`,
    );
    return exit.locked;
  }
  const { stop, abort } = io.catchInterrupts();
  const { view, quiet } = await chooseView(io, options.json === true);
  const journal = options.check ? undefined : openJournal(state, id);
  const exits = openExit(io.clock, journal, [view]);
  try {
    const { outcome } = await run(plan.plan, {
      run: id,
      inventory: plan.inventory,
      connect: host => openConnection(host, id, { clock: io.clock, environment: io.env }),
      guard: membershipGuard(),
      access: { module: `etcd/${clusterName(plan.plan)}` },
      validate,
      emit: exits.emit,
      hide: exits.hide,
      clock: io.clock,
      stop,
      abort,
      consent: consentAt(io, quiet, stop),
      options: {
        check: options.check === true,
        forks: options.forks,
        allow: options.allow ?? [],
        yes: options.yes === true,
      },
      again: againCommand(name, options),
    });
    return exitCode(outcome);
  } finally {
    await exits.close();
    await lock?.release();
  }
}

/** Reads everything and checks it whole; prints what was found. Undefined where there are errors. */
export async function planOf(io: Io, name: string, options: PlanOptions) {
  const [hosts, inputs] = await Promise.all([
    loadInventory(io, options.inventory),
    readInputs(io, options.extraVars ?? []),
  ]);
  const playbook = await loadPlaybook(io, name, hosts.value);
  const diagnostics = [...playbook.diagnostics, ...inputs.diagnostics, ...hosts.diagnostics];
  const plan =
    playbook.value && inputs.value && hosts.value && !hasErrors(diagnostics)
      ? resolve(playbook.value, {
          inventory: hosts.value,
          inputs: inputs.value,
          limit: options.limit === undefined ? [] : [options.limit],
          selection: { tags: options.tags ?? [], skip: options.skipTags ?? [] },
        })
      : undefined;
  await report(io, [...diagnostics, ...(plan?.diagnostics ?? [])]);
  return plan?.value && hosts.value ? { plan: plan.value, inventory: hosts.value } : undefined;
}

/** `20261123-104215-extend-to-three-9f3c`: sorts by time, says what it was, and is safe as a file name. */
export function runId(io: Io, plan: Plan): string {
  const time = new Date(io.clock.now()).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const file = plan.source.name.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  return `${time}-${file.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40)}-${io.random(2)}`;
}

/** The shipped playbooks all take BCM's name of the cluster; one without it means the article's. */
export function clusterName(plan: Plan): string {
  const given = plan.plays.map(play => play.params.etcd_cluster).find(value => typeof value === 'string');
  return given ?? 'kube-default';
}

export function validate(module: Module, params: Json): Readonly<Record<string, Json>> {
  const filled = structuredClone(params);
  const [error] = validators.module(module.name)(filled);
  if (error) {
    const place = error.path.length > 0 ? `${module.name}: ${error.path.join('.')}` : module.name;
    throw new Failure('invalid-value', `${place} ${error.message}`, { hint: `quorate doc ${module.name}` });
  }
  // The module's schema, which it fulfils, is one of an object.
  return filled as Readonly<Record<string, Json>>;
}

/** What to type to run the same again; quoted where a shell would need it. */
export function againCommand(name: string, options: PlanOptions): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const words = ['quorate', 'run', name];
  if (options.inventory !== undefined) words.push('-i', options.inventory);
  for (const input of options.extraVars ?? []) words.push('-e', input);
  if (options.limit !== undefined) words.push('--limit', options.limit);
  return words.map(quote).join(' ');
}
