import type { InventoryHost } from '../../core/inventory.ts';
import type { Span } from '../../core/source.ts';
import type { Entry } from '../document.ts';
import type { Findings } from '../findings.ts';

/** Vars by name, as they are written; values may hold expressions. */
export type Vars = ReadonlyMap<string, Entry>;

/** What an inventory may say of how a host is reached. */
export type Reached = Partial<Pick<InventoryHost, 'address' | 'user' | 'port' | 'connection' | 'identityFile'>>;

export interface WrittenHost {
  readonly reached: Reached;
  readonly vars: Vars;
}

export interface WrittenGroup {
  /** Hosts that are named in it, without those of the groups below it. */
  readonly hosts: ReadonlySet<string>;
  readonly children: ReadonlySet<string>;
  readonly vars: Vars;
}

/** What an inventory says, whatever it is written in, before the vars are laid over each other. Both maps are in order. */
export interface Written {
  readonly origin: string;
  readonly hosts: ReadonlyMap<string, WrittenHost>;
  readonly groups: ReadonlyMap<string, WrittenGroup>;
}

interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Map<string, Entry>;
}

interface Host {
  reached: Reached;
  readonly vars: Map<string, Entry>;
}

/** Takes down what the readers of the several formats find. */
export class Writing implements Written {
  readonly origin: string;
  readonly hosts = new Map<string, Host>();
  readonly groups = new Map<string, Group>([['all', emptyGroup()]]);
  readonly #found: Findings;

  constructor(origin: string, found: Findings) {
    this.origin = origin;
    this.#found = found;
  }

  group(name: string): Group {
    const group = this.groups.get(name) ?? emptyGroup();
    this.groups.set(name, group);
    return group;
  }

  /** A host, in a group. What is said later counts. */
  host(group: string, name: string, reached: Reached, vars: Iterable<Entry>): void {
    const host = this.hosts.get(name) ?? { reached: {}, vars: new Map() };
    host.reached = { ...host.reached, ...reached };
    for (const entry of vars) host.vars.set(entry.key, entry);
    this.hosts.set(name, host);
    this.group(group).hosts.add(name);
  }

  /** False, and a finding, where the group would belong to itself. */
  child(parent: string, child: string, span: Span): boolean {
    if (this.#reaches(child, parent)) {
      this.#found.error('invalid-inventory', span, `the group \`${child}\` belongs to itself`);
      return false;
    }
    this.group(parent).children.add(child);
    this.group(child);
    return true;
  }

  #reaches(from: string, to: string): boolean {
    if (from === to) return true;
    return [...(this.groups.get(from)?.children ?? [])].some(child => this.#reaches(child, to));
  }
}

function emptyGroup(): Group {
  return { hosts: new Set(), children: new Set(), vars: new Map() };
}
