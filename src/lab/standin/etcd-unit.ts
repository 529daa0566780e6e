// From roles to etcd.service: what CMDaemon wants on each node, and how two versions of it differ.
import { effectiveRoles } from './effective-roles.ts';
import { type CmObject, ETCD_CLUSTER, type Role, type State, type Value } from './state.ts';

/** Where the environment module and the article have certificates. */
export const CERTIFICATE_DIR = '/cm/local/apps/etcd/var/etc';
/** The name of the authority's certificate and key. */
export const ETCD_CLUSTER_AUTHORITY = `etcdca-${ETCD_CLUSTER}`;
export const UNIT_PATH = '/etc/systemd/system/etcd.service';

export interface EtcdUnit {
  readonly node: string;
  readonly ip: string;
  readonly spool: string;
  readonly clientUrls: readonly string[];
  /** The contents of etcd.service. */
  readonly text: string;
}

interface Member {
  readonly device: CmObject;
  readonly role: Role;
  readonly name: string;
  readonly peerUrls: readonly string[];
}

/**
 * The unit that each node with an effective role Etcd::Host should have. `--initial-cluster` names every such node of
 * the same etcd cluster, whichever overlay it has the role from; the role's own options come last and so win.
 */
export function desiredUnits(state: State): Map<string, EtcdUnit> {
  const members = state.objects.device.flatMap(device => memberOf(state, device));
  const units = members.map(member => {
    const cluster = text(member.role.values.etcdcluster);
    const peers = members.filter(peer => text(peer.role.values.etcdcluster) === cluster);
    return {
      node: member.device.name,
      ip: text(member.device.values.ip),
      spool: text(member.role.values.spool),
      clientUrls: urls(member.role.values.advertiseclienturls, member.device),
      text: formatUnit(state, cluster, etcdFlags(member, cluster, peers)),
    };
  });
  return new Map(units.map(unit => [unit.node, unit]));
}

function memberOf(state: State, device: CmObject): Member[] {
  const role = effectiveRoles(state, device).find(effective => effective.role.name === 'Etcd::Host')?.role;
  if (role === undefined) return [];
  const name = fillIn(text(role.values.membername), device);
  return [{ device, role, name, peerUrls: urls(role.values.advertisepeerurls, device) }];
}

function etcdFlags({ device, role, name, peerUrls }: Member, cluster: string, peers: readonly Member[]): string[] {
  const { values } = role;
  const certificate = text(values.membercertificate) || `${CERTIFICATE_DIR}/member.pem`;
  const key = text(values.membercertificatekey) || `${CERTIFICATE_DIR}/member.key`;
  const authority = `${CERTIFICATE_DIR}/etcdca-${cluster}.pem`;
  const initialCluster = peers.flatMap(peer => peer.peerUrls.map(url => `${peer.name}=${url}`)).sort();
  return [
    `--name=${name}`,
    `--data-dir=${text(values.spool)}`,
    `--listen-client-urls=${urls(values.listenclienturls, device).join(',')}`,
    `--advertise-client-urls=${urls(values.advertiseclienturls, device).join(',')}`,
    `--listen-peer-urls=${urls(values.listenpeerurls, device).join(',')}`,
    `--initial-advertise-peer-urls=${peerUrls.join(',')}`,
    `--cert-file=${certificate}`,
    `--key-file=${key}`,
    '--client-cert-auth',
    `--trusted-ca-file=${authority}`,
    `--peer-cert-file=${certificate}`,
    `--peer-key-file=${key}`,
    '--peer-client-cert-auth',
    `--peer-trusted-ca-file=${authority}`,
    `--snapshot-count=${text(values.snapshotcount)}`,
    ...(values.debug === true ? ['--log-level=debug'] : []),
    `--initial-cluster=${initialCluster.join(',')}`,
    `--initial-cluster-token=${cluster}`,
    '--initial-cluster-state=new',
    ...list(values.options),
  ];
}

/** CMDaemon starts etcd, restarts it and gives up: systemd does none of that, and doesn't count starts either. */
function formatUnit(state: State, cluster: string, flags: readonly string[]): string {
  const program = `/cm/local/apps/etcd/${state.etcdVersion}/bin/etcd`;
  return `[Unit]
Description=etcd of ${cluster}, run by CMDaemon
After=network.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=${program} \\
${flags.map(flag => `  ${quoteForSystemd(flag)}`).join(' \\\n')}
Restart=no
TimeoutStartSec=infinity
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`;
}

export type UnitDifference = 'none' | 'peers-shrank' | 'peers-grew' | 'own-flags';

/** How the unit on a node differs from the wanted one. Growing peers outweigh the node's own flags. */
export function compareUnits(present: string, wanted: string): UnitDifference {
  if (present === wanted) return 'none';
  const before = initialClusterOf(present);
  if (initialClusterOf(wanted).some(peer => !before.includes(peer))) return 'peers-grew';
  return withoutInitialCluster(present) === withoutInitialCluster(wanted) ? 'peers-shrank' : 'own-flags';
}

const INITIAL_CLUSTER = /^ {2}"?--initial-cluster=([^\s"]*)/m;

function initialClusterOf(unit: string): string[] {
  return (INITIAL_CLUSTER.exec(unit)?.[1] ?? '').split(',').filter(Boolean);
}

function withoutInitialCluster(unit: string): string {
  return unit.replace(INITIAL_CLUSTER, '');
}

function quoteForSystemd(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@+=:,./%$-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function text(value: Value | undefined): string {
  return value === undefined || typeof value === 'object' ? '' : String(value);
}

function list(value: Value | undefined): readonly string[] {
  return typeof value === 'object' ? value : [];
}

function urls(value: Value | undefined, device: CmObject): string[] {
  return list(value).map(url => fillIn(url, device));
}

function fillIn(pattern: string, device: CmObject): string {
  return pattern.replaceAll('$hostname', device.name).replaceAll('$ip', text(device.values.ip));
}
