import { type Lab, runIn } from './hosts.ts';
import { etcdBinDirectory, etcdConfigDirectory } from './image/files.ts';
import { headNode } from './names.ts';
import { LabProblem } from './problem.ts';
import { type HostRecord, hostOf, nameOption } from './record.ts';
import { STATE_FILE } from './standin/state.ts';

const pollMs = 100;

/** Waits until the head node's root can run commands on all the hosts that are on and not cut off. */
export async function waitForSsh(lab: Lab, timeoutMs: number): Promise<void> {
  const head = hostOf(lab.record, headNode.name);
  const hosts = lab.record.hosts.filter(host => host.power === 'on' && !host.cut);
  const ssh = ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=2'];
  await waitForAll(
    lab,
    hosts,
    timeoutMs,
    'answer ssh',
    host => succeeds(lab, head, [...ssh, host.name, 'true']),
    host => [`quorate lab shell ${host.name}${nameOption(lab.record.name)}`],
  );
}

/** Waits until etcd on each of these hosts answers a linearizable read, so that it is part of a quorum. */
export async function waitForEtcd(lab: Lab, hosts: readonly HostRecord[], timeoutMs: number): Promise<void> {
  await waitForAll(
    lab,
    hosts,
    timeoutMs,
    'serve etcd',
    host => servesEtcd(lab, host),
    () => [`quorate lab exec${nameOption(lab.record.name)} headnode -- journalctl --no-pager -u cmd`],
  );
}

/** Waits until the stand-in of CMDaemon has done all that a new lab begins with; the API server comes last. */
export async function waitForBcm(lab: Lab, timeoutMs: number): Promise<void> {
  const argv = ['grep', '--quiet', '"bootstrapped": *true', STATE_FILE];
  await waitForAll(
    lab,
    [hostOf(lab.record, headNode.name)],
    timeoutMs,
    'keep etcd and the API server by BCM',
    host => succeeds(lab, host, argv),
    () => [`quorate lab exec${nameOption(lab.record.name)} headnode -- journalctl --no-pager -u cmd`],
  );
}

/** Whether the etcd of this host answers a linearizable read. */
export function servesEtcd(lab: Lab, host: HostRecord): Promise<boolean> {
  return succeeds(lab, host, etcdctlArgv(lab.record.etcdVersion, host.ip, ['get', 'quorate-lab']));
}

/** etcdctl of the host's own etcd with all it needs said on the command line. */
function etcdctlArgv(version: string, ip: string, command: readonly string[]): string[] {
  return [
    ...['env', 'ETCDCTL_API=3', `${etcdBinDirectory(version)}/etcdctl`, `--endpoints=https://${ip}:2379`],
    `--cacert=${etcdConfigDirectory}/etcdca-kube-default.pem`,
    `--cert=${etcdConfigDirectory}/client.pem`,
    `--key=${etcdConfigDirectory}/client.key`,
    ...['--dial-timeout=1s', '--command-timeout=2s', ...command],
  ];
}

async function succeeds(lab: Lab, host: HostRecord, argv: readonly string[]): Promise<boolean> {
  try {
    return (await runIn(lab, host, argv, { timeoutMs: 5000 })).exitCode === 0;
  } catch (error) {
    if (error instanceof LabProblem) return false;
    throw error;
  }
}

async function waitForAll(
  lab: Lab,
  hosts: readonly HostRecord[],
  timeoutMs: number,
  what: string,
  ready: (host: HostRecord) => Promise<boolean>,
  look: (host: HostRecord) => string[],
): Promise<void> {
  const { machine } = lab;
  const deadlineMs = machine.nowMs() + timeoutMs;
  const late = await Promise.all(
    hosts.map(async host => {
      while (!(await ready(host))) {
        machine.signal.throwIfAborted();
        if (machine.nowMs() > deadlineMs) return [host];
        await machine.sleep(pollMs);
      }
      return [];
    }),
  );
  const [first, ...others] = late.flat();
  if (first === undefined) return;
  const names = [first, ...others].map(host => host.name).join(', ');
  throw new LabProblem(
    'failed',
    `after ${Math.round(timeoutMs / 1000)} s these do not ${what}: ${names}`,
    look(first)[0],
  );
}
