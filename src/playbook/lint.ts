import type { Diagnostic } from '../core/diagnostic.ts';
import { entry, type Node } from './document.ts';
import { isTasksFile, readFiles } from './files.ts';
import { readInventory } from './inventory.ts';
import { type AloneKind, readAlone, rolePartAt } from './read-alone.ts';
import { type ReadOptions, readPlaybook } from './read-playbook.ts';

/**
 * Everything that can be said about playbooks and inventories before hosts and inputs are known. A file of tasks is checked by itself, its
 * names taken as given by who includes it, unless a playbook among the files enters it; there they are known.
 */
export async function lint(paths: readonly string[], options: ReadOptions): Promise<readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic>();
  const entered = new Set<string>();
  const alone: { readonly path: string; readonly kind: AloneKind }[] = [];
  const add = (diagnostics: readonly Diagnostic[]): void => {
    for (const d of diagnostics) found.set(`${d.code} ${d.span?.source.name}:${d.span?.start} ${d.message}`, d);
  };
  for (const path of paths) {
    const files = await readFiles(path, options.readFile);
    const node = files.get(path)?.node;
    const source = files.get(path)?.source;
    const part = node && rolePartAt(path, node);
    if (part) alone.push({ path, kind: part });
    else if (node && source && isInventory(node)) add(readInventory(source, options.validators.inventory).diagnostics);
    else if (node && isTasksFile(node)) alone.push({ path, kind: 'tasks' });
    else {
      for (const file of files.keys()) entered.add(file);
      add((await readPlaybook(path, options)).diagnostics);
    }
  }
  for (const { path, kind } of alone) if (!entered.has(path)) add(await readAlone(path, kind, options));
  return [...found.values()];
}

/** A map of groups; a playbook is a list. */
function isInventory(node: Node): boolean {
  if (node.kind !== 'map') return false;
  return node.entries.some(
    ({ value }) => value.kind === 'map' && !!(entry(value, 'hosts') ?? entry(value, 'children')),
  );
}
