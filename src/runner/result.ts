import type { Status } from '../core/event.ts';
import type { Login } from '../core/inventory.ts';
import type { Change, Module } from '../core/module.ts';
import type { Task } from '../core/plan.ts';
import type { Json, Value, ValueMap } from '../core/value.ts';
import { isMap, Unknown } from '../core/value.ts';
import { catchable, type Fault } from './fault.ts';

/** A module did its work. */
export interface Done {
  readonly kind: 'done';
  readonly changed: boolean;
  readonly changes: readonly Change[];
  /** What the module returned. */
  readonly result: ValueMap;
  /** Facts that it set. */
  readonly facts?: Readonly<Record<string, Json>>;
  /** For people. */
  readonly text?: string;
  /** A person said that it was done, so nothing is known of its result, and no condition is asked of it. */
  readonly assumed?: true;
  /** By the task's own check mode it was only seen what it would change. */
  readonly notMade?: true;
  /** Check mode: what its own conditions leave open. */
  readonly open?: Open;
}

/** What conditions on a result that depend on what was not run leave open of it. */
export interface Open {
  /** Of the result: those of its fields that are not known. */
  readonly fields: { readonly changed?: Unknown; readonly failed?: Unknown };
  readonly text: string;
}

/** Check mode: it was not run, or depends on what was not run. */
export interface NotKnown {
  readonly kind: 'unknown';
  readonly because: Unknown;
  readonly changes: readonly Change[];
  /** More than that it was not run: why it couldn't be foreseen. */
  readonly text?: string;
}

export type Performed = Done | NotKnown;

/** How one execution of a task ended, before its failure was weighed against `ignore_errors` and `rescue`. */
export interface Ending {
  readonly status: Status;
  readonly fault?: Fault;
  /** The host it was done on, where it came that far. */
  readonly on?: string;
  /** As whom, where not as the inventory says. */
  readonly as?: Login;
  readonly changes: readonly Change[];
  /** What is registered. */
  readonly register: Value;
  readonly facts?: Readonly<Record<string, Json>>;
  readonly text?: string;
  /** As in `Done`. */
  readonly notMade?: true;
}

/** What every result has; the module's own fields come after it. */
export function registered(
  state: { changed: boolean; failed?: boolean; skipped?: boolean; message?: string },
  own: ValueMap = {},
): ValueMap {
  const { changed, failed = false, skipped = false, message = '' } = state;
  const said = typeof own.message === 'string' ? own.message : '';
  return { ...own, changed, failed, skipped, message: message === '' ? said : message };
}

/** With `ignore_unreachable`, a result says whether its host could be reached. */
export function withReach({ ignoreUnreachable }: Task, result: ValueMap, unreachable: boolean): ValueMap {
  return ignoreUnreachable ? { ...result, unreachable } : result;
}

export function skippedResult(): ValueMap {
  return registered({ changed: false, skipped: true, message: 'its condition was not true' });
}

/** What is registered after a failure: what was found out all the same, and the message. */
export function failedResult(fault: Fault): ValueMap {
  const { message, result } = fault.failure;
  return registered({ changed: result.changed === true, failed: true, message }, result);
}

/** A result of which nothing is known but that it would be a change: each field that the module declares is unknown. */
export function notYetKnown(module: Module, dependsOn: string): ValueMap {
  const fields = Object.keys(schemaProperties(module));
  return Object.fromEntries(fields.map(field => [field, new Unknown(dependsOn)]));
}

/** The values of a result that the module's schema marks with `secret: true`. */
export function secretsOf(module: Module, result: ValueMap): readonly Value[] {
  const properties = schemaProperties(module);
  return Object.entries(result).flatMap(([field, value]) => (isSecret(properties[field]) ? [value] : []));
}

function schemaProperties(module: Module): Readonly<Record<string, unknown>> {
  return 'properties' in module.returns ? { ...(module.returns.properties as object) } : {};
}

function isSecret(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'secret' in schema && schema.secret === true;
}

/** How a fault is shown: caught ones don't count as failures. */
export function statusOf(fault: Fault, caught: { ignored: boolean; rescued: boolean }): Status {
  if (fault.kind === 'unreachable') return caught.ignored ? 'ignored' : 'unreachable';
  if (!catchable(fault)) return 'failed';
  if (caught.ignored) return 'ignored';
  return caught.rescued ? 'rescued' : 'failed';
}

/** A loop's result: `results` in the order of the items, and the rest summed up. What one of them leaves open stays unknown. */
export function loopResult(results: readonly Value[]): Value {
  const failed = results.filter(result => isMap(result) && result.failed === true).length;
  return {
    changed: any(results, 'changed', true),
    failed: any(results, 'failed', true),
    skipped: negated(any(results, 'skipped', false)),
    message: results.length === 0 ? 'no items' : failed > 0 ? `${failed} of ${results.length} items failed` : '',
    results,
  };
}

/** Whether the field of any result is `wanted`: true decides even beside one that is not known. */
function any(results: readonly Value[], field: string, wanted: boolean): boolean | Unknown {
  const fields = results.map(result => (isMap(result) ? (result[field] ?? false) : result));
  return fields.includes(wanted) || (fields.find(value => value instanceof Unknown) ?? false);
}

function negated(value: boolean | Unknown): boolean | Unknown {
  return value instanceof Unknown ? value : !value;
}

/** A result with the item it belongs to. */
export function withItem(result: Value, item: Value): Value {
  return isMap(result) ? { ...result, item } : result;
}

/** A loop as a whole ended as its worst item did. */
export function loopStatus(statuses: readonly Status[]): Status {
  const order: readonly Status[] = ['failed', 'unreachable', 'rescued', 'ignored', 'unknown', 'changed', 'ok'];
  return order.find(status => statuses.includes(status)) ?? 'skipped';
}
