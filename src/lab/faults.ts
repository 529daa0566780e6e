import { fillDisk, fillRun, free } from './full-disk.ts';
import { type Lab, mustIn, powerOff, powerOn, replaceDisk, runIn } from './hosts.ts';
import { headNode } from './names.ts';
import { setCable } from './network.ts';
import { LabProblem } from './problem.ts';
import { type HostRecord, hostOf, nameOption, nodeOf, writeRecord } from './record.ts';
import { waitForSsh } from './serving.ts';
import type { Profile } from './standin/state.ts';

/** What can be done to a host. */
export const faults = [
  'power-off',
  'power-on',
  'wipe',
  'cut',
  'heal',
  'kill-etcd',
  'freeze-etcd',
  'thaw-etcd',
  'fill',
  'fill-run',
  'free',
  'drop-ssh',
] as const;
export type Fault = (typeof faults)[number];

/** Of these the head node has none: it runs no etcd, and its disk is what makes the lab one. */
const nodesOnly: readonly Fault[] = ['wipe', 'kill-etcd', 'freeze-etcd', 'thaw-etcd'];

/** Does it; answers a line on what is so now. */
export async function inflict(lab: Lab, fault: Fault, hostName: string): Promise<string> {
  const { machine, record, paths } = lab;
  const host = nodesOnly.includes(fault) ? nodeOf(record, hostName) : hostOf(record, hostName);
  const { name } = host;
  const powerOnCommand = `quorate lab fault power-on ${name}${nameOption(record.name)}`;
  switch (fault) {
    case 'power-off':
      await powerOff(lab, [host]);
      return `${name} is off, as after a power cut; switch it on with ${powerOnCommand}`;
    case 'power-on':
      // One that was shut down from within is off too, whatever the record says.
      await powerOff(lab, [host]);
      await powerOn(lab, [host]);
      await waitForSsh({ ...lab, record: { ...record, hosts: headAnd(lab, name) } }, 60_000);
      return host.cut ? `${name} is on, and still cut off` : `${name} is on and answers ssh`;
    case 'wipe':
      await powerOff(lab, [host]);
      await replaceDisk(lab, host);
      return `${name} is off and has a new, empty disk; switch it on with ${powerOnCommand}`;
    case 'cut':
    case 'heal':
      host.cut = fault === 'cut';
      await writeRecord(paths, record);
      if (host.power === 'on') await setCable(machine, record.name, name, host.cut ? 'down' : 'up');
      return host.cut ? `${name} is cut off from all other hosts` : `${name} is connected again`;
    case 'kill-etcd':
      await signalEtcd(lab, host, 'KILL');
      return `etcd on ${name} was killed`;
    case 'freeze-etcd':
      await signalEtcd(lab, host, 'STOP');
      return `etcd on ${name} is there and does nothing; let it go on with quorate lab fault thaw-etcd ${name}${nameOption(record.name)}`;
    case 'thaw-etcd':
      await signalEtcd(lab, host, 'CONT');
      return `etcd on ${name} goes on`;
    case 'fill':
      await fillDisk(lab, host);
      return `the disk of ${name} is full; make room with quorate lab fault free ${name}${nameOption(record.name)}`;
    case 'fill-run':
      await fillRun(lab, host);
      return `/run of ${name} is full; make room with quorate lab fault free ${name}${nameOption(record.name)}`;
    case 'free':
      await free(lab, host);
      return `there is room on ${name} again`;
    case 'drop-ssh':
      // sshd's own first process has another name; 1 is "there was none".
      await runIn(lab, host, ['pkill', '-KILL', '-f', '^sshd: root']);
      return `all ssh connections to ${name} are broken`;
  }
}

function signalEtcd(lab: Lab, host: HostRecord, signal: 'KILL' | 'STOP' | 'CONT'): Promise<string> {
  return mustIn(lab, host, ['systemctl', 'kill', `--signal=${signal}`, '--kill-who=main', 'etcd.service']);
}

/** Tells the stand-in of CMDaemon how cmsh is to answer errors. */
export async function setProfile(lab: Lab, profile: Profile): Promise<string> {
  await setSwitch(lab, `profile=${profile}`);
  return `cmsh answers errors as "${profile}" says`;
}

/** Sets one of the faults of the stand-in of CMDaemon, as `peerStaysDown=node002`; docs/cmsh.md lists them. */
export async function setStandInFault(lab: Lab, assignment: string): Promise<string> {
  await setSwitch(lab, `fault.${assignment}`);
  return `CMDaemon has the fault ${assignment}`;
}

async function setSwitch(lab: Lab, assignment: string): Promise<void> {
  const head = hostOf(lab.record, headNode.name);
  const argv = ['/opt/quorate-node', '/opt/quorate/dist/cmdaemon.js', '--set', assignment];
  const { exitCode, stdout, stderr } = await runIn(lab, head, argv);
  if (exitCode !== 0) throw new LabProblem('usage', (stderr || stdout).trim().split('\n').at(-1) ?? assignment);
}

export function isFault(word: string): word is Fault {
  return faults.some(fault => fault === word);
}

function headAnd(lab: Lab, name: string) {
  const hosts = lab.record.hosts.filter(host => host.name === headNode.name || host.name === name);
  if (hosts.some(host => host.name === headNode.name && host.power === 'off')) {
    if (name !== headNode.name)
      throw new LabProblem('failed', 'the head node is off, so ssh to the host cannot be tried');
  }
  return hosts;
}
