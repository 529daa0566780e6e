import { checkpointNames } from './checkpoint.ts';
import { isOn, type Lab, runIn } from './hosts.ts';
import { headNode } from './names.ts';
import type { HostRecord } from './record.ts';
import { servesEtcd } from './serving.ts';

/** A host as it is now. */
interface HostStatus {
  readonly name: string;
  readonly ip: string;
  readonly power: 'on' | 'off';
  readonly cut: boolean;
  /** `serving` where etcd answers a linearizable read, else what systemd says of its unit; absent where it is off. */
  readonly etcd?: string;
}

export interface LabStatus {
  readonly name: string;
  readonly state: 'up' | 'partly up' | 'not running' | 'unfinished';
  /** Absent while the lab is unfinished. */
  readonly etcdVersion?: string;
  readonly scale?: number;
  readonly hosts: readonly HostStatus[];
  readonly checkpoints: readonly string[];
}

export async function labStatus(lab: Lab): Promise<LabStatus> {
  const { record, paths } = lab;
  const hosts = await Promise.all(record.hosts.map(host => hostStatus(lab, host)));
  const on = hosts.filter(host => host.power === 'on').length;
  return {
    name: record.name,
    state: on === 0 ? 'not running' : on === hosts.length ? 'up' : 'partly up',
    etcdVersion: record.etcdVersion,
    scale: record.scale,
    hosts,
    checkpoints: await checkpointNames(paths),
  };
}

/** Of a lab whose `up` is under way, or was interrupted. */
export function unfinishedStatus(name: string): LabStatus {
  return { name, state: 'unfinished', hosts: [], checkpoints: [] };
}

async function hostStatus(lab: Lab, host: HostRecord): Promise<HostStatus> {
  const { name, ip, cut } = host;
  if (!(await isOn(host))) return { name, ip, power: 'off', cut };
  if (name === headNode.name) return { name, ip, power: 'on', cut };
  const etcd = await etcdState(lab, host).catch(async error => {
    if (await isOn(host)) throw error;
    // It went off while it was asked.
    return undefined;
  });
  return etcd === undefined ? { name, ip, power: 'off', cut } : { name, ip, power: 'on', cut, etcd };
}

async function etcdState(lab: Lab, host: HostRecord): Promise<string> {
  const unit = await runIn(lab, host, [
    'systemctl',
    'show',
    '--property=ActiveState,LoadState',
    '--value',
    'etcd.service',
  ]);
  if (unit.stdout.includes('masked') || unit.stdout.includes('not-found')) return 'none';
  if (await servesEtcd(lab, host)) return 'serving';
  return (
    unit.stdout.split('\n').find(line => /^(active|inactive|failed|activating|deactivating)$/.test(line)) ?? 'unknown'
  );
}

/** For people: a line on the lab, one a host. */
export function statusText(status: LabStatus): string {
  const width = Math.max(...status.hosts.map(host => host.name.length));
  const lines = status.hosts.map(host => {
    const words = [host.name.padEnd(width), host.ip.padEnd(14), host.power.padEnd(3)];
    if (host.etcd !== undefined && host.etcd !== 'none') words.push(`etcd ${host.etcd}`);
    if (host.cut) words.push('cut off');
    return `  ${words.join('  ').trimEnd()}`;
  });
  const delays = status.scale === undefined ? '' : `, etcd ${status.etcdVersion}, delays × ${status.scale}`;
  return [
    `lab "${status.name}": ${status.state}${delays}`,
    ...lines,
    ...(status.checkpoints.length === 0 ? [] : [`  checkpoints: ${status.checkpoints.join(', ')}`]),
  ].join('\n');
}
