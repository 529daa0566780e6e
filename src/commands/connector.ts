import type { InventoryHost } from '../core/inventory.ts';
import type { Connection } from '../core/transport.ts';
import { clearAbandoned, type Opener } from '../transports/abandoned.ts';
import type { OpenOptions } from '../transports/local.ts';
import { openConnection } from '../transports/open.ts';
import type { Io } from './io.ts';
import { isDead, isOfEarlierBoot, processName } from './lock-owner.ts';

/** What connects a run to hosts. Before the first of them, the connections of processes that were killed are cleared away. */
export function connector(io: Io, run: string, more: Pick<OpenOptions, 'earlier' | 'over'> = {}) {
  const opener: Opener = {
    process: processName('self') ?? '',
    hasEnded: process => isDead(process) || isOfEarlierBoot(process),
  };
  let cleared: Promise<void> | undefined;
  return async (host: InventoryHost, signal: AbortSignal): Promise<Connection> => {
    cleared ??= clearAbandoned(opener, io.env);
    await cleared;
    return openConnection(host, run, { clock: io.clock, environment: io.env, signal, opener, ...more });
  };
}
