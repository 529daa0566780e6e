import type { Template } from './template.ts';
import type { Json } from './value.ts';

/** Whom sudo makes of who logged in. */
export interface Become {
  readonly user: string;
  /** sudo's options, besides `-n` and `-u`. */
  readonly flags: readonly string[];
}

/** How a host is reached, and as whom, where not as the inventory says. */
export interface Login {
  readonly connection?: 'ssh' | 'local';
  readonly user?: string;
  readonly port?: number;
  readonly become?: Become;
}

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
  /** No inventory says this: a task does. */
  readonly become?: Become;
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
