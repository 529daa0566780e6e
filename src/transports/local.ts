import { Unreachable } from '../core/failure.ts';
import type { Clock } from '../core/host.ts';
import type { InventoryHost } from '../core/inventory.ts';
import type { Connection } from '../core/transport.ts';
import { becomeFailure, shellAs } from './become.ts';
import { Channel, NoDriver } from './channel.ts';
import { type Environment, startChild } from './child.ts';
import { type Earlier, Jobs, type Over } from './jobs.ts';

export interface OpenOptions {
  readonly clock: Clock;
  /** The environment of the program itself. */
  readonly environment: Environment;
  /** Gives up the opening, where it has not come to its end. What is open stays open. */
  readonly signal?: AbortSignal;
  /** Between TERM and KILL. Default 5 s. */
  readonly graceMs?: number;
  /** How long a host may be unreachable, with an answer due, until the answer counts as lost. Default 30 s. */
  readonly reconnectMs?: number;
  /** In a resume. */
  readonly earlier?: Earlier;
  /** Absent: what other runs left on hosts is let be. */
  readonly over?: Over;
}

export const defaults = { graceMs: 5_000, reconnectMs: 30_000 };

/** What of a host matters on the machine itself. */
type LocalHost = Pick<InventoryHost, 'name' | 'become'>;

/** The machine the program itself runs on; the same as ssh, without ssh. Throws `Unreachable`. */
export function openLocal(host: LocalHost, run: string, options: OpenOptions): Promise<Connection> {
  const { clock, environment, graceMs = defaults.graceMs, reconnectMs = defaults.reconnectMs } = options;
  const open = async () => {
    try {
      return await Channel.open(
        command => startChild('sh', ['-c', shellAs(host.become, command)], environment),
        { run, host: host.name },
        graceMs,
        clock,
      );
    } catch (error) {
      if (error instanceof NoDriver)
        throw (
          becomeFailure(host, error) ??
          new Unreachable(host.name, [error.message, error.stderr].filter(Boolean).join(': '))
        );
      throw error;
    }
  };
  return new Jobs({ host: host.name, clock, reconnectMs, open }).connect(options);
}
