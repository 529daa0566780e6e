import type { BatchSize } from '../core/plan.ts';
import type { Value } from '../core/value.ts';
import { holdsExpression, type Node } from './document.ts';
import type { Reading } from './reading.ts';

export const serialWanted = 'a number of hosts from 1 on, a percentage such as "30%", or a list of these';

/** `2`, `"30%"`, or a list of these, as sizes; undefined where it is anything else. */
export function batchSizes(value: Value): readonly BatchSize[] | undefined {
  const sizes = (Array.isArray(value) ? value : [value]).map(sizeOf);
  const sound = sizes.filter(size => size !== undefined);
  return sound.length === sizes.length && sound.length > 0 ? sound : undefined;
}

function sizeOf(value: Value): BatchSize | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? { hosts: value } : undefined;
  const [, percent] = typeof value === 'string' ? (/^(\d+(?:\.\d+)?)%$/.exec(value) ?? []) : [];
  return Number(percent) > 0 && Number(percent) <= 100 ? { percent: Number(percent) } : undefined;
}

/** Checks what of a `serial` is written out; false where something is wrong with it. */
export function checkSerial(r: Reading, node: Node): boolean {
  const before = r.diagnostics.length;
  if (node.kind === 'list' && node.items.length === 0) r.invalid(node, '`serial`', serialWanted);
  for (const item of node.kind === 'list' ? node.items : [node]) {
    if (!holdsExpression(item) && (item.kind !== 'scalar' || !sizeOf(item.value)))
      r.invalid(item, '`serial`', serialWanted);
  }
  return r.diagnostics.length === before;
}
