import type { ApiServer } from '../../src/lab/standin/api-server.ts';
import type { EtcdUnit } from '../../src/lab/standin/etcd-unit.ts';
import type { CertificateAuthority, ManagedNode, NodeFile } from '../../src/lab/standin/managed-node.ts';

/**
 * A node of the stand-in's CMDaemon without a machine: etcd runs once it is started with a unit and a certificate,
 * unless `broken`. `done` records what was done to it, with the time.
 */
export class FakeNode implements ManagedNode {
  readonly name: string;
  readonly done: string[] = [];
  reachable = true;
  running = false;
  broken = false;
  unit: string | undefined;
  certificate = false;
  bootId = 'first';

  constructor(name: string) {
    this.name = name;
  }

  async inspect(): ReturnType<ManagedNode['inspect']> {
    const { unit, running, certificate, bootId } = this;
    return this.reachable ? { unit, running, certificate, bootId } : undefined;
  }

  async writeFiles(files: readonly NodeFile[]): Promise<boolean> {
    if (!this.reachable) return false;
    this.certificate = files.length > 0;
    return true;
  }

  async installUnit(unit: EtcdUnit): Promise<boolean> {
    if (!this.reachable) return false;
    this.unit = unit.text;
    this.done.push('unit');
    return true;
  }

  async restart(): ReturnType<ManagedNode['restart']> {
    if (!this.reachable) return undefined;
    this.running = this.certificate && !this.broken;
    this.done.push(this.running ? 'restart' : 'start in vain');
    return this.running ? 'running' : 'died';
  }

  async stop(): Promise<boolean> {
    if (!this.reachable) return false;
    this.running = false;
    this.done.push('stop');
    return true;
  }

  async reboot(how: 'reboot' | 'reset'): Promise<void> {
    this.done.push(how);
    this.reachable = false;
    this.running = false;
  }

  async wipe(): Promise<boolean> {
    if (!this.reachable) return false;
    this.done.push('wipe');
    this.unit = undefined;
    this.certificate = false;
    return true;
  }
}

export const fakeAuthority: CertificateAuthority = {
  prepare: async () => undefined,
  issue: async () => [{ path: '/member.pem', text: '', mode: 0o644 }],
};

/** An API server that only counts its restarts. */
export class FakeApiServer implements ApiServer {
  urls: readonly string[] = [];
  restarts = 0;

  async setEtcdServers(urls: readonly string[]): Promise<boolean> {
    this.urls = urls;
    return true;
  }

  async etcdServers(): Promise<readonly string[]> {
    return this.urls;
  }

  async restart(): Promise<void> {
    this.restarts += 1;
  }
}
