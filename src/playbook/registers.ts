import type { Module } from '../core/module.ts';
import type { Task } from '../core/plan.ts';
import type { Span } from '../core/source.ts';
import { entry, type Node } from './document.ts';
import { fromSchema } from './expression/schema-types.ts';
import { booleanType, listOf, type Property, stringType, type Type } from './expression/types.ts';
import { type Files, fileOf, includedPath, withoutPrefix } from './files.ts';

const sure = (type: Type): Property => ({ type, optional: false });

/** What every result has. */
const statuses: readonly (readonly [string, Property])[] = [
  ['changed', sure(booleanType)],
  ['failed', sure(booleanType)],
  ['skipped', sure(booleanType)],
  ['message', sure(stringType)],
];

/** The type of what a task registers: what its module returns, and how it ended; with a loop, a list of these. */
export function resultType(
  module: Module,
  item: Type | undefined,
  { ignoreUnreachable }: Pick<Task, 'ignoreUnreachable'>,
): Type {
  const common = ignoreUnreachable ? [...statuses, ['unreachable', sure(booleanType)] as const] : statuses;
  const returned = fromSchema(module.returns);
  const result: Type =
    returned.kind === 'map'
      ? { ...returned, properties: new Map([...common, ...returned.properties]) }
      : { kind: 'map', properties: new Map(common), rest: returned };
  if (!item) return result;
  const round: Type = { ...result, properties: new Map([...result.properties, ['item', sure(item)]]) };
  return { kind: 'map', properties: new Map([...common, ['results', sure(listOf(round))]]) };
}

/** Every register of a list of steps and of the files they enter, with the place of the first task that sets it. */
export function registersOf(node: Node, path: string, files: Files): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  const entered = new Set<string>();
  const visit = (at: Node, file: string): void => {
    if (at.kind === 'list') for (const item of at.items) visit(item, file);
    if (at.kind !== 'map') return;
    const register = entry(at, 'register')?.value;
    if (register?.kind === 'scalar' && typeof register.value === 'string' && !found.has(register.value)) {
      found.set(register.value, register.span);
    }
    for (const { key, value } of at.entries) {
      if (['block', 'rescue', 'always'].includes(key)) visit(value, file);
      if (!/^(include|import)_tasks$/.test(withoutPrefix(key))) continue;
      const name = fileOf(value);
      if (name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
      const included = includedPath(file, name.value);
      const tasks = files.get(included)?.node;
      if (!tasks || entered.has(included)) continue;
      entered.add(included);
      visit(tasks, included);
    }
  };
  visit(node, path);
  return found;
}
