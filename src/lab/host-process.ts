import { existsSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { etcdBinDirectory } from './image/files.ts';
import type { Image } from './image/image.ts';
import type { Machine } from './machine.ts';
import { headNode, hostNamespace, machineName } from './names.ts';
import { namespaceDirectory } from './network.ts';
import type { HostPaths, LabPaths } from './paths.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, from /proc/PID/stat. */
  readonly startTime: string;
}

/** Where control groups are made: systemd's own hierarchy with cgroup v1, and v2's, whichever the machine has. */
export function cgroupRoots(): string[] {
  const hybrid = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'].filter(path => existsSync(path));
  return hybrid.length > 0 ? hybrid : ['/sys/fs/cgroup'];
}

export const cgroupName = (lab: string): string => `quorate.${lab}`;

export interface BootPlan {
  readonly lab: string;
  readonly host: string;
  readonly image: Image;
  readonly paths: HostPaths;
  readonly labPaths: LabPaths;
  readonly packageRoot: string;
  readonly nodeBinary: string;
}

/** What boots the host as a container: its own processes, mounts and host name, in the network namespace made for it. */
export function nspawnArgv(plan: BootPlan): string[] {
  const { host, image, lab, paths } = plan;
  const programs = image.etcdPrograms;
  const bin = etcdBinDirectory(image.etcdVersion);
  const software = [
    `--bind-ro=${escaped(plan.packageRoot)}:/opt/quorate`,
    `--bind-ro=${escaped(plan.nodeBinary)}:/opt/quorate-node`,
  ];
  return [
    'systemd-nspawn',
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--boot',
    `--directory=${paths.root}`,
    `--machine=${machineName(lab, host)}`,
    `--hostname=${host}`,
    `--network-namespace-path=${namespaceDirectory}/${hostNamespace(lab, host)}`,
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--console=pipe',
    `--bind=${escaped(plan.labPaths.shared)}:/cm/shared`,
    ...(programs === undefined ? [] : [`--bind-ro=${escaped(`${programs}/bin`)}:${escaped(bin)}`]),
    ...(host === headNode.name ? software : []),
  ];
}

// A colon parts the two sides of --bind.
const escaped = (path: string): string => path.replace(/[\\:]/g, '\\$&');

/**
 * A host's supervisor, in sh: the overlay is mounted in a namespace of its own, so the mount ends with the processes;
 * status 133 is how nspawn asks to be started again, when the host reboots.
 */
const supervisor = `set -e
lower=$1 paths=$2 cgroup=$3 roots=$4
shift 4
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$paths/upper,workdir=$paths/work" "$paths/root"
join() { for root in $roots; do mkdir -p "$root/$cgroup/$1"; echo $2 > "$root/$cgroup/$1/cgroup.procs"; done; }
join supervisor $$
while :; do
  set +e
  sh -ec 'cgroup=$1 roots=$2; shift 2
    for root in $roots; do mkdir -p "$root/$cgroup"; echo $$ > "$root/$cgroup/cgroup.procs"; done
    exec "$@"' sh "$cgroup/host" "$roots" "$@"
  status=$?
  set -e
  [ "$status" -eq 133 ] || exit "$status"
done
`;

/** Switches a host on; its network must be there. */
export async function boot(machine: Machine, plan: BootPlan): Promise<ProcessIdentity> {
  const pid = machine.detach(
    [
      ...['unshare', '--mount', '--propagation=slave', '--', 'sh', '-c', supervisor, 'quorate-host'],
      plan.image.root,
      plan.paths.directory,
      `${cgroupName(plan.lab)}/${plan.host}`,
      cgroupRoots().join(' '),
      ...nspawnArgv(plan),
    ],
    { lab: plan.lab, outputFile: plan.paths.console },
  );
  const startTime = await processStartTime(pid);
  return { pid, startTime: startTime ?? '' };
}

export async function isAlive(one: ProcessIdentity): Promise<boolean> {
  return (await processStartTime(one.pid)) === one.startTime;
}

/** The host's first process, its systemd, as a pid of this machine; undefined while there is none. */
export async function findLeader(supervisor: ProcessIdentity): Promise<number | undefined> {
  if (!(await isAlive(supervisor))) return undefined;
  const ours = await readlink('/proc/self/ns/pid');
  for (const nspawn of await children(supervisor.pid)) {
    for (const child of await children(nspawn)) {
      const theirs = await readlink(`/proc/${child}/ns/pid`).catch(() => ours);
      if (theirs !== ours) return child;
    }
  }
  return undefined;
}

async function children(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Who has this pid now; undefined where nobody has, or only a zombie. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const startTime = await processStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

async function processStartTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field may hold spaces and parentheses; what follows the last one is the third field, the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
