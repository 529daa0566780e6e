// A cluster of BCM and etcd that can only be looked at: playbooks are planned and simulated on it, with the program's own modules
// and guard.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../src/commands/io.ts';
import { readOptions } from '../../src/commands/playbook.ts';
import { runDeps } from '../../src/commands/run-deps.ts';
import { hasErrors } from '../../src/core/diagnostic.ts';
import type { Out } from '../../src/core/host.ts';
import type { Inventory, InventoryHost } from '../../src/core/inventory.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Connection, Job } from '../../src/core/transport.ts';
import type { Json } from '../../src/core/value.ts';
import { readPlaybook } from '../../src/playbook/read-playbook.ts';
import { resolve } from '../../src/playbook/resolve.ts';
import type { RunDeps } from '../../src/runner/deps.ts';
import { openExit } from '../../src/runner/exit.ts';
import { commandText } from '../../src/testing/scripted-host.ts';
import { runCmsh } from './cmsh-host.ts';
import { answersOn, type FakeCluster } from './etcd-answers.ts';
import { memoryStore } from './memory-store.ts';
import { realClock } from './real-clock.ts';
import { clusterState } from './standin.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const NODES = [1, 2, 3, 4, 5].map(number => `node00${number}`);

/** headnode, node001 … node005; members of etcd are in the group etcd. */
function inventoryOf(members: readonly string[]): Inventory {
  const host = (name: string, address: string): InventoryHost => ({ name, address, connection: 'ssh', vars: {} });
  const all = [host('headnode', '10.141.255.254'), ...NODES.map(name => host(name, `10.141.0.${name.slice(-1)}`))];
  return {
    origin: 'a test',
    hosts: new Map(all.map(one => [one.name, one])),
    groups: new Map([
      ['all', all.map(({ name }) => name)],
      ['headnode', ['headnode']],
      ['etcd', members],
    ]),
  };
}

export interface SimulatedWorld {
  readonly deps: RunDeps;
  /** Each command that a host was really asked, `host: command`. */
  readonly asked: string[];
  /** A playbook, by its text or as one that is shipped (`name.yml`), with inputs. */
  planOf(playbook: string, inputs?: Readonly<Record<string, Json>>): Promise<Plan>;
}

export function simulatedWorld(cluster: FakeCluster): SimulatedWorld {
  const members = cluster.members.map(({ name }) => name).filter(name => name !== '');
  const inventory = inventoryOf(members);
  const asked: string[] = [];
  const store = memoryStore(clusterState(members));
  const etcd = new Map(members.map(name => [name, answersOn(name, cluster)]));
  const execute = async (host: string, job: Job): Promise<Out> => {
    const text = commandText(job.argv, job);
    asked.push(`${host}: ${text}`);
    const out = (more: Partial<Out>): Out => ({ code: 0, stdout: '', stderr: '', durationMs: 1, ...more });
    if (job.argv[0]?.endsWith('cmsh')) return await runCmsh(store, job.argv.slice(1), job.input ?? '');
    const answer = etcd.get(host)?.[text];
    if (answer !== undefined) return out(typeof answer === 'string' ? { stdout: answer } : answer);
    if (text.startsWith('systemctl show ')) return out({ stdout: unit(members.includes(host)) });
    return out({ code: 1, stderr: job.argv[0] === 'stat' ? 'No such file or directory' : '' });
  };
  const connection = (host: string): Connection => ({
    execute: job => execute(host, job),
    readFile: async () => undefined,
    writeFile: async () => {
      throw new Error('it can only be looked at');
    },
    close: async () => {},
  });
  const terminal = { isTTY: false, columns: 80, write: () => {} };
  const never = new AbortController().signal;
  const io: Io = {
    out: terminal,
    err: terminal,
    input: process.stdin,
    env: {},
    cwd: projectRoot,
    packageRoot: projectRoot,
    clock: realClock,
    user: 'root',
    random: bytes => '0'.repeat(2 * bytes),
    catchInterrupts: () => ({ stop: never, abort: never }),
  };
  const stop = new AbortController().signal;
  const exits = openExit(realClock, undefined, []);
  const parts = { id: 'r1', inventory, exits, interrupts: { stop, abort: stop }, consent: {}, again: 'quorate run' };
  const deps = runDeps(io, {
    ...parts,
    plan: { source: { name: '', text: '' }, plays: [] },
    options: { check: true, forks: 10 },
  });
  return {
    deps: { ...deps, connect: async host => connection(host.name) },
    asked,
    async planOf(playbook, inputs = {}) {
      const name = playbook.includes('\n') ? 'site.yml' : join('playbooks', playbook);
      const files = { ...readOptions(io), inventory };
      const read = async (path: string) =>
        path === 'site.yml' && playbook.includes('\n')
          ? playbook
          : await readFile(join(projectRoot, path), 'utf8').catch(() => undefined);
      const found = await readPlaybook(name, { ...files, readFile: read });
      const given = { source: { name: '-e', text: '' }, values: inputs };
      const plan =
        found.value && resolve(found.value, { inventory, inputs: given, limit: [], selection: { tags: [], skip: [] } });
      const diagnostics = [...found.diagnostics, ...(plan?.diagnostics ?? [])];
      if (!plan?.value || hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics));
      return plan.value;
    },
  };
}

function unit(active: boolean): string {
  const state = active
    ? ['ActiveState=active', 'SubState=running', 'MainPID=77']
    : ['ActiveState=inactive', 'SubState=dead', 'MainPID=0'];
  return ['LoadState=loaded', ...state, 'NRestarts=0', 'UnitFileState=enabled', 'Result=success', ''].join('\n');
}
