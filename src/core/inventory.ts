import type { Template } from './template.ts';
import type { Json } from './value.ts';

/** A host a playbook can name. */
export interface InventoryHost {
  readonly name: string;
  readonly connection: 'ssh' | 'local';
  /** What ssh connects to; the name where nothing else is known. */
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
  /** A private key for ssh, besides those that it tries by itself. */
  readonly identityFile?: string;
  /** As they are written, expressions as texts. */
  readonly vars: Readonly<Record<string, Json>>;
  /** Those of the vars that hold expressions: rendered at each use. */
  readonly templates?: ReadonlyMap<string, Template>;
}

export interface Inventory {
  /** Where it is from, for messages: a path, or `cmsh on headnode`. */
  readonly origin: string;
  /** In the order in which they were named. */
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  /** Names of hosts, in order. `all` is always there. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}
