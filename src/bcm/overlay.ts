/** A role of an overlay, as far as it was read. */
export interface OverlayRole {
  /** As the playbook writes it; cmsh takes any case. */
  readonly name: string;
  readonly options: readonly string[];
  /** Of Etcd::Host: BCM's name of the etcd cluster. */
  readonly etcdCluster?: string;
}

/** A configuration overlay that exists. It applies to its nodes, the nodes of its categories and, if so, head nodes. */
export interface Overlay {
  readonly name: string;
  /** 500 by default; the highest wins; below 0 it is switched off. */
  readonly priority: number;
  readonly allHeadNodes: boolean;
  readonly nodes: readonly string[];
  readonly categories: readonly string[];
  /** Those that were asked about and are there. */
  readonly roles: readonly OverlayRole[];
}

interface WantedRole {
  readonly name: string;
  readonly options?: readonly string[];
  readonly options_present?: readonly string[];
  readonly options_absent?: readonly string[];
}

/** What is wanted of an overlay; what is left out stays as it is. */
export interface WantedOverlay {
  readonly name: string;
  readonly state: 'present' | 'absent';
  readonly clone_from?: string;
  readonly priority?: number;
  readonly all_head_nodes?: boolean;
  readonly categories?: readonly string[];
  readonly nodes?: readonly string[];
  readonly nodes_present?: readonly string[];
  readonly nodes_absent?: readonly string[];
  readonly roles?: readonly WantedRole[];
}

/** The list that is wanted where `now` is what is there: exactly `exactly`, or `now` with some more and some less. */
function wantedList(
  now: readonly string[],
  exactly: readonly string[] | undefined,
  present: readonly string[] = [],
  absent: readonly string[] = [],
): readonly string[] {
  if (exactly !== undefined) return sameMembers(now, exactly) ? now : [...new Set(exactly)];
  const kept = now.filter(item => !absent.includes(item));
  return [...kept, ...present.filter(item => !kept.includes(item))];
}

export function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).symmetricDifference(new Set(b)).size === 0;
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * The overlay as it is to be. One that does not exist is made from `clone_from`, which gives it its priority and roles,
 * and no node, category or head node: those it is asked to apply to, and only those. Undefined where it is to be gone, or
 * does not exist and nothing is cloned.
 */
export function wantedOverlay(
  wanted: WantedOverlay,
  now: Overlay | undefined,
  cloned: Overlay | undefined,
): Overlay | undefined {
  if (wanted.state === 'absent') return undefined;
  const base = now ?? (cloned && { ...cloned, name: wanted.name, allHeadNodes: false, nodes: [], categories: [] });
  if (base === undefined) return undefined;
  return {
    name: wanted.name,
    priority: wanted.priority ?? base.priority,
    allHeadNodes: wanted.all_head_nodes ?? base.allHeadNodes,
    nodes: wantedList(base.nodes, wanted.nodes, wanted.nodes_present, wanted.nodes_absent),
    categories: wantedList(base.categories, wanted.categories),
    roles: wantedRoles(wanted.roles ?? [], base.roles),
  };
}

function wantedRoles(wanted: readonly WantedRole[], now: readonly OverlayRole[]): readonly OverlayRole[] {
  const added = wanted
    .filter(role => !now.some(other => sameName(other.name, role.name)))
    .map(role => ({ name: role.name, options: [] }));
  return [...now, ...added].map(role => {
    const asked = wanted.find(other => sameName(other.name, role.name));
    if (asked === undefined) return role;
    return { ...role, options: wantedList(role.options, asked.options, asked.options_present, asked.options_absent) };
  });
}
