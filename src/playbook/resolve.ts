import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import { hasErrors } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import type { Inventory } from '../core/inventory.ts';
import { type BatchSize, type Plan, type Play, type Step, tasksOf } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import type { Json, Value } from '../core/value.ts';
import { didYouMean } from './expression/nearest.ts';
import { type Selected, selectHosts } from './host-patterns.ts';
import { type Inputs, inputsOf, scopeOf, undeclared, withoutSecrets } from './inputs.ts';
import { leftOut } from './left-out.ts';
import type { HostOrder, ReadPlay } from './read-play.ts';
import type { Playbook } from './read-playbook.ts';
import { batchSizes, serialWanted } from './serial.ts';
import { type Selection, selectSteps, unknownTags } from './tags.ts';

export interface ResolveOptions {
  readonly inventory: Inventory;
  readonly inputs: Inputs;
  /** Patterns of hosts; empty: no limit. */
  readonly limit: readonly string[];
  readonly selection: Selection;
}

/** Chooses hosts and tasks and works out the inputs: what is to be run, or everything that keeps it from being run. */
export function resolve(playbook: Playbook, given: ResolveOptions): Outcome<Plan> {
  const options = { ...given, inputs: withoutSecrets(playbook.plays, given.inputs) };
  const { inventory, limit, selection } = options;
  const allSteps = playbook.plays.flatMap(p => p.tasks);
  const handlers = playbook.plays.flatMap(p => p.handlers);
  const diagnostics: Diagnostic[] = [
    ...undeclared(playbook.plays, options.inputs),
    ...unknownTags(allSteps, selection),
  ];
  const limited = limit.length > 0 ? selectHosts(limit, inventory) : undefined;
  diagnostics.push(...noHosts(limited, inventory, '--limit'));
  const plays = playbook.plays.flatMap(play => resolvePlay(play, options, limited, diagnostics));
  if (!hasErrors(diagnostics))
    diagnostics.push(
      ...leftOut(
        [...allSteps, ...handlers],
        plays.flatMap(p => [...p.tasks, ...p.handlers]),
      ),
    );
  if (!hasErrors(diagnostics) && plays.length === 0) diagnostics.push(nothingToRun(selection, limit));
  if (hasErrors(diagnostics)) return { diagnostics };
  return { value: { source: playbook.source, plays }, diagnostics };
}

function resolvePlay(
  play: ReadPlay,
  { inventory, inputs, selection }: ResolveOptions,
  limited: Selected | undefined,
  diagnostics: Diagnostic[],
): readonly Play[] {
  const given = inputsOf(play, inputs);
  diagnostics.push(...given.diagnostics);
  if (given.diagnostics.length > 0) return [];
  const render = (template: Template | undefined): Value | undefined => {
    if (!template) return undefined;
    try {
      return template.render(
        scopeOf(new Map<string, Value>([...given.values, ['groups', Object.fromEntries(inventory.groups)]])),
      );
    } catch (e) {
      if (!(e instanceof Failure)) throw e;
      diagnostics.push({ code: e.code, severity: 'error', message: e.message, span: e.span ?? template.span });
      return undefined;
    }
  };
  const name = render(play.name);
  const forks = render(play.forks);
  const expected = render(play.expectHosts);
  const pattern = render(play.hosts);
  const patterns = (Array.isArray(pattern) ? pattern : [pattern]).flatMap(p => (typeof p === 'string' ? [p] : []));
  const selected = selectHosts(patterns, inventory);
  const problems = noHosts(selected, inventory, '`hosts`').map(d => ({ ...d, span: play.hosts.span }));
  diagnostics.push(...problems);
  const chosen = limited ? selected.hosts.filter(host => limited.hosts.includes(host)) : selected.hosts;
  const hosts = inOrder(chosen, play.order);
  const serial = serialOf(render(play.serial), play.serial, diagnostics);
  const maxFailPercentage = render(play.maxFailPercentage);
  const tasks = selectSteps(play.tasks, selection);
  diagnostics.push(...unknownDelegates([...tasks, ...play.handlers], inventory));
  if (expected !== undefined && hosts.length !== expected) {
    diagnostics.push({
      code: 'host-count',
      severity: 'error',
      message: `the play must have ${expected} host${expected === 1 ? '' : 's'}; it has ${hosts.length}${hosts.length > 0 ? `: ${hosts.join(', ')}` : ''}`,
      span: play.expectHosts?.span ?? play.span,
      ...(limited ? { hint: '--limit counts too' } : {}),
    });
  }
  if (hosts.length === 0 && problems.length === 0) {
    const limitedAway = selected.hosts.length > 0;
    diagnostics.push({
      code: 'no-hosts',
      severity: limitedAway ? 'warning' : 'error',
      message: limitedAway ? 'no host of the play is within --limit; it is left out' : 'the play has no hosts',
      span: play.hosts.span,
    });
  }
  if (hosts.length === 0 || [...tasksOf(tasks)].length === 0) return [];
  return [
    {
      id: play.id,
      name: typeof name === 'string' ? name : patterns.join(', '),
      span: play.span,
      hosts,
      params: Object.fromEntries(given.values),
      secretParams: play.params.filter(p => p.secret).map(p => p.name),
      vars: play.vars,
      ...(play.fileVars.size > 0 ? { fileVars: play.fileVars } : {}),
      tasks,
      handlers: play.handlers,
      ...(typeof forks === 'number' && forks > 0 ? { forks } : {}),
      ...(serial.length > 0 ? { serial } : {}),
      ...(play.roleVars.size > 0 ? { roleVars: play.roleVars } : {}),
      ...(play.roleDefaults.size > 0 ? { roleDefaults: play.roleDefaults } : {}),
      ...(play.when.length > 0 ? { when: play.when } : {}),
      ...(play.free ? { free: true } : {}),
      ...(play.forceHandlers ? { forceHandlers: true } : {}),
      ...(play.anyErrorsFatal ? { anyErrorsFatal: true } : {}),
      ...(typeof maxFailPercentage === 'number' ? { maxFailPercentage } : {}),
    },
  ];
}

function inOrder(hosts: readonly string[], order: HostOrder = 'inventory'): readonly string[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return hosts.toReversed();
    case 'sorted':
      return hosts.toSorted();
    case 'reverse_sorted':
      return hosts.toSorted().reverse();
  }
}

/** The sizes of the batches; none where there is no `serial`. */
function serialOf(
  value: Value | undefined,
  template: Template | undefined,
  diagnostics: Diagnostic[],
): readonly BatchSize[] {
  if (value === undefined || !template) return [];
  const sizes = batchSizes(value);
  if (sizes) return sizes;
  const message = `\`serial\` must be ${serialWanted}`;
  diagnostics.push({ code: 'invalid-value', severity: 'error', message, span: template.span });
  return [];
}

function noHosts(selected: Selected | undefined, inventory: Inventory, by: string): readonly Diagnostic[] {
  return (selected?.unmatched ?? []).map(({ part, hint }) => ({
    code: 'no-hosts',
    severity: 'error',
    message: `${by}: nothing in the inventory (${inventory.origin}) is called \`${part}\``,
    hint: hint ?? 'see `quorate inventory` for the hosts and groups there are',
  }));
}

/** Where a task is delegated to a name that is written out, the host must be there. */
function unknownDelegates(steps: readonly Step[], inventory: Inventory): readonly Diagnostic[] {
  return [...tasksOf(steps)].flatMap((task): readonly Diagnostic[] => {
    if (!task.delegateTo?.literal) return [];
    const host = String(task.delegateTo.render(scopeOf(new Map())));
    if (inventory.hosts.has(host)) return [];
    const hint = didYouMean(host, inventory.hosts.keys());
    return [
      {
        code: 'no-hosts',
        severity: 'error',
        message: `there is no host \`${host}\` in the inventory (${inventory.origin})`,
        span: task.delegateTo.span,
        ...(hint === undefined ? {} : { hint }),
      },
    ];
  });
}

/** Where neither hosts nor tasks are left. */
export function nothingToRun(selection: Selection, limit: readonly string[]): Diagnostic {
  const asked = [
    selection.tags.length > 0 && '--tags',
    selection.skip.length > 0 && '--skip-tags',
    limit.length > 0 && '--limit',
  ];
  return {
    code: selection.tags.length + selection.skip.length > 0 ? 'unknown-tag' : 'no-hosts',
    severity: 'error',
    message: `nothing is left to run after ${asked.filter(Boolean).join(' and ') || 'choosing hosts'}`,
  };
}

/** For `-e`: nothing was given. */
export const noInputs: Inputs = { source: { name: '-e', text: '' }, values: {} satisfies Record<string, Json> };
