import { readdir, readFile, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupName, cgroupRoots, identityOf, isAlive, type ProcessIdentity } from './host-process.ts';
import { clearPartialImages } from './image/image.ts';
import { type Machine, markVariable } from './machine.ts';
import { machineName } from './names.ts';
import { labNamespaces, namespaceDirectory } from './network.ts';
import { labPaths, labsDirectory } from './paths.ts';
import { LabProblem } from './problem.ts';

// Clearing goes by what is there, not by what was recorded, because `up` may have been killed between making a thing
// and saying so. Processes of a lab are known by their control group, by the mark in their environment (what `up` was
// running when it was killed), and by the network they are in (what somebody started in it by hand).

/** Removes all that there is of a lab: processes, network namespaces, mounts, control groups, directories. */
export async function sweep(machine: Machine, lab: string): Promise<void> {
  const deadlineMs = machine.nowMs() + 20_000;
  // Killing a process may let another one that waited for it go on, so it is looked for until nothing is found twice.
  for (let quiet = 0; quiet < 2; ) {
    const found = await labProcesses(machine, lab);
    // One that has ended meanwhile, as with the first process of its host, may have given its pid to somebody else.
    for (const one of found) if (await isAlive(one)) machine.kill(one.pid);
    quiet = found.length === 0 ? quiet + 1 : 0;
    if (found.length > 0) await machine.sleep(20);
    if (machine.nowMs() > deadlineMs) {
      const pids = found.map(({ pid }) => pid);
      throw new LabProblem(
        'failed',
        `processes of lab "${lab}" do not end: ${pids.join(' ')}`,
        `ps -o pid,stat,args ${pids.join(' ')}`,
      );
    }
  }
  for (const namespace of await labNamespaces(lab)) await removeNamespace(machine, namespace);
  const paths = labPaths(machine.stateDir, lab);
  for (const mount of (await mountsBelow(paths.root)).reverse()) await machine.run(['umount', '--lazy', mount]);
  for (const root of cgroupRoots()) await removeCgroup(machine, join(root, cgroupName(lab)), deadlineMs);
  await removeNspawnTraces(lab);
  await rm(paths.root, { recursive: true, force: true, maxRetries: 5 });
  await rmdir(labsDirectory(machine.stateDir)).catch(() => {});
  await rmdir(machine.stateDir).catch(() => {});
  await clearPartialImages(machine);
}

/** All processes that belong to a lab, its hosts' included; never this process or those it runs below. */
export async function labProcesses(machine: Machine, lab: string): Promise<ProcessIdentity[]> {
  const [all, exempt, networks] = await Promise.all([processIds(), ancestors(machine.pid), networkInodes(lab)]);
  const found = await Promise.all(
    all.map(async pid => {
      const one = exempt.has(pid) ? undefined : await identityOf(pid);
      if (one === undefined) return [];
      const belongs = (await inCgroup(pid, lab)) || (await hasMark(pid, lab)) || networks.has(await networkOf(pid));
      return belongs ? [one] : [];
    }),
  );
  return found.flat();
}

/** The pids of all processes of one host, its supervisor's included. */
export async function hostProcesses(lab: string, host: string): Promise<number[]> {
  return [...(await cgroupProcesses(join(cgroupName(lab), host)))];
}

/** Whether any host of the lab lives. */
export async function anyHostAlive(lab: string): Promise<boolean> {
  return (await cgroupProcesses(cgroupName(lab))).size > 0;
}

async function cgroupProcesses(group: string): Promise<Set<number>> {
  const pids = new Set<number>();
  const visit = async (directory: string): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    if (entries.length === 0) return;
    const text = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const line of text.split('\n')) if (line !== '' && line !== '0') pids.add(Number(line));
    for (const entry of entries) if (entry.isDirectory()) await visit(join(directory, entry.name));
  };
  for (const root of cgroupRoots()) await visit(join(root, group));
  return pids;
}

async function removeCgroup(machine: Machine, directory: string, deadlineMs: number): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) await removeCgroup(machine, join(directory, entry.name), deadlineMs);
  for (;;) {
    const error: NodeJS.ErrnoException | undefined = await rmdir(directory).then(
      () => undefined,
      problem => problem,
    );
    if (error === undefined || error.code === 'ENOENT') return;
    if (machine.nowMs() > deadlineMs)
      throw new LabProblem('failed', `${directory} cannot be removed: ${error.message}`);
    await machine.sleep(20);
  }
}

async function removeNamespace(machine: Machine, name: string): Promise<void> {
  const { exitCode } = await machine.run(['ip', 'netns', 'del', name]);
  // `ip netns add` killed half-way leaves a file that nothing is mounted on.
  if (exitCode !== 0) await rm(join(namespaceDirectory, name), { force: true });
}

async function removeNspawnTraces(lab: string): Promise<void> {
  const directory = '/run/systemd/nspawn/propagate';
  const mine = machineName(lab, '');
  for (const name of await readdir(directory).catch(() => [])) {
    if (name.startsWith(mine)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function mountsBelow(directory: string): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8');
  return text
    .split('\n')
    .map(line => line.split(' ')[4] ?? '')
    .filter(path => path.startsWith(`${directory}/`));
}

async function networkInodes(lab: string): Promise<Set<string>> {
  const names = await labNamespaces(lab);
  const inodes = await Promise.all(
    names.map(name =>
      stat(join(namespaceDirectory, name)).then(
        ({ ino }) => `net:[${ino}]`,
        () => '',
      ),
    ),
  );
  return new Set(inodes.filter(Boolean));
}

const networkOf = (pid: number): Promise<string> => readlink(`/proc/${pid}/ns/net`).catch(() => 'gone');

async function hasMark(pid: number, lab: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return text.split('\0').includes(`${markVariable}=${lab}`);
}

// Not from the group's own list: that leaves out who is about to end, and still holds things.
async function inCgroup(pid: number, lab: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return text.includes(`:/${cgroupName(lab)}/`);
}

async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
}

async function ancestors(self: number): Promise<Set<number>> {
  const found = new Set<number>();
  for (let pid = self; pid > 0 && !found.has(pid); ) {
    found.add(pid);
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    pid = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return found;
}
