import { type Diagnostic, hasErrors, type Outcome } from '../core/diagnostic.ts';
import type { Inventory } from '../core/inventory.ts';
import type { Module } from '../core/module.ts';
import type { Step, Task } from '../core/plan.ts';
import type { Source, Span } from '../core/source.ts';
import type { Validators } from '../core/validate.ts';
import { entry, isEmpty, type MapNode, type Node, startOf } from './document.ts';
import type { TypedTemplate } from './expression/template.ts';
import { anything, integerType, listOf, stringType, type Type, union } from './expression/types.ts';
import { type Files, type ReadFile, readFiles, withoutPrefix } from './files.ts';
import { Handlers, handlersOf, readHandlers } from './handlers.ts';
import { playKeywords } from './keywords.ts';
import { type KindOf, whyNoFile } from './local-files.ts';
import { type Layer, Names } from './names.ts';
import { checked, optional, type Place } from './place.ts';
import { type Param, readParams } from './read-params.ts';
import { readSteps } from './read-steps.ts';
import { readLabel, readNames, readNumber, readTemplate, readVars } from './read-values.ts';
import { Reading } from './reading.ts';
import { registersOf } from './registers.ts';

/** A playbook that was read and checked, before its hosts and inputs are known. */
export interface Playbook {
  readonly source: Source;
  readonly plays: readonly ReadPlay[];
}

export interface ReadPlay {
  readonly id: string;
  readonly span: Span;
  readonly name?: TypedTemplate;
  /** Renders to a pattern or a list of patterns; sees params alone, as do `expectHosts`, `forks` and `name`. */
  readonly hosts: TypedTemplate;
  readonly expectHosts?: TypedTemplate;
  readonly forks?: TypedTemplate;
  readonly params: readonly Param[];
  readonly vars: ReadonlyMap<string, TypedTemplate>;
  readonly tasks: readonly Step[];
  readonly handlers: readonly Task[];
}

export interface ReadOptions {
  readonly readFile: ReadFile;
  /** Absent: local files that are named are not looked for. */
  readonly kindOf?: KindOf;
  readonly modules: ReadonlyMap<string, Module>;
  readonly validators: Validators;
  /** Where it is known, its hosts' vars count as defined. */
  readonly inventory?: Inventory;
}

/**
 * Reads a playbook and every tasks file that it reaches, and checks all that can be known without hosts and inputs:
 * keywords, modules and their parameters, names, types. Never throws (unless `readFile` does). The value is absent where
 * there are errors.
 */
export async function readPlaybook(path: string, options: ReadOptions): Promise<Outcome<Playbook>> {
  const files = await readFiles(path, options.readFile);
  const r = new Reading(options.modules, options.validators);
  const file = files.get(path);
  if (!file) {
    const message = `there is no file ${path} that can be read`;
    return { diagnostics: [{ code: 'file-not-found', severity: 'error', message }] };
  }
  r.report(...file.diagnostics);
  const plays = file.node ? readPlays(r, files, file.source, file.node, options.inventory) : [];
  if (!file.node && file.diagnostics.length === 0)
    r.error('empty-playbook', startOf(file.source), `${path} has no plays`);
  await checkLocalFiles(r, options.kindOf);
  const { diagnostics } = r;
  return !hasErrors(diagnostics) ? { value: { source: file.source, plays }, diagnostics } : { diagnostics };
}

/** What can be said about a file of tasks by itself: any name may come from who includes it, and local files may lie there. */
export async function readTasksFile(path: string, options: ReadOptions): Promise<readonly Diagnostic[]> {
  const files = await readFiles(path, options.readFile);
  const node = files.get(path)?.node;
  const r = new Reading(options.modules, options.validators);
  if (!node) return r.diagnostics;
  const registers = registersOf(node, path, files);
  const names = new Names(r, { outer: [], results: new Map(), registers, used: new Set(), open: true });
  const handlers = new Handlers(new Map(), { open: true });
  readSteps({ r, files, names, handlers, path: [path], tags: [] }, node, 't', 'a tasks file');
  return r.diagnostics;
}

async function checkLocalFiles(r: Reading, kindOf: KindOf | undefined): Promise<void> {
  if (!kindOf) return;
  const whys = await Promise.all(r.named.map(file => whyNoFile(file, kindOf)));
  for (const [i, { span }] of r.named.entries()) {
    const why = whys[i];
    if (why) r.error('file-not-found', span, why.message, { hint: why.hint });
  }
}

/** True for a list of tasks, which a play includes and which cannot be run by itself. */
export function isTasksFile(node: Node): boolean {
  if (node.kind !== 'list' || node.items.length === 0) return false;
  const playKeys = ['hosts', 'tasks', 'params', 'roles', 'import_playbook', 'handlers'];
  return node.items.every(
    item => item.kind === 'map' && !item.entries.some(e => playKeys.includes(withoutPrefix(e.key))),
  );
}

function readPlays(r: Reading, files: Files, source: Source, node: Node, inventory?: Inventory): readonly ReadPlay[] {
  if (node.kind !== 'list') {
    r.invalid(node, 'a playbook', 'a list of plays', node.kind === 'map' ? 'begin the play with "- "' : undefined);
    return [];
  }
  if (isTasksFile(node)) {
    r.error('empty-playbook', startOf(source), `${source.name} has tasks and no plays`, {
      hint: 'a play has `hosts:` and `tasks:`; let a play enter this file with `include_tasks`',
    });
    return [];
  }
  if (node.items.length === 0) r.error('empty-playbook', node.span, `${source.name} has no plays`);
  const used = new Set<string>();
  const registers = new Map<string, Span>();
  const unnotified: Span[] = [];
  let results: ReadonlyMap<string, Type> = new Map();
  const plays = node.items.flatMap((item, i) => {
    if (item.kind !== 'map') {
      r.invalid(item, 'an item of a playbook', 'a play');
      return [];
    }
    const read = readPlay(r, files, source.name, item, `p${i}`, { used, results, registers, unnotified, inventory });
    results = read.results;
    return [read.play];
  });
  // Where there are errors, what was to use a name may be among them.
  if (hasErrors(r.diagnostics)) return plays;
  warnOfUnused(r, source, plays, registers, used);
  for (const span of unnotified) {
    r.warning('unused-name', span, 'no task notifies this handler', { hint: 'remove it, or name it in a `notify`' });
  }
  return plays;
}

interface Around {
  readonly used: Set<string>;
  /** Registers and facts of the plays before. */
  readonly results: ReadonlyMap<string, Type>;
  /** Filled with the registers of this play. */
  readonly registers: Map<string, Span>;
  /** Filled with the handlers that no task notifies. */
  readonly unnotified: Span[];
  readonly inventory: Inventory | undefined;
}

function readPlay(
  r: Reading,
  files: Files,
  path: string,
  map: MapNode,
  id: string,
  around: Around,
): { play: ReadPlay; results: ReadonlyMap<string, Type> } {
  r.checkKeywords(map, playKeywords, 'a play');
  const value = (key: keyof typeof playKeywords): Node | undefined => entry(map, key)?.value;
  const head = map.entries[0]?.keySpan ?? map.span;
  const hosts = value('hosts');
  const tasks = value('tasks');
  const given = { name: value('name'), params: value('params'), vars: value('vars'), tags: value('tags') };
  const params = given.params ? readParams(r, given.params, around.used) : [];
  const inputs: Layer = new Map(params.map(p => [p.name, p.type]));
  const nothing = { results: new Map(), registers: new Map(), used: around.used, open: false };
  // The keywords of the play itself are worked out before the run, from params alone.
  const handlersNode = value('handlers');
  const handlers = handlersOf(handlersNode, `${id}.h`);
  const at = { r, files, handlers, path: [path] };
  const before: Place = { ...at, names: new Names(r, { ...nothing, outer: [inputs] }), tags: [] };
  const number = (key: 'expect_hosts' | 'forks'): TypedTemplate | undefined => {
    const node = value(key);
    return node && checked(before, readNumber(r, node, `\`${key}\``, true), integerType, `\`${key}\``);
  };
  if (!hosts) r.error('missing-parameter', head, 'a play needs `hosts`', { hint: 'such as `hosts: headnode`' });
  if (!tasks || isEmpty(tasks)) {
    r.error('empty-playbook', entry(map, 'tasks')?.keySpan ?? head, 'the play has no tasks');
  }
  const pattern = readTemplate(r, hosts ?? { kind: 'list', span: map.span, items: [] });
  const wanted = union(stringType, listOf(stringType));
  const vars = given.vars ? readVars(r, given.vars, '`vars` of a play') : new Map<string, TypedTemplate>();
  const registers = new Map([tasks, handlersNode].flatMap(node => (node ? [...registersOf(node, path, files)] : [])));
  for (const [register, span] of registers) around.registers.set(register, span);
  const outer = [vars, inputs, inventoryLayer(around.inventory)];
  const names = new Names(r, { ...nothing, outer, registers, results: around.results });
  const tags = given.tags ? readNames(r, given.tags, '`tags`') : [];
  const play: ReadPlay = {
    id,
    span: map.span,
    ...optional('name', given.name && checked(before, readLabel(r, given.name, '`name` of a play'))),
    hosts: hosts ? (checked(before, pattern, wanted, '`hosts`') ?? pattern) : pattern,
    ...optional('expectHosts', number('expect_hosts')),
    ...optional('forks', number('forks')),
    params,
    vars,
    tasks: tasks ? readSteps({ ...at, names, tags }, tasks, `${id}.t`, '`tasks`') : [],
    handlers: handlersNode ? readHandlers({ ...at, names, tags }, handlersNode, `${id}.h`) : [],
  };
  for (const handler of play.handlers) {
    if (!handlers.isUsed(handler.id)) around.unnotified.push(handler.span);
  }
  names.finish();
  return { play, results: names.known };
}

function inventoryLayer(inventory: Inventory | undefined): Layer {
  const names = [...(inventory?.hosts.values() ?? [])].flatMap(host => Object.keys(host.vars));
  return new Map(names.map(name => [name, anything]));
}

/** Params and registers of the playbook's own file; what a tasks file registers may be for others. */
function warnOfUnused(
  r: Reading,
  source: Source,
  plays: readonly ReadPlay[],
  registers: ReadonlyMap<string, Span>,
  used: ReadonlySet<string>,
): void {
  for (const param of plays.flatMap(p => p.params)) {
    if (!used.has(param.name)) r.warning('unused-name', param.span, `the param \`${param.name}\` is never used`);
  }
  for (const [name, span] of registers) {
    if (span.source !== source || used.has(name)) continue;
    r.warning('unused-name', span, `the register \`${name}\` is never used`, { hint: 'remove `register`' });
  }
}
