import { hasErrors } from '../core/diagnostic.ts';
import { Cancelled, Failure, Unreachable } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import type { Inventory } from '../core/inventory.ts';
import { isStarted } from '../etcd/cluster.ts';
import type { NodeOf } from '../etcd/remedy.ts';
import { restoreCluster } from '../etcd/remedy.ts';
import { readLock } from '../etcd-client/lock-key.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { Connections } from '../runner/connections.ts';
import { probeOf } from '../runner/host.ts';
import { painter } from '../views/paint.ts';
import { connector } from './connector.ts';
import { loadInventory } from './hosts.ts';
import { exit, type Io, wantsColour } from './io.ts';
import { report } from './report.ts';
import { renderStatus, type StatusReport, statusReport } from './status-report.ts';

export interface StatusOptions {
  readonly inventory?: string;
  readonly etcdCluster: string;
  readonly json?: true;
  readonly watch?: true;
}

const REDRAW_MS = 2000;
/** To the top left corner, and away with what is below. */
const CLEAR = '\u001b[H\u001b[2J';

/**
 * `quorate status`: the members, what is wrong, and the command to type next. 0 where nothing is wrong, 4 where something
 * is, 5 where nobody can be asked. With `watch`, again every two seconds until it is interrupted, and then 0.
 */
export async function statusCommand(io: Io, options: StatusOptions): Promise<number> {
  const { value: inventory, diagnostics } = await loadInventory(io, options.inventory);
  await report(io, diagnostics);
  if (!inventory || hasErrors(diagnostics)) return exit.invalid;
  const run = `status-${io.random(4)}`;
  const connections = new Connections(inventory, 'status', connector(io, run));
  const { stop } = io.catchInterrupts();
  // Any host can ask: the readers go to etcd's own hosts.
  const from = [...(inventory.groups.get('etcd') ?? []), ...inventory.hosts.keys()][0] ?? '';
  const probe = probeOf(from, {
    connections,
    task: 'status',
    signal: stop,
    clock: io.clock,
    check: false,
    assumed: [],
    progress: () => undefined,
  });
  try {
    if (!options.watch) return show(io, options, await look(probe, inventory, options));
    for (;;) {
      const looked = await look(probe, inventory, options);
      if (io.out.isTTY && !options.json) io.out.write(CLEAR);
      show(io, options, looked);
      await io.clock.sleep(REDRAW_MS, stop);
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    return options.watch ? exit.done : exit.interrupted;
  } finally {
    await connections.close();
  }
}

/** What was seen, or why nothing was. */
type Looked = { readonly seen: StatusReport } | { readonly failure: Failure; readonly etcdNodes: readonly string[] };

async function look(probe: Probe, inventory: Inventory, { etcdCluster }: StatusOptions): Promise<Looked> {
  try {
    const { cluster, client } = await readCluster(probe, { module: `etcd/${etcdCluster}` });
    const holder = cluster.linearizable ? (await readLock(client))?.holder : undefined;
    const lock = holder?.cluster === cluster.id ? holder : undefined;
    return { seen: statusReport(cluster, nodesOf(inventory), lock) };
  } catch (failure) {
    if (!(failure instanceof Failure) || failure instanceof Cancelled) throw failure;
    return { failure, etcdNodes: inventory.groups.get('etcd') ?? [] };
  }
}

/** A member that never started has no name: its node is the one with its address. */
function nodesOf({ hosts }: Inventory): NodeOf {
  const nodes = new Map([...hosts.values()].map(host => [host.address, host.name]));
  return member =>
    isStarted(member)
      ? member.name
      : member.peerUrls.map(url => nodes.get(URL.parse(url)?.hostname ?? '')).find(node => node !== undefined);
}

/** Prints it; gives the exit code. */
function show(io: Io, { json, watch }: StatusOptions, looked: Looked): number {
  if ('seen' in looked) {
    const { seen } = looked;
    if (json) io.out.write(`${JSON.stringify(seen, undefined, watch ? undefined : 2)}\n`);
    else io.out.write(renderStatus(seen, painter(wantsColour(io.out, io.env))));
    return seen.findings.some(finding => finding.severity === 'error') ? exit.failed : exit.done;
  }
  const { failure, etcdNodes } = looked;
  io.err.write(`quorate: ${failure.message}\n${failure.hint ? `  → ${failure.hint}\n` : ''}`);
  if (failure.code === 'no-quorum')
    io.err.write(`  → only if a majority is lost for good: ${restoreCluster(etcdNodes)}\n`);
  return failure instanceof Unreachable ? exit.unreachable : exit.failed;
}
