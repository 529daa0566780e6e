import type { Inventory, InventoryHost } from '../core/inventory.ts';
import type { Play } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import type { Value } from '../core/value.ts';
import type { Batch } from './batch.ts';
import { type Layer, Names, valuesLayer, varsLayer } from './scope.ts';
import type { Session } from './session.ts';
import { OMIT } from './values.ts';

/** A host on its way through the steps, with the names it sees there. */
export interface Lane {
  readonly host: string;
  readonly names: Names;
}

/** What stands around a step. */
export interface Around {
  /** Rounds of the includes around it, outermost first. */
  readonly within: readonly string[];
  /** Conditions of the blocks and imports around it, asked for each task. */
  readonly conditions: readonly Template[];
  /** True where a failure is going to be caught by a `rescue`. */
  readonly rescued: boolean;
  /** True in an `always` section, which runs even when the run is being stopped. */
  readonly cleaning: boolean;
  /** Whose steps they are. */
  readonly play: Play;
  readonly batch: Batch;
  /** Hosts on which an earlier process of the run may have done it after what this one does anew. Absent: as its order says. */
  readonly done?: ReadonlySet<string>;
  /** Most hosts at once. */
  readonly forks: number;
}

/** The lanes of a play's hosts. `hosts` are those that still take part. */
export function lanesOf(play: Play, hosts: readonly string[], session: Session): readonly Lane[] {
  const hostvars: Record<string, Value> = {};
  const names = (host: string) => namesOf(play, host, hostvars, session);
  for (const host of session.deps.inventory.hosts.values()) {
    Object.defineProperty(hostvars, host.name, { enumerable: true, get: () => variablesOf(host, names, session) });
  }
  return hosts.map(host => ({ host, names: names(host) }));
}

function namesOf(play: Play, host: string, hostvars: Value, session: Session): Names {
  const { inventory } = session.deps;
  const { vars = {}, templates = new Map() } = inventory.hosts.get(host) ?? {};
  const fixed = new Map<string, () => Value>([
    ['inventory_hostname', () => host],
    ['groups', () => Object.fromEntries(inventory.groups)],
    ['group_names', () => groupsOf(host, inventory)],
    ['play_hosts', () => play.hosts],
    ['hostvars', () => hostvars],
    [
      'check_mode',
      () => {
        session.askedForMode = true;
        return session.check;
      },
    ],
    ['omit', () => OMIT],
  ]);
  const layers: readonly Layer[] = [
    ...varsLayer('role-defaults', play.roleDefaults ?? new Map()),
    valuesLayer('hosts-beside-playbook', vars),
    ...varsLayer('hosts-beside-playbook', templates),
    ...varsLayer('play', play.vars),
    ...varsLayer('vars-files', play.fileVars ?? new Map()),
    ...varsLayer('role-vars', play.roleVars ?? new Map()),
    ...session.exposedIn(play.id).layers,
    { level: 'included-vars', kind: 'vars', vars: session.includedOn(host) },
    { level: 'found', kind: 'values', values: session.foundOn(host) },
    valuesLayer('params', play.params),
  ];
  return new Names(fixed, layers, session.deps.derived);
}

/** Its groups but `all`, by name. */
function groupsOf(host: string, { groups }: Inventory): readonly string[] {
  const names = [...groups].filter(([name, hosts]) => name !== 'all' && hosts.includes(host)).map(([name]) => name);
  return names.toSorted();
}

/** A host's address, vars, registers and facts, worked out when they are asked for. */
function variablesOf(host: InventoryHost, names: (host: string) => Names, session: Session): Value {
  const all: Record<string, Value> = { ...host.vars };
  for (const [name, template] of [...(host.templates ?? []), ...session.includedOn(host.name)]) {
    Object.defineProperty(all, name, {
      enumerable: true,
      configurable: true,
      get: () => template.render(names(host.name)),
    });
  }
  for (const [name, value] of session.foundOn(host.name)) Object.defineProperty(all, name, { enumerable: true, value });
  return Object.defineProperty(all, 'address', { enumerable: true, value: host.address });
}
