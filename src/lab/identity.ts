import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from '../core/digest.ts';
import { type Machine, must } from './machine.ts';
import type { LabPaths } from './paths.ts';

/** An ssh key pair in OpenSSH's formats. */
interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The lab's keys. They are made once and outlive the disks of the hosts, as BCM keeps them on the head node. */
export interface Identities {
  /** By host name: what its sshd shows. */
  readonly hostKeys: ReadonlyMap<string, KeyPair>;
  /** The head node's root; every host lets it in. */
  readonly root: KeyPair;
}

const rootKey = 'root';

export async function makeIdentities(
  machine: Machine,
  lab: string,
  paths: LabPaths,
  hosts: readonly string[],
): Promise<void> {
  await mkdir(paths.identities, { recursive: true, mode: 0o700 });
  await Promise.all(
    [rootKey, ...hosts].map(name => {
      const comment = name === rootKey ? 'root@headnode' : `root@${name}`;
      const argv = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', join(paths.identities, name)];
      return must(machine, argv, { lab });
    }),
  );
}

export async function readIdentities(paths: LabPaths, hosts: readonly string[]): Promise<Identities> {
  const read = async (name: string): Promise<KeyPair> => ({
    privateKey: await readFile(join(paths.identities, name), 'utf8'),
    publicKey: (await readFile(join(paths.identities, `${name}.pub`), 'utf8')).trim(),
  });
  const pairs = await Promise.all(hosts.map(async host => [host, await read(host)] as const));
  return { hostKeys: new Map(pairs), root: await read(rootKey) };
}

/** The same lab and host always have the same machine id; an empty one would make systemd think of a first boot. */
export function machineId(lab: string, host: string): string {
  return digest('sha256', `quorate ${lab} ${host}`).toString('hex').slice(0, 32);
}
