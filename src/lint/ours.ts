import { entry, type Node } from '../playbook/document.ts';

/** Keys at the top of a map that was meant to be a play: nothing else has them there. */
const ofPlays = ['hosts', 'tasks', 'pre_tasks', 'post_tasks', 'roles', 'import_playbook'];

/**
 * Whether a YAML file that nobody named, but that lies in a folder, is one of ours: a list of maps (plays or tasks), groups with hosts,
 * a part of a role, vars beside an inventory. A file that cannot be read is; a compose file or a CI configuration is not.
 */
export function isOurs(path: string, node: Node | undefined): boolean {
  if (!node) return true;
  if (/(?:^|\/)(?:group_vars|host_vars|vars|defaults|meta|handlers)\//.test(path)) return true;
  if (node.kind === 'list') return node.items.some(item => item.kind === 'map');
  if (node.kind === 'scalar') return node.value === null;
  return ofPlays.some(key => entry(node, key)) || isInventory(node);
}

/** A map of groups; a playbook is a list. */
export function isInventory(node: Node): boolean {
  if (node.kind !== 'map') return false;
  return node.entries.some(
    ({ value }) => value.kind === 'map' && !!(entry(value, 'hosts') ?? entry(value, 'children')),
  );
}
