import { type Lab, mustIn, powerOff, powerOn, replaceDisk } from './hosts.ts';
import { headNode } from './names.ts';
import { setCable } from './network.ts';
import { LabProblem } from './problem.ts';
import { hostOf, nameOption, nodeOf, writeRecord } from './record.ts';
import { waitForSsh } from './serving.ts';
import type { Profile } from './standin/state.ts';

/** What can be done to a host. */
export const faults = ['power-off', 'power-on', 'wipe', 'cut', 'heal', 'kill-etcd'] as const;
export type Fault = (typeof faults)[number];

/** Does it; answers a line on what is so now. */
export async function inflict(lab: Lab, fault: Fault, hostName: string): Promise<string> {
  const { machine, record, paths } = lab;
  const host = fault === 'power-on' || fault === 'power-off' ? hostOf(record, hostName) : nodeOf(record, hostName);
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
      await mustIn(lab, host, ['systemctl', 'kill', '--signal=KILL', '--kill-who=main', 'etcd.service']);
      return `etcd on ${name} was killed`;
  }
}

/** Tells the stand-in of CMDaemon how cmsh is to answer errors. */
export async function setProfile(lab: Lab, profile: Profile): Promise<string> {
  const head = hostOf(lab.record, headNode.name);
  await mustIn(lab, head, ['/opt/quorate-node', '/opt/quorate/dist/cmdaemon.js', '--set', `profile=${profile}`]);
  return `cmsh answers errors as "${profile}" says`;
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
