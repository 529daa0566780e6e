import type { Play } from '../core/plan.ts';
import type { Template } from '../core/template.ts';
import type { Value } from '../core/value.ts';
import type { Batch } from './batch.ts';
import { Names, valuesLayer, varsLayer } from './scope.ts';
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
  /** Most hosts at once. */
  readonly forks: number;
}

/** The lanes of a play's hosts. `hosts` are those that still take part. */
export function lanesOf(play: Play, hosts: readonly string[], session: Session): readonly Lane[] {
  const hostvars = hostVariables(session);
  return hosts.map(host => ({ host, names: namesOf(play, host, hostvars, session) }));
}

function namesOf(play: Play, host: string, hostvars: Value, session: Session): Names {
  const { inventory } = session.deps;
  const fixed = new Map<string, () => Value>([
    ['inventory_hostname', () => host],
    ['groups', () => Object.fromEntries(inventory.groups)],
    ['group_names', () => [...inventory.groups].filter(([, hosts]) => hosts.includes(host)).map(([name]) => name)],
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
  return new Names(fixed, [
    valuesLayer('hosts-beside-playbook', inventory.hosts.get(host)?.vars ?? {}),
    ...varsLayer('play', play.vars),
    { level: 'found', kind: 'values', values: session.foundOn(host) },
    valuesLayer('params', play.params),
  ]);
}

/** Each host's address, vars, registers and facts, worked out when they are asked for. */
function hostVariables(session: Session): Value {
  const all: Record<string, Value> = {};
  for (const host of session.deps.inventory.hosts.values()) {
    Object.defineProperty(all, host.name, {
      enumerable: true,
      get: () => ({ ...host.vars, ...Object.fromEntries(session.foundOn(host.name)), address: host.address }),
    });
  }
  return all;
}
