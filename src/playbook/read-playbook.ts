import { posix } from 'node:path';
import { hasErrors, type Outcome } from '../core/diagnostic.ts';
import type { Inventory } from '../core/inventory.ts';
import type { Module } from '../core/module.ts';
import type { Step } from '../core/plan.ts';
import type { Source, Span } from '../core/source.ts';
import { EVERY_NAME, type Machine, type Template } from '../core/template.ts';
import type { Validators } from '../core/validate.ts';
import { type Node, startOf } from './document.ts';
import { type Files, type ReadFile, type ReadSources, readFiles, readingSources } from './files.ts';
import { Findings } from './findings.ts';
import type { Inputs } from './inputs.ts';
import { type VarsFolders, varsBeside } from './inventory/vars-beside.ts';
import { type KindOf, type LeadsOut, whyNoFile } from './local-files.ts';
import { type FindModule, ownModules } from './own-modules.ts';
import type { AroundPlays, ReadPlay } from './read-play.ts';
import { readPlays } from './read-plays.ts';
import { Reading } from './reading.ts';
import { readVarsFiles } from './vars-files.ts';

/** A playbook that was read and checked, before its hosts and inputs are known. */
export interface Playbook {
  readonly source: Source;
  readonly plays: readonly ReadPlay[];
}

export interface ReadOptions {
  readonly readFile: ReadFile;
  /** Absent: each file is parsed anew. */
  readonly readSource?: ReadSources;
  /** Absent: local files that are named are not looked for. */
  readonly kindOf?: KindOf;
  /** Absent: where links lead is not looked for. */
  readonly leadsOut?: LeadsOut;
  /** Absent: lookups find nothing. */
  readonly machine?: Machine;
  readonly modules: ReadonlyMap<string, Module>;
  /** Absent: there are none but those. */
  readonly findModule?: FindModule;
  readonly validators: Validators;
  /** Its hosts' vars count as defined; where no run is to come of it, also those in `group_vars` and `host_vars` beside the playbook. */
  readonly inventory?: Inventory;
  /** True where one was named and cannot be used: any name may come from it. */
  readonly isInventoryBroken?: boolean;
  /** Absent: the latter are not looked for. */
  readonly varsFolders?: VarsFolders;
  /** The names of vars in `group_vars` and `host_vars` in a folder. Absent: they are read anew. */
  readonly namesBeside?: (folder: string) => Promise<readonly string[]>;
  /** What was given with `-e`, where a run or a plan is to come of it: then names of files that params say are known. */
  readonly inputs?: Inputs;
}

/**
 * Reads a playbook and every tasks file that it reaches, and checks all that can be known without hosts and inputs:
 * keywords, modules and their parameters, names, types. Never throws (unless `readFile` does). The value is absent where
 * there are errors.
 */
export async function readPlaybook(path: string, options: ReadOptions): Promise<Outcome<Playbook>> {
  const readSource = options.readSource ?? readingSources(options.readFile);
  const files = await readFiles(path, readSource);
  const file = files.get(path);
  if (!file) {
    const isOther = (await options.kindOf?.(path)) === 'other';
    const message = isOther
      ? `${path} is no file, but a folder, a pipe or a device`
      : `there is no file ${path} that can be read`;
    return { diagnostics: [{ code: 'file-not-found', severity: 'error', message }] };
  }
  await readVarsFiles(
    files,
    options.inputs,
    readSource,
    () => new Reading({ modules: options.modules, validators: options.validators, machine: options.machine }),
  );
  const known = await namesOfHosts(path, options);
  const { r, value: plays } = await withTexts(path, files, options, r => {
    r.report(...file.diagnostics);
    return file.node ? playsOf(r, files, file.source, file.node, { hostVars: known, inputs: options.inputs }) : [];
  });
  if (!file.node && file.diagnostics.length === 0)
    r.error('empty-playbook', startOf(file.source), `${path} has no plays`);
  await checkLocalFiles(r, options.kindOf);
  const { diagnostics } = r;
  return !hasErrors(diagnostics) ? { value: { source: file.source, plays }, diagnostics } : { diagnostics };
}

/** The names of vars that the hosts have, or some of them. */
async function namesOfHosts(
  path: string,
  { inventory, inputs, varsFolders, namesBeside }: ReadOptions,
): Promise<ReadonlySet<string>> {
  const known = [...(inventory?.hosts.values() ?? [])].flatMap(host => Object.keys(host.vars));
  // The inventory of a run has them already.
  if (!varsFolders || (inventory && inputs)) return new Set(known);
  const given = await (namesBeside ?? namesBesideIn(varsFolders))(posix.dirname(path));
  return new Set([...known, ...given]);
}

/** What is wrong with these vars is found elsewhere. */
export function namesBesideIn(varsFolders: VarsFolders): (folder: string) => Promise<readonly string[]> {
  return async folder => {
    const given = await varsBeside(folder, 'playbook', varsFolders, new Findings());
    return given.flatMap(({ vars }) => [...vars.keys()]);
  };
}

/**
 * Reads with the modules that the user wrote for it, and again with the texts of the templates that the last reading came upon, until it
 * comes upon no further ones.
 */
export async function withTexts<T>(
  path: string,
  files: Files,
  { modules, validators, readFile, machine, findModule, inventory, isInventoryBroken = false }: ReadOptions,
  read: (r: Reading) => T,
): Promise<{ readonly r: Reading; readonly value: T }> {
  const own = await ownModules(path, files, modules, findModule);
  const all = new Map([...modules, ...own.modules.map(module => [module.name, module] as const)]);
  const texts = new Map<string, string | undefined>();
  const hosts = isInventoryBroken ? 'broken' : inventory ? 'known' : 'unknown';
  for (;;) {
    const r = new Reading({ modules: all, validators, broken: own.broken, texts, machine, hosts });
    const value = read(r);
    if (r.wanted.size === 0) return { r, value };
    for (const path of r.wanted) texts.set(path, await readFile(path));
  }
}

async function checkLocalFiles(r: Reading, kindOf: KindOf | undefined): Promise<void> {
  if (!kindOf) return;
  const whys = await Promise.all(r.named.map(file => whyNoFile(file, kindOf)));
  for (const [i, { span }] of r.named.entries()) {
    const why = whys[i];
    if (why) r.error('file-not-found', span, why.message, { hint: why.hint });
  }
}

function playsOf(
  r: Reading,
  files: Files,
  source: Source,
  node: Node,
  given: Pick<AroundPlays, 'hostVars' | 'inputs'>,
): readonly ReadPlay[] {
  const { plays, used, registers, unnotified } = readPlays(r, files, source, node, given);
  // Where there are errors, what was to use a name may be among them.
  if (hasErrors(r.diagnostics)) return plays;
  warnOfUnused(r, source, plays, registers, used);
  for (const span of unnotified) {
    r.warning('unused-name', span, 'no task notifies this handler', { hint: 'remove it, or name it in a `notify`' });
  }
  return plays;
}

/** Params, vars and registers of the playbook's own file; what a tasks file registers or is given may be for others. */
function warnOfUnused(
  r: Reading,
  source: Source,
  plays: readonly ReadPlay[],
  registers: ReadonlyMap<string, Span>,
  used: ReadonlySet<string>,
): void {
  if (used.has(EVERY_NAME)) return;
  for (const param of plays.flatMap(p => p.params)) {
    if (!used.has(param.name)) r.warning('unused-name', param.span, `the param \`${param.name}\` is never used`);
  }
  for (const [name, { span }] of plays.flatMap(varsIn)) {
    if (span.source !== source || used.has(name)) continue;
    r.warning('unused-name', span, `the var \`${name}\` is never used`, { hint: 'remove it' });
  }
  for (const [name, span] of registers) {
    if (span.source !== source || used.has(name)) continue;
    r.warning('unused-name', span, `the register \`${name}\` is never used`, { hint: 'remove `register`' });
  }
}

/** The vars of a play and of what is in it; those that a role is handed are its own matter. */
function varsIn({ vars, tasks, handlers }: ReadPlay): readonly (readonly [string, Template])[] {
  const inside = (steps: readonly Step[]): readonly (readonly [string, Template])[] =>
    steps.flatMap(step => {
      if (step.kind === 'include') return [...(step.role ? [] : step.vars), ...inside(step.body)];
      const within = step.kind === 'block' ? [...step.body, ...step.rescue, ...step.always] : [];
      return [...step.vars, ...inside(within)];
    });
  return [...vars, ...inside(tasks), ...inside(handlers)];
}
