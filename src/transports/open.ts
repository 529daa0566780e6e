import type { InventoryHost } from '../core/inventory.ts';
import type { Connection } from '../core/transport.ts';
import { openLocal } from './local.ts';
import { openSsh, type SshOptions } from './ssh.ts';

/** Connects to a host of the inventory in the way that it says. Throws `Unreachable`. */
export function openConnection(host: InventoryHost, run: string, options: SshOptions): Promise<Connection> {
  switch (host.connection) {
    case 'local':
      return openLocal(host, run, options);
    case 'ssh':
      return openSsh(host, run, options);
  }
}
