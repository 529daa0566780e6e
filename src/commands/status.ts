import { hasErrors } from '../core/diagnostic.ts';
import { Failure, Unreachable } from '../core/failure.ts';
import { diagnose } from '../etcd/diagnosis.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { viewOf } from '../guards/view.ts';
import { Connections } from '../runner/connections.ts';
import { probeOf } from '../runner/host.ts';
import { openConnection } from '../transports/open.ts';
import { renderMembership } from '../views/membership.ts';
import { loadInventory } from './hosts.ts';
import { exit, type Io } from './io.ts';
import { report } from './report.ts';

export interface StatusOptions {
  readonly inventory?: string;
  readonly etcdCluster: string;
  readonly json?: true;
}

/** `quorate status`: the members, what is wrong, and the command to type next. 0 where nothing is wrong, else 4. */
export async function statusCommand(io: Io, options: StatusOptions): Promise<number> {
  const { value: inventory, diagnostics } = await loadInventory(io, options.inventory);
  await report(io, diagnostics);
  if (!inventory || hasErrors(diagnostics)) return exit.invalid;
  const run = `status-${io.random(4)}`;
  const connections = new Connections(inventory, host =>
    openConnection(host, run, { clock: io.clock, environment: io.env }),
  );
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
    const { cluster } = await readCluster(probe, { module: `etcd/${options.etcdCluster}` });
    const view = viewOf(cluster);
    const findings = diagnose(cluster);
    if (options.json) io.out.write(`${JSON.stringify({ ...view, findings }, undefined, 2)}\n`);
    else {
      io.out.write(renderMembership(view));
      for (const { severity, text, next } of findings) {
        io.out.write(`${severity}: ${text}\n${next.map(command => `  → ${command}\n`).join('')}`);
      }
      if (findings.length === 0) io.out.write('all is well; nothing to do\n');
    }
    return findings.some(finding => finding.severity === 'error') ? exit.failed : exit.done;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err.write(`quorate: ${error.message}\n${error.hint ? `  → ${error.hint}\n` : ''}`);
    return error instanceof Unreachable ? exit.unreachable : exit.failed;
  } finally {
    await connections.close();
  }
}
