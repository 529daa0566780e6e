import { readdir } from 'node:fs/promises';
import { type Machine, must } from './machine.ts';
import { bridgeNamespace, type HostName, hostNamespace, namespacePrefix, prefixLength } from './names.ts';
import { macFor } from './standin/state.ts';

// The lab's switch is a bridge in a network namespace that has nothing else, so no packet of a host can leave it. The
// cable of a host is a veth pair, whose end at the switch bears the host's name.

const switchCommands = `link set lo up
link add br0 type bridge
link set br0 up
`;

/** Makes the switch. */
export async function makeSwitch(machine: Machine, lab: string): Promise<void> {
  const namespace = bridgeNamespace(lab);
  await must(machine, ['ip', 'netns', 'add', namespace], { lab });
  await must(machine, ['ip', '-n', namespace, '-batch', '-'], { lab, input: switchCommands });
}

/** Gives a host a network interface, with its cable in the switch; `cut` leaves the cable dead. */
export async function connectHost(machine: Machine, lab: string, host: HostName, cut: boolean): Promise<void> {
  const namespace = hostNamespace(lab, host.name);
  await must(machine, ['ip', 'netns', 'add', namespace], { lab });
  // The same hardware address after every power-on, or the others send to the old one for as long as they remember it.
  const atSwitch = [
    `link add ${host.name} type veth peer name eth0 address ${macFor(host.ip)} netns ${namespace}`,
    `link set ${host.name} master br0`,
    ...(cut ? [] : [`link set ${host.name} up`]),
    '',
  ].join('\n');
  await must(machine, ['ip', '-n', bridgeNamespace(lab), '-batch', '-'], { lab, input: atSwitch });
  const atHost = `link set lo up\naddr add ${host.ip}/${prefixLength} dev eth0\nlink set eth0 up\n`;
  await must(machine, ['ip', '-n', namespace, '-batch', '-'], { lab, input: atHost });
}

/** Takes the interface and the cable away: a host that is off does not even refuse connections. */
export async function disconnectHost(machine: Machine, lab: string, host: string): Promise<void> {
  await machine.run(['ip', '-n', bridgeNamespace(lab), 'link', 'del', host], { lab });
  await machine.run(['ip', 'netns', 'del', hostNamespace(lab, host)], { lab });
}

export async function setCable(machine: Machine, lab: string, host: string, state: 'up' | 'down'): Promise<void> {
  await must(machine, ['ip', '-n', bridgeNamespace(lab), 'link', 'set', host, state], { lab });
}

export const namespaceDirectory = '/run/netns';

/** The names of the lab's network namespaces that exist. */
export async function labNamespaces(lab: string): Promise<string[]> {
  const names = await readdir(namespaceDirectory).catch(() => []);
  return names.filter(name => name.startsWith(namespacePrefix(lab)));
}
