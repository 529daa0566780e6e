import type { Written } from './written.ts';

/** The groups, each with the hosts in it and in the groups below it, those whose vars give way first. */
export interface Group {
  readonly name: string;
  readonly hosts: ReadonlySet<string>;
}

/**
 * Ansible's order: outer groups before the groups in them, then a smaller `ansible_group_priority` before a greater one, then
 * by name. `all` has every host, `ungrouped` those that are in no other group.
 */
export function groupsInOrder(written: Written): readonly Group[] {
  const { groups, hosts } = written;
  const depths = depthsOf(written);
  const grouped = new Set([...groups].flatMap(([name, group]) => (isApart(name) ? [] : [...group.hosts])));
  const ungrouped = [...hosts.keys()].filter(host => !grouped.has(host));
  const known = new Map<string, ReadonlySet<string>>();
  const all: Group[] = [...groups.keys()]
    .filter(name => !isApart(name))
    .map(name => ({ name, hosts: below(name, written, known) }));
  if (ungrouped.length > 0 || groups.has('ungrouped')) all.push({ name: 'ungrouped', hosts: new Set(ungrouped) });
  const ordered = all.toSorted(
    (a, b) =>
      (depths.get(a.name) ?? 1) - (depths.get(b.name) ?? 1) ||
      priorityOf(written, a.name) - priorityOf(written, b.name) ||
      (a.name < b.name ? -1 : 1),
  );
  return [{ name: 'all', hosts: new Set(hosts.keys()) }, ...ordered];
}

function isApart(name: string): boolean {
  return name === 'all' || name === 'ungrouped';
}

function below(name: string, written: Written, known: Map<string, ReadonlySet<string>>): ReadonlySet<string> {
  const there = known.get(name);
  if (there) return there;
  const group = written.groups.get(name);
  const hosts = new Set(group?.hosts);
  for (const child of group?.children ?? []) for (const host of below(child, written, known)) hosts.add(host);
  known.set(name, hosts);
  return hosts;
}

/** In how many groups each stands, one inside the other; in `all` in any case. */
function depthsOf({ groups }: Written): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const visit = (name: string, depth: number): void => {
    if ((depths.get(name) ?? 0) >= depth) return;
    depths.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) visit(child, depth + 1);
  };
  for (const name of groups.keys()) if (!isApart(name)) visit(name, 1);
  return depths;
}

function priorityOf({ groups }: Written, name: string): number {
  const value = groups.get(name)?.vars.get('ansible_group_priority')?.value;
  const priority = value?.kind === 'scalar' ? Number(value.value ?? 1) : 1;
  return Number.isFinite(priority) ? priority : 1;
}
