import { type Diagnostic, hasErrors, type Outcome } from '../core/diagnostic.ts';
import type { Inventory } from '../core/inventory.ts';
import type { Json } from '../core/value.ts';
import type { About } from '../journal/format.ts';
import { recallOf } from '../journal/recall.ts';
import { continueJournal } from '../journal/write.ts';
import type { Inputs } from '../playbook/inputs.ts';
import { openExit } from '../runner/exit.ts';
import { exitCode } from '../runner/exit-code.ts';
import { run } from '../runner/run.ts';
import type { Planned } from './about.ts';
import { ask } from './ask.ts';
import { acceptsChanges } from './changed.ts';
import { consentAt } from './consent.ts';
import { loadInventory } from './hosts.ts';
import { readInputs } from './inputs.ts';
import { exit, type Io } from './io.ts';
import { journalOf, newestUnfinished } from './past.ts';
import { playbookPath } from './playbook.ts';
import { report } from './report.ts';
import { againCommand, planFrom, takeRunLocks } from './run.ts';
import { runDeps } from './run-deps.ts';
import { keptIn, stateDirectory } from './state.ts';
import { chooseView } from './views.ts';

export interface ResumeCommandOptions {
  readonly extraVars?: readonly string[];
  readonly yes?: true;
  readonly allow?: readonly string[];
  readonly acceptChanges?: true;
  readonly assumeDone?: readonly string[];
  readonly repeat?: readonly string[];
  readonly json?: true;
}

/** `quorate resume [RUN]`: makes the same plan again and lets the same engine go through it, recalling what is done. */
export async function resumeCommand(io: Io, name: string | undefined, options: ResumeCommandOptions): Promise<number> {
  const state = stateDirectory(io);
  const id = name ?? (await newestUnfinished(state));
  if (id === undefined)
    return refuse(io, 'there is no run to go on with', 'quorate runs lists the runs that there are');
  const before = await journalOf(io, state, id);
  if (!before) return exit.invalid;
  const { about } = before.header;
  const planned = await planAgain(io, id, about, options);
  if (!planned) return exit.invalid;
  const { stop, abort } = io.catchInterrupts();
  if (!(await acceptsChanges(io, about, planned, options.acceptChanges === true, stop))) return exit.refused;

  const locks = await keptIn(state, () => takeRunLocks(io, state, id, planned.plan));
  if (!locks) return exit.locked;
  try {
    // Under the lock: nobody writes to it any more.
    const { events } = (await journalOf(io, state, id)) ?? before;
    const last = events.at(-1);
    if (last?.type === 'run-ended' && last.outcome === 'done') {
      return refuse(io, `the run ${id} is done: nothing is left of it`, `quorate runs show ${id} tells what it did`);
    }
    const { view, quiet } = await chooseView(io, options);
    const journal = await keptIn(state, async () => continueJournal(state, id));
    const exits = openExit(io.clock, journal, [view], events.length);
    const { outcome } = await run(
      planned.plan,
      runDeps(io, {
        ...planned,
        id,
        exits,
        interrupts: { stop, abort },
        consent: consentAt(io, quiet, stop),
        options: {
          ...options,
          forks: about.options.forks,
          allow: [...(about.options.allow ?? []), ...(options.allow ?? [])],
        },
        again: againCommand(about.playbook, { ...about.options, extraVars: typedInputs(about) }),
        resume: `quorate resume ${id}`,
        recall: recallOf(events),
      }),
    ).finally(() => exits.close());
    return exitCode(outcome);
  } finally {
    await locks.release();
  }
}

function refuse(io: Io, why: string, hint: string): number {
  io.err.write(`quorate: ${why} [not-resumable]\n  → ${hint}\n`);
  return exit.usage;
}

/** The plan as it was made at first: by the same options and inputs, of the files as they are now. */
async function planAgain(
  io: Io,
  id: string,
  about: About,
  options: ResumeCommandOptions,
): Promise<Planned | undefined> {
  const there = { ...io, cwd: about.cwd };
  const inputs = await inputsAgain(io, id, about, options.extraVars ?? []);
  if (!inputs.value || hasErrors(inputs.diagnostics)) {
    await report(io, inputs.diagnostics);
    return undefined;
  }
  const beside = playbookPath(there, about.playbook);
  const hosts = asBegun(await loadInventory(there, about.options.inventory, beside), about);
  return await planFrom(there, about.playbook, about.options, hosts, inputs);
}

/**
 * The groups of BCM change as the run goes on (a node becomes a host of etcd); a run keeps those that it began with. The
 * hosts are as they are now: from the other head node, another one is this machine.
 */
function asBegun(now: Outcome<Inventory>, { options, inventory }: About): Outcome<Inventory> {
  if (!now.value || options.inventory !== undefined) return now;
  return { ...now, value: { ...now.value, groups: new Map(Object.entries(inventory.groups)) } };
}

/** The inputs from the journal, and those that are secret from the command line or the terminal. */
async function inputsAgain(io: Io, id: string, about: About, given: readonly string[]): Promise<Outcome<Inputs>> {
  const { value: typed, diagnostics } = await readInputs(io, given);
  const values: Record<string, Json> = { ...typed?.values };
  const problems: Diagnostic[] = [...diagnostics];
  for (const name of Object.keys(values).filter(one => !about.secrets.includes(one))) {
    problems.push({
      code: 'unknown-input',
      severity: 'error',
      message: `the input \`${name}\` is as it was when the run began; a resume takes only secret ones again`,
      hint: about.secrets.length > 0 ? `these: ${about.secrets.join(', ')}` : 'this run was given none',
    });
  }
  for (const name of about.secrets.filter(one => !Object.hasOwn(values, one))) {
    const answer = await ask(io, `${name} (secret, not kept in the journal): `, { secret: true });
    if (answer !== undefined) values[name] = answer;
    else {
      problems.push({
        code: 'missing-input',
        severity: 'error',
        message: `the input \`${name}\` is secret, so the journal does not keep it`,
        hint: `give it again: quorate resume ${id} -e ${name}=…`,
      });
    }
  }
  const text = typed?.source.text ?? '';
  return { value: { source: { name: '-e', text }, values: { ...about.inputs, ...values } }, diagnostics: problems };
}

/** What was given with `-e`, as it could be typed. */
function typedInputs({ inputs }: About): readonly string[] {
  return Object.entries(inputs).map(([name, value]) =>
    typeof value === 'string' ? `${name}=${value}` : JSON.stringify({ [name]: value }),
  );
}
