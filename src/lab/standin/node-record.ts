// What CMDaemon remembers of a node.
import type { NewEvent } from './events.ts';
import type { Inspection, ManagedNode } from './managed-node.ts';

/** Why a node is left alone until something that was scheduled has happened. */
type Pending = 'stop' | 'gain' | 'restart' | 'retry' | 'held down' | 'given up';

export interface NodeRecord {
  readonly node: ManagedNode;
  up: boolean;
  /** True once etcd was started there for the role it has. */
  hasRole: boolean;
  /** The unit on the node. */
  unit: string | undefined;
  certificate: boolean;
  pending: Pending | undefined;
  /** What was scheduled under an older number is void. */
  generation: number;
  attempts: number;
  /** How often in a row etcd was heard to be stopped. */
  stoppedHeard: number;
}

/** Voids what was scheduled for the node and marks what comes next. */
export function renew(record: NodeRecord, pending: Pending): NodeRecord {
  record.generation += 1;
  record.pending = pending;
  return record;
}

/** Nothing is known of the node yet. */
export function newRecord(node: ManagedNode): NodeRecord {
  return {
    node,
    up: false,
    hasRole: false,
    unit: undefined,
    certificate: false,
    pending: undefined,
    generation: 0,
    attempts: 0,
    stoppedHeard: 0,
  };
}

/** What an inspection tells. */
export function takeStock({ unit, running, certificate }: Inspection): Partial<NodeRecord> {
  return {
    unit,
    certificate,
    hasRole: running && unit !== undefined,
    pending: undefined,
    attempts: 0,
    stoppedHeard: 0,
  };
}

/** What CMDaemon logs when etcd ended by itself, or didn't start. */
export function diedEvents(host: string): NewEvent[] {
  return [
    { level: 'warning', host, text: 'Service etcd died' },
    { level: 'notice', host, text: 'Service etcd was not restarted' },
  ];
}

export function apiServerEvent(headNode: string): NewEvent {
  return { level: 'notice', host: headNode, text: 'Service kube-apiserver was restarted' };
}
