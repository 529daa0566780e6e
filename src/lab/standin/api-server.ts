// kube-apiserver on the head node, as CMDaemon keeps it: its unit names the etcd servers.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CERTIFICATE_DIR, ETCD_CLUSTER_AUTHORITY } from './etcd-unit.ts';
import type { CertificateAuthority } from './managed-node.ts';
import { runScript } from './remote-shell.ts';

const SYSTEMCTL_MS = 30_000;
const UNIT = '/etc/systemd/system/kube-apiserver.service';
const DIRECTORY = '/cm/local/apps/kubernetes/var/etc';
const PROGRAM = '/opt/quorate-node /opt/quorate/dist/kube-apiserver.js';

export interface ApiServer {
  /** Writes the list of etcd servers; it is used from the next restart on. Resolves to whether it was another one. */
  setEtcdServers(urls: readonly string[]): Promise<boolean>;
  /** The list as written; empty before the first. */
  etcdServers(): Promise<readonly string[]>;
  /** Starts it, or restarts it; from then on it also starts with its host. */
  restart(): Promise<void>;
}

/** The API server of this host, the head node; `ip` is its address. */
export function localApiServer(authority: CertificateAuthority, host: { name: string; ip: string }): ApiServer {
  const unit = (): Promise<string> => readFile(UNIT, 'utf8').catch(() => '');
  return {
    etcdServers: async () => (/--etcd-servers=(\S+)/.exec(await unit())?.[1] ?? '').split(',').filter(Boolean),
    setEtcdServers: async urls => {
      const wanted = unitText(urls);
      if ((await unit()) === wanted) return false;
      await writeCertificates(authority, host);
      await replaceFile(UNIT, wanted, 0o644);
      await systemctl('systemctl daemon-reload');
      return true;
    },
    // Enabled each time: the head node may have gone down between the first list and its restart.
    restart: () => systemctl('systemctl --quiet enable kube-apiserver && systemctl restart kube-apiserver'),
  };
}

/** It serves with a certificate of etcd's authority, under the name that BCM gives to that of Kubernetes. */
async function writeCertificates(authority: CertificateAuthority, host: { name: string; ip: string }): Promise<void> {
  const there = await readFile(`${DIRECTORY}/apiserver.key`).catch(() => undefined);
  if (there !== undefined) return;
  const names: Readonly<Record<string, string>> = {
    [`${ETCD_CLUSTER_AUTHORITY}.pem`]: 'kubeca-default.pem',
    'member.pem': 'apiserver.pem',
    'member.key': 'apiserver.key',
  };
  for (const file of await authority.issue(host.name, host.ip)) {
    const name = names[file.path.slice(file.path.lastIndexOf('/') + 1)];
    if (name !== undefined) await replaceFile(`${DIRECTORY}/${name}`, file.text, file.mode);
  }
}

function unitText(etcdServers: readonly string[]): string {
  const flags = [
    `--etcd-servers=${etcdServers.join(',')}`,
    `--etcd-cafile=${CERTIFICATE_DIR}/${ETCD_CLUSTER_AUTHORITY}.pem`,
    `--etcd-certfile=${CERTIFICATE_DIR}/client.pem`,
    `--etcd-keyfile=${CERTIFICATE_DIR}/client.key`,
    `--tls-cert-file=${DIRECTORY}/apiserver.pem`,
    `--tls-private-key-file=${DIRECTORY}/apiserver.key`,
    '--secure-port=6443',
  ];
  return `[Unit]
Description=Stand-in for the Kubernetes API server
After=network.target
StartLimitIntervalSec=0

[Service]
ExecStart=${PROGRAM} \\
${flags.map(flag => `  ${flag}`).join(' \\\n')}
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;
}

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

/** What goes wrong there, its unit and its journal tell. */
async function systemctl(script: string): Promise<void> {
  await runScript(undefined, script, SYSTEMCTL_MS);
}
