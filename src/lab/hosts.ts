import { mkdir, rm } from 'node:fs/promises';
import { boot, findLeader, isAlive } from './host-process.ts';
import { readIdentities } from './identity.ts';
import { inHostArgv } from './in-host.ts';
import { type Finished, type Machine, must, type RunOptions } from './machine.ts';
import { connectHost, disconnectHost } from './network.ts';
import { hostPaths, type LabPaths } from './paths.ts';
import { LabProblem } from './problem.ts';
import { hostFiles, provision } from './provision.ts';
import { type HostRecord, type LabRecord, nameOption, writeRecord } from './record.ts';
import { hostProcesses } from './sweep.ts';

/** One lab, and the machine it is on. */
export interface Lab {
  readonly machine: Machine;
  readonly paths: LabPaths;
  readonly record: LabRecord;
}

/** Puts what BCM would provision onto a host's disk; the host is off. */
export async function provisionHost(lab: Lab, host: HostRecord): Promise<void> {
  const paths = hostPaths(lab.paths, host.name);
  for (const directory of [paths.upper, paths.work, paths.root]) await mkdir(directory, { recursive: true });
  const { hosts, name, etcdVersion } = lab.record;
  const identities = await readIdentities(
    lab.paths,
    hosts.map(one => one.name),
  );
  await provision(paths.upper, hostFiles({ lab: name, host, hosts, identities, etcdVersion }));
}

/** Switches hosts on; they answer some time later. */
export async function powerOn(lab: Lab, hosts: readonly HostRecord[]): Promise<void> {
  const { machine, paths, record } = lab;
  for (const host of hosts) await disconnectHost(machine, record.name, host.name);
  await Promise.all(hosts.map(host => connectHost(machine, record.name, host, host.cut)));
  for (const host of hosts) {
    host.power = 'on';
    host.supervisor = await boot(machine, {
      lab: record.name,
      host: host.name,
      image: {
        root: record.imageRoot,
        etcdVersion: record.etcdVersion,
        ...(record.etcdPrograms === undefined ? {} : { etcdPrograms: record.etcdPrograms }),
      },
      paths: hostPaths(paths, host.name),
      labPaths: paths,
      packageRoot: machine.packageRoot,
      nodeBinary: machine.nodeBinary,
    });
  }
  await writeRecord(paths, record);
}

/** Ends hosts as a power cut would: nothing in them is told. What they wrote is kept, synced or not. */
export async function powerOff(lab: Lab, hosts: readonly HostRecord[]): Promise<void> {
  const { machine, paths, record } = lab;
  await Promise.all(
    hosts.map(async host => {
      host.power = 'off';
      // Of a host that is off already the pid may be somebody else's by now.
      if (host.supervisor === undefined || !(await isAlive(host.supervisor))) return;
      const leader = await findLeader(host.supervisor);
      // The kernel ends all processes of a host with its first; without one there is only the supervisor to end.
      machine.kill(leader ?? host.supervisor.pid);
      const startedMs = machine.nowMs();
      while (await isAlive(host.supervisor)) {
        const waitedMs = machine.nowMs() - startedMs;
        // It may have been in the middle of a reboot, and have another first process now.
        if (waitedMs > 1000) for (const pid of await hostProcesses(record.name, host.name)) machine.kill(pid);
        if (waitedMs > 20_000) throw new LabProblem('failed', `${host.name} does not end`);
        await machine.sleep(20);
      }
    }),
  );
  for (const host of hosts) await disconnectHost(machine, record.name, host.name);
  await writeRecord(paths, record);
}

/** Gives a host that is off a new disk: empty, but for what BCM provisions. */
export async function replaceDisk(lab: Lab, host: HostRecord): Promise<void> {
  const paths = hostPaths(lab.paths, host.name);
  for (const directory of [paths.upper, paths.work]) await rm(directory, { recursive: true, force: true });
  await provisionHost(lab, host);
}

export async function isOn(host: HostRecord): Promise<boolean> {
  return host.supervisor !== undefined && (await findLeader(host.supervisor)) !== undefined;
}

/** The pid of the host's first process; a host that is off is an error that says how to switch it on. */
export async function leaderOf(lab: Lab, host: HostRecord): Promise<number> {
  const leader = host.supervisor === undefined ? undefined : await findLeader(host.supervisor);
  if (leader !== undefined) return leader;
  const named = nameOption(lab.record.name);
  throw new LabProblem('failed', `${host.name} is off`, `quorate lab fault power-on ${host.name}${named}`);
}

/** Runs a command in a host, as its root, to its end. */
export async function runIn(
  lab: Lab,
  host: HostRecord,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return lab.machine.run(inHostArgv(await leaderOf(lab, host), argv), { ...options, lab: lab.record.name });
}

/** The same, where it must succeed; answers its stdout. */
export async function mustIn(
  lab: Lab,
  host: HostRecord,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return must(lab.machine, inHostArgv(await leaderOf(lab, host), argv), { ...options, lab: lab.record.name });
}
