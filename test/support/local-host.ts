import type { Host, RunOptions } from '../../src/core/host.ts';
import type { Connection } from '../../src/core/transport.ts';
import { openLocal } from '../../src/transports/local.ts';
import { realClock } from './real-clock.ts';

/** This machine as the host of a module, through the transport that runs use. Close the connection at the end. */
export async function localHost(run: string): Promise<{ host: Host; connection: Connection }> {
  const connection = await openLocal({ name: 'here' }, run, { clock: realClock, environment: process.env });
  const { signal } = new AbortController();
  let jobs = 0;
  const execute = (argv: readonly string[], options: RunOptions) => {
    jobs += 1;
    return connection.execute({ ...options, argv, id: `job${jobs}`, signal });
  };
  const host: Host = {
    name: 'here',
    signal,
    clock: realClock,
    check: false,
    assumed: [],
    read: command => execute(command.argv, command),
    run: (argv, options = {}) => execute(argv, options),
    readFile: path => connection.readFile(path, signal),
    writeFile: (path, bytes, mode) => connection.writeFile(path, bytes, mode, signal),
    peer: () => host,
    group: () => [],
    hostAt: () => undefined,
    files: new Map(),
    sightings: { members: new Map(), silent: new Set() },
    progress: () => undefined,
    memo: (_key, compute) => compute(),
  };
  return { host, connection };
}
