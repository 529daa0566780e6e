import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Identities, machineId } from './identity.ts';
import { bashrc, etcdBinDirectory, etcdConfigDirectory } from './image/files.ts';
import { type HostName, headNode } from './names.ts';

/** A file of a host's own; `mode` is that of the file, directories are 0755 unless they are named. */
export type HostFile =
  | { readonly path: string; readonly text: string; readonly mode?: number }
  | { readonly path: string; readonly linkTo: string }
  | { readonly path: string; readonly directory: number };

export interface HostPlan {
  readonly lab: string;
  readonly host: HostName;
  readonly hosts: readonly HostName[];
  readonly identities: Identities;
  readonly etcdVersion: string;
}

/** What BCM's provisioning puts on a host's disk: its identity, and on the head node its software. */
export function hostFiles(plan: HostPlan): HostFile[] {
  const { host, hosts, identities, lab } = plan;
  const key = identities.hostKeys.get(host.name);
  if (key === undefined) throw new Error(`${host.name} has no key`);
  return [
    { path: '/etc/hostname', text: `${host.name}\n` },
    { path: '/etc/machine-id', text: `${machineId(lab, host.name)}\n`, mode: 0o444 },
    { path: '/etc/hosts', text: hostsFile(hosts) },
    { path: '/etc/ssh/ssh_host_ed25519_key', text: key.privateKey, mode: 0o600 },
    { path: '/etc/ssh/ssh_host_ed25519_key.pub', text: `${key.publicKey}\n` },
    { path: '/root', directory: 0o700 },
    { path: '/root/.bashrc', text: `${bashrc}${moduleOverSsh}` },
    { path: '/root/.ssh', directory: 0o700 },
    { path: '/root/.ssh/authorized_keys', text: `${identities.root.publicKey}\n`, mode: 0o600 },
    ...moduleFiles(plan.host, plan.etcdVersion),
    ...(host.name === headNode.name ? headNodeFiles(hosts, identities) : [{ path: '/var/lib/etcd', directory: 0o700 }]),
  ];
}

// Where BCM runs on Red Hat, root's .bashrc makes `module` known in every command run by ssh, and the article's lines for
// pdsh rely on that. Debian's doesn't. Here it is there, and only it: etcdctl still is on no PATH without it, and a
// command that doesn't call it is not slowed down.
const moduleOverSsh = `if [ -z "$PS1" ] && [ -n "$SSH_CONNECTION" ]; then
  module() { unset -f module; . /etc/profile.d/modules.sh; module "$@"; }
fi
`;

/** Writes them to the upper directory of a host that is off. */
export async function provision(upper: string, files: readonly HostFile[]): Promise<void> {
  for (const file of files) {
    const path = join(upper, file.path);
    // Directories of the overlay's upper side lend their modes to the merged tree.
    await mkdir(dirname(path), { recursive: true });
    if ('directory' in file) {
      await mkdir(path, { recursive: true });
      await chmod(path, file.directory);
    } else if ('linkTo' in file) {
      await rm(path, { force: true });
      await symlink(file.linkTo, path);
    } else {
      const mode = file.mode ?? 0o644;
      await writeFile(path, file.text, { mode });
      await chmod(path, mode);
    }
  }
}

function hostsFile(hosts: readonly HostName[]): string {
  const lines = hosts.map(({ name, ip }) => {
    const aliases = name === headNode.name ? ' master.cm.cluster master' : '';
    return `${ip} ${name}.cm.cluster ${name}${aliases}`;
  });
  return ['127.0.0.1 localhost', ...lines, ''].join('\n');
}

function knownHosts(hosts: readonly HostName[], identities: Identities): string {
  const lines = hosts.map(({ name, ip }) => {
    const names = [name, `${name}.cm.cluster`, ip, ...(name === headNode.name ? ['localhost', 'master'] : [])];
    return `${names.join(',')} ${identities.hostKeys.get(name)?.publicKey ?? ''}`;
  });
  return [...lines, ''].join('\n');
}

/** `etcd/kube-default/3.4.13` is there whatever etcd is, so that the vendor's article can be typed as it is written. */
const articleVersion = '3.4.13';

function moduleFiles(host: HostName, version: string): HostFile[] {
  const directory = '/cm/local/modulefiles/etcd';
  const text = etcdModule(host, version);
  return [
    { path: `${directory}/.modulerc`, text: `#%Module1.0\nmodule-version etcd/kube-default/${version} default\n` },
    ...new Set([version, articleVersion]).values().map(name => ({ path: `${directory}/kube-default/${name}`, text })),
  ];
}

function etcdModule(host: HostName, version: string): string {
  const environment = {
    ETCDCTL_API: '3',
    // On the head node there is no local member to point at.
    ...(host.name === headNode.name ? {} : { ETCDCTL_ENDPOINTS: `https://${host.ip}:2379` }),
    ETCDCTL_CACERT: `${etcdConfigDirectory}/etcdca-kube-default.pem`,
    ETCDCTL_CERT: `${etcdConfigDirectory}/client.pem`,
    ETCDCTL_KEY: `${etcdConfigDirectory}/client.key`,
  };
  return [
    '#%Module1.0',
    'module-whatis {etcd of the Kubernetes cluster default}',
    'conflict etcd',
    `prepend-path PATH ${etcdBinDirectory(version)}`,
    ...Object.entries(environment).map(([name, value]) => `setenv ${name} ${value}`),
    '',
  ].join('\n');
}

function headNodeFiles(hosts: readonly HostName[], identities: Identities): HostFile[] {
  const units = '/etc/systemd/system';
  return [
    { path: '/root/.ssh/id_ed25519', text: identities.root.privateKey, mode: 0o600 },
    { path: '/root/.ssh/id_ed25519.pub', text: `${identities.root.publicKey}\n` },
    { path: '/root/.ssh/known_hosts', text: knownHosts(hosts, identities), mode: 0o600 },
    { path: '/var/spool/cmd', directory: 0o700 },
    { path: '/etc/pdsh/rcmd_default', text: 'ssh\n' },
    { path: '/usr/local/bin/quorate', text: wrapper('/opt/quorate/dist/quorate.js'), mode: 0o755 },
    { path: '/cm/local/apps/cmd/bin/cmsh', text: wrapper('--no-warnings /opt/quorate/dist/cmsh.js'), mode: 0o755 },
    { path: '/usr/local/bin/cmsh', linkTo: '/cm/local/apps/cmd/bin/cmsh' },
    { path: `${units}/cmd.service`, text: cmdService },
    { path: `${units}/multi-user.target.wants/cmd.service`, linkTo: `${units}/cmd.service` },
  ];
}

const wrapper = (program: string): string => `#!/bin/sh\nexec /opt/quorate-node ${program} "$@"\n`;

const cmdService = `[Unit]
Description=Stand-in for CMDaemon
After=ssh.service
StartLimitIntervalSec=0

[Service]
ExecStart=/opt/quorate-node /opt/quorate/dist/cmdaemon.js
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;
