import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { InventoryHost } from '../../src/core/inventory.ts';

const SSHD = '/usr/sbin/sshd';
export const sshdMissing = !existsSync(SSHD);

/** An sshd on 127.0.0.1 with keys and a configuration of its own; nothing of the user's is read or written. */
export interface Sshd {
  readonly host: InventoryHost;
  /** For `sshArgs`. Each logs in with another key, and so gets another shell. */
  readonly args: {
    /** An ordinary login. */
    readonly ordinary: readonly string[];
    /** A login whose shell prints a greeting first. */
    readonly greeted: readonly string[];
    /** A login that cannot load a driver. */
    readonly bare: readonly string[];
    /** A key that sshd does not know. */
    readonly stranger: readonly string[];
    /** A client that does not know the host. */
    readonly unknownHost: readonly string[];
  };
  /** The private key of an ordinary login. */
  readonly key: string;
  /** A port on which nothing listens. */
  readonly closedPort: number;
  stop(): void;
}

export async function startSshd(): Promise<Sshd> {
  const directory = mkdtempSync('/tmp/quorate-test-sshd-');
  const file = (name: string) => join(directory, name);
  const publicKey = (name: string) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
    return readFileSync(file(`${name}.pub`), 'utf8').trim();
  };
  const hostKey = publicKey('host');
  const [port, closedPort] = [await freePort(), await freePort()];
  const forced = (command: string) => `command="${command.replaceAll('"', '\\"')}" `;
  const keys = [
    publicKey('ordinary'),
    forced('echo Welcome; eval "$SSH_ORIGINAL_COMMAND"') + publicKey('greeted'),
    forced('case "$SSH_ORIGINAL_COMMAND" in *head*) exit 127 ;; esac; eval "$SSH_ORIGINAL_COMMAND"') +
      publicKey('bare'),
  ];
  publicKey('stranger');
  writeFileSync(file('authorized_keys'), `${keys.join('\n')}\n`);
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
  writeFileSync(file('empty'), '');
  const serverLines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 100',
  ];
  writeFileSync(file('sshd_config'), serverLines.join('\n'));
  const args = (key: string, knownHosts = 'known_hosts') => {
    const name = `config-${key}-${knownHosts}`;
    const lines = [
      `IdentityFile ${file(key)}`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
      `UserKnownHostsFile ${file(knownHosts)}`,
      'GlobalKnownHostsFile /dev/null',
    ];
    writeFileSync(file(name), lines.join('\n'));
    return ['-F', file(name)];
  };
  // Where sshd is run by root it wants this directory, which its service would have made.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const server = spawn(SSHD, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (text: Buffer) => {
      said += text;
      if (said.includes('listening on')) resolve();
    });
    server.once('exit', () => reject(new Error(`sshd did not start: ${said}`)));
  });
  const user = userInfo().username;
  return {
    host: { name: 'node001', connection: 'ssh', address: '127.0.0.1', port, user, vars: {} },
    args: {
      ordinary: args('ordinary'),
      greeted: args('greeted'),
      bare: args('bare'),
      stranger: args('stranger'),
      unknownHost: args('ordinary', 'empty'),
    },
    key: file('ordinary'),
    closedPort,
    stop() {
      server.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
