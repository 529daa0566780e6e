import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Lab, powerOn, provisionHost } from './hosts.ts';
import { makeIdentities } from './identity.ts';
import { type EtcdChoice, withEtcd } from './image/etcd.ts';
import { ensureImage } from './image/image.ts';
import { withFileLock } from './lock.ts';
import type { Machine } from './machine.ts';
import { headNode, mostNodes, nodeNames } from './names.ts';
import { makeSwitch } from './network.ts';
import { hostPaths, labPaths } from './paths.ts';
import { LabProblem } from './problem.ts';
import { type LabRecord, nameOption, readRecord, writeRecord } from './record.ts';
import { waitForBcm, waitForEtcd, waitForSsh } from './serving.ts';
import { initialState, type Profile, STATE_FILE } from './standin/state.ts';
import { anyHostAlive, labProcesses, sweep } from './sweep.ts';
import { readWatchers, watchersProblem } from './watchers.ts';

export interface UpOptions {
  readonly name: string;
  readonly nodes: number;
  readonly members: 1 | 3 | 5;
  readonly profile: Profile;
  /** Factor on the delays that the vendor's article shows; 1 is as it was. */
  readonly scale: number;
  /** Another etcd than that of the machine's own Debian. */
  readonly etcd?: EtcdChoice;
}

/**
 * Makes a lab and waits until it serves. Stopped by the machine's signal it removes what it made; killed, it leaves
 * what `down` and the next `up` remove.
 */
export async function up(machine: Machine, options: UpOptions): Promise<void> {
  if (options.nodes < 1 || options.nodes > mostNodes || options.members > options.nodes) {
    throw new LabProblem(
      'usage',
      `${options.nodes} nodes with ${options.members} members: 1 to ${mostNodes} nodes can be had, of which the members are some`,
    );
  }
  const startedMs = machine.nowMs();
  await locked(machine, options.name, async () => {
    await clearTheDead(machine, options.name);
    try {
      await make(machine, options);
    } catch (error) {
      if (!machine.signal.aborted) {
        await leaveForInspection(machine, options.name);
        throw error;
      }
      machine.say('stopped; removing what was made');
      await sweep(machine, options.name);
      throw machine.signal.reason;
    }
  });
  machine.say(`lab "${options.name}" is up after ${seconds(machine.nowMs() - startedMs)}`);
}

/** Removes a lab whole. Answers whether there was anything. */
export async function down(machine: Machine, name: string): Promise<boolean> {
  return locked(machine, name, async () => {
    const there = (await readRecord(labPaths(machine.stateDir, name))) !== undefined;
    const processes = await labProcesses(machine, name);
    await sweep(machine, name);
    return there || processes.length > 0;
  });
}

/** One `up`, `down`, fault, checkpoint at a time on a lab. */
export async function locked<T>(machine: Machine, name: string, work: () => Promise<T>): Promise<T> {
  const { lock } = labPaths(machine.stateDir, name);
  await mkdir(dirname(lock), { recursive: true });
  const busy = new LabProblem(
    'failed',
    `another quorate is changing lab "${name}" right now`,
    'wait for it, and try again',
  );
  return withFileLock(lock, busy, work);
}

/** Hosts that came up but not far enough are of use to whoever wants to know why. */
async function leaveForInspection(machine: Machine, name: string): Promise<void> {
  const paths = labPaths(machine.stateDir, name);
  const record = await readRecord(paths);
  if (record !== undefined && (await anyHostAlive(name))) await writeRecord(paths, { ...record, phase: 'made' });
}

async function clearTheDead(machine: Machine, name: string): Promise<void> {
  const record = await readRecord(labPaths(machine.stateDir, name));
  if (record?.phase === 'made' && (await anyHostAlive(name))) {
    const named = nameOption(name);
    throw new LabProblem(
      'usage',
      `lab "${name}" is up already`,
      `quorate lab status${named}, or quorate lab down${named} to remove it`,
    );
  }
  if (record !== undefined) {
    machine.say(
      `clearing what is left of lab "${name}", ${record.phase === 'made' ? 'none of whose hosts runs any more' : 'which was never finished'}`,
    );
  }
  await sweep(machine, name);
}

async function make(machine: Machine, options: UpOptions): Promise<void> {
  const phase = phases(machine);
  const own = await ensureImage(machine, options.name);
  const image = options.etcd === undefined ? own : await withEtcd(machine, options.name, own, options.etcd);
  await phase('image');
  const problem = watchersProblem(await readWatchers(), options.nodes + 1);
  if (problem !== undefined) throw problem;
  const paths = labPaths(machine.stateDir, options.name);
  const nodes = nodeNames(options.nodes);
  const members = nodes.slice(0, options.members).map(node => node.name);
  const record: LabRecord = {
    format: 1,
    name: options.name,
    phase: 'making',
    hosts: [headNode, ...nodes].map(host => ({ ...host, power: 'off', cut: false })),
    members,
    profile: options.profile,
    scale: options.scale,
    etcdVersion: image.etcdVersion,
    imageRoot: image.root,
    ...(image.etcdPrograms === undefined ? {} : { etcdPrograms: image.etcdPrograms }),
  };
  const lab: Lab = { machine, paths, record };
  await mkdir(paths.shared, { recursive: true });
  await writeRecord(paths, record);
  await makeIdentities(
    machine,
    options.name,
    paths,
    record.hosts.map(host => host.name),
  );
  for (const host of record.hosts) await provisionHost(lab, host);
  await writeStandinState(lab, nodes);
  await phase('disks');
  await makeSwitch(machine, options.name);
  await powerOn(lab, record.hosts);
  await phase('power');
  await waitForSsh(lab, 60_000);
  await phase('ssh');
  await writeRecord(paths, { ...record, phase: 'made' });
  await waitForEtcd(
    lab,
    record.hosts.filter(host => members.includes(host.name)),
    60_000,
  );
  await phase('etcd');
  await waitForBcm(lab, 60_000);
  await phase('BCM');
  phase.report();
}

async function writeStandinState(lab: Lab, nodes: readonly { name: string; ip: string }[]): Promise<void> {
  const { members, profile, scale, etcdVersion } = lab.record;
  const state = initialState({ nodes, headnode: headNode, members, profile, scale, etcdVersion });
  const path = join(hostPaths(lab.paths, headNode.name).upper, STATE_FILE);
  await writeFile(path, `${JSON.stringify(state)}\n`);
  await chmod(path, 0o600);
}

function phases(machine: Machine): ((name: string) => Promise<void>) & { report(): void } {
  const taken: string[] = [];
  let lastMs = machine.nowMs();
  const end = async (name: string): Promise<void> => {
    machine.signal.throwIfAborted();
    taken.push(`${name} ${seconds(machine.nowMs() - lastMs)}`);
    lastMs = machine.nowMs();
  };
  return Object.assign(end, { report: () => machine.say(taken.join(' · ')) });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
