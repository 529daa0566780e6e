// What CMDaemon does on a node. Every answer is undefined or false where the node can't be reached.
import type { EtcdUnit } from './etcd-unit.ts';

export interface NodeFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

export interface Inspection {
  /** The contents of etcd.service; undefined where there is none that CMDaemon wrote. */
  readonly unit: string | undefined;
  /** True where etcd runs, or is on its way to. */
  readonly running: boolean;
  /** True where the member's certificate is there. */
  readonly certificate: boolean;
  /** The kernel's identifier of this boot. */
  readonly bootId: string;
}

export interface ManagedNode {
  readonly name: string;
  inspect(): Promise<Inspection | undefined>;
  writeFiles(files: readonly NodeFile[]): Promise<boolean>;
  /** Writes etcd.service, makes the spool directory where it is missing; etcd isn't touched. */
  installUnit(unit: EtcdUnit): Promise<boolean>;
  /** Starts etcd, or restarts it, and waits until it serves or has ended; still waiting for a quorum is running. */
  restart(): Promise<'running' | 'died' | undefined>;
  /** Stops and disables etcd. */
  stop(): Promise<boolean>;
  /** Reboots it in order, or by a reset; resolves when that was begun. */
  reboot(how: 'reboot' | 'reset'): Promise<void>;
  /** Removes what a FULL install leaves nothing of: certificates, units, data of etcd (`spool` where it is elsewhere). */
  wipe(spool: string | undefined): Promise<boolean>;
}

/** What is heard from a node: it came up or went down, etcd runs there or doesn't. */
export type News = 'up' | 'down' | 'running' | 'stopped';

/** Issues certificates for etcd. */
export interface CertificateAuthority {
  /** Makes the authority and the clients' certificate where they are missing. */
  prepare(): Promise<void>;
  /** All files that a node needs to be a member and to use etcdctl. */
  issue(node: string, ip: string): Promise<readonly NodeFile[]>;
}
