import type { Module } from '../core/module.ts';
import type { Task } from '../core/plan.ts';
import { fromSchema } from './expression/schema-types.ts';
import { booleanType, listOf, type Property, stringType, type Type } from './expression/types.ts';

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
