import type { Probe } from '../core/host.ts';
import { readCommand } from '../core/read-command.ts';
import { peerOf, whyNot } from './client.ts';

/**
 * The IDs (hex) of the voters as raft itself has them, from the log that etcd writes at each change of its configuration.
 * The list of members can say otherwise (etcd-io/etcd #18347). Undefined where the log of the unit `etcd` on that host can't
 * be read, or tells of no change of the last minutes.
 */
export async function votersByLog(probe: Probe, host: string): Promise<readonly string[] | undefined> {
  const argv = ['journalctl', '--unit=etcd', '--output=cat', '--no-pager', '--since=-5min'];
  try {
    const out = await peerOf(probe, host).read(readCommand(argv, { timeoutMs: 10_000 }));
    return votersInLog(out.stdout);
  } catch (error) {
    whyNot(error);
    return undefined;
  }
}

/** IDs are decimals in it: `… switched to configuration voters=(10276657743932975437 …) learners=(…)`. */
export function votersInLog(log: string): readonly string[] | undefined {
  const last = [...log.matchAll(/switched to configuration voters=\(([\d ]*)\)/g)].at(-1)?.[1];
  return last
    ?.split(' ')
    .filter(Boolean)
    .map(id => BigInt(id).toString(16));
}
