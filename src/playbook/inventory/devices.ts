import { Findings } from '../findings.ts';
import { Writing, type Written } from './written.ts';

/** A device of BCM's, as far as an inventory needs it. */
export interface InventoryDevice {
  readonly name: string;
  /** '' where it is not known. */
  readonly ip: string;
  /** '' for a head node. */
  readonly category: string;
  readonly kind: 'head' | 'node';
}

/**
 * The inventory of a BCM cluster: groups `headnode`, `etcd` (the nodes on which the role is in effect) and one for each
 * category. `local` is the name of the machine that quorate runs on; it is not reached by ssh.
 */
export function writtenByDevices(
  devices: readonly InventoryDevice[],
  etcd: readonly string[],
  { origin, local }: { readonly origin: string; readonly local: string },
): Written {
  const short = (name: string): string => name.replace(/\..*$/, '');
  const writing = new Writing(origin, new Findings());
  for (const { name, ip, category, kind } of devices) {
    const connection = short(name) === short(local) ? 'local' : 'ssh';
    writing.host('all', name, { connection, address: ip || name }, []);
    if (category !== '') writing.group(category).hosts.add(name);
    if (kind === 'head') writing.group('headnode').hosts.add(name);
    if (etcd.includes(name)) writing.group('etcd').hosts.add(name);
  }
  writing.group('headnode');
  writing.group('etcd');
  return writing;
}
