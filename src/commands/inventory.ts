import { hasErrors } from '../core/diagnostic.ts';
import { loadInventory } from './hosts.ts';
import { exit, type Io } from './io.ts';
import { report } from './report.ts';

/** `quorate inventory`: the hosts and groups that a run would use. */
export async function inventoryCommand(io: Io, options: { inventory?: string; json?: true }): Promise<number> {
  const { value: inventory, diagnostics } = await loadInventory(io, options.inventory);
  await report(io, diagnostics);
  if (!inventory || hasErrors(diagnostics)) return exit.invalid;
  if (options.json) {
    const { hosts, groups, origin } = inventory;
    // Expressions are shown as they are written, among the vars.
    const plain = [...hosts].map(([name, { templates: _, ...host }]) => [name, host] as const);
    const shown = { origin, hosts: Object.fromEntries(plain), groups: Object.fromEntries(groups) };
    io.out.write(`${JSON.stringify(shown, undefined, 2)}\n`);
    return exit.done;
  }
  io.out.write(`from ${inventory.origin}\n`);
  const width = Math.max(...[...inventory.hosts.keys()].map(name => name.length));
  for (const { name, address, connection } of inventory.hosts.values()) {
    io.out.write(`  ${name.padEnd(width)}  ${connection === 'local' ? 'this machine' : address}\n`);
  }
  for (const [group, names] of inventory.groups) io.out.write(`[${group}] ${names.join(' ')}\n`);
  return exit.done;
}
