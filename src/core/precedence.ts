/**
 * Where a name can be given a value, from what gives way to all others to what gives way to none. The order is Ansible's, but
 * for one thing: what an include or a loop is handed is nearer than what `-e` gives, so that an include can be used twice.
 * The table of docs/language.md is made from this one.
 */
export const levels = [
  { level: 'role-defaults', about: '`defaults` of a role' },
  { level: 'inventory-all', about: "`vars` of the group `all`, in the inventory's file" },
  { level: 'inventory-groups', about: "`vars` of the other groups, in the inventory's file" },
  { level: 'all-beside-inventory', about: '`group_vars/all` beside the inventory' },
  { level: 'all-beside-playbook', about: '`group_vars/all` beside the playbook' },
  { level: 'groups-beside-inventory', about: '`group_vars/GROUP` beside the inventory' },
  { level: 'groups-beside-playbook', about: '`group_vars/GROUP` beside the playbook' },
  { level: 'inventory-hosts', about: "what a host is given in the inventory's file" },
  { level: 'hosts-beside-inventory', about: '`host_vars/HOST` beside the inventory' },
  { level: 'hosts-beside-playbook', about: '`host_vars/HOST` beside the playbook' },
  { level: 'play', about: '`vars` of the play' },
  { level: 'vars-files', about: '`vars_files` of the play, later files over earlier ones' },
  { level: 'role-vars', about: '`vars` of a role' },
  { level: 'block', about: '`vars` of blocks, `import_tasks` and `import_role`, the innermost first' },
  { level: 'task', about: '`vars` of the task' },
  { level: 'included-vars', about: '`include_vars`, those of earlier plays too' },
  { level: 'found', about: 'registers and `set_fact`, those of earlier plays too' },
  { level: 'params', about: 'params: what `-e` gives, or else their defaults' },
  { level: 'role-params', about: 'params of a role, beside its name in `roles` or `dependencies`' },
  {
    level: 'handed',
    about:
      "`vars` of `include_tasks` and `include_role`, the loop's variables, in a task's own conditions its result; the innermost first",
  },
] as const;

export type Level = (typeof levels)[number]['level'];

const ranks = new Map<Level, number>(levels.map(({ level }, rank) => [level, rank]));

/** Negative where `a` gives way to `b`. */
export function byLevel(a: Level, b: Level): number {
  return (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0);
}

/** Layers, the nearest first, and one more, which is nearer than those of its own level. */
export function placed<L extends { readonly level: Level }>(layers: readonly L[], layer: L): readonly L[] {
  const before = layers.filter(other => byLevel(other.level, layer.level) > 0);
  return [...before, layer, ...layers.slice(before.length)];
}
