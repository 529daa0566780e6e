import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Failure, Unreachable } from '../core/failure.ts';
import type { InventoryHost } from '../core/inventory.ts';
import type { Connection } from '../core/transport.ts';
import { connectionFolder, type Opener, socketIn } from './abandoned.ts';
import { becomeFailure, shellAs } from './become.ts';
import { Channel, NoDriver } from './channel.ts';
import { startChild } from './child.ts';
import { Jobs } from './jobs.ts';
import { defaults, type OpenOptions } from './local.ts';
import { openPlain } from './plain.ts';
import { troubleOf } from './ssh-trouble.ts';

export interface SshOptions extends OpenOptions {
  /** Options before all others, such as `['-F', '/path/to/config']`. */
  readonly sshArgs?: readonly string[];
  /** This process, so that others can clear up after it where it is killed. */
  readonly opener?: Opener;
}

/** The user's configuration, keys, agent and known_hosts stay in force; these only keep ssh quiet, bounded and on one connection. */
const FIXED = [
  'BatchMode=yes',
  'ConnectTimeout=10',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=3',
  'LogLevel=ERROR',
  'RequestTTY=no',
  'RemoteCommand=none',
  'ClearAllForwardings=yes',
  'ForwardX11=no',
  'PermitLocalCommand=no',
];
/** A master that nobody uses ends by itself, so that one left behind by a killed run does not stay. */
const IDLE_S = 60;
const SSH_FAILED = 255;

/**
 * A host through the machine's OpenSSH: one master connection, and over it shells that stay. Where no shell can be driven
 * there, each command is an `ssh host command` of its own, without a record. Throws `Unreachable`.
 */
export async function openSsh(host: InventoryHost, run: string, options: SshOptions): Promise<Connection> {
  const { clock, environment, graceMs = defaults.graceMs, reconnectMs = defaults.reconnectMs } = options;
  const master = await Master.start(host, options);
  const open = async () => {
    await master.ensure();
    try {
      const start = (command: string) => startChild('ssh', master.args(shellAs(host.become, command)), environment);
      return await Channel.open(start, { run, host: host.name }, graceMs, clock, options.signal);
    } catch (error) {
      if (!(error instanceof NoDriver)) throw error;
      const refused = becomeFailure(host, error);
      if (refused) throw refused;
      if (error.code === SSH_FAILED || error.code === undefined)
        throw master.unreachable(`${error.message}\n${error.stderr}`);
      throw new NotDrivable(host.name, error.message);
    }
  };
  try {
    return await new Jobs({ host: host.name, clock, reconnectMs, open, closed: () => master.stop() }).connect(options);
  } catch (error) {
    if (error instanceof NotDrivable)
      return openPlain(
        host,
        command => master.args(command),
        () => master.stop(),
        options,
      );
    await master.stop();
    throw error;
  }
}

/** There is a login, and no POSIX shell with coreutils behind it. */
class NotDrivable extends Unreachable {}

/** The one connection to a host that its channels share. */
class Master {
  readonly #host: InventoryHost;
  readonly #options: SshOptions;
  readonly #directory: string;
  #starting: Promise<void> | undefined;

  private constructor(host: InventoryHost, options: SshOptions, directory: string) {
    this.#host = host;
    this.#options = options;
    this.#directory = directory;
  }

  static async start(host: InventoryHost, options: SshOptions): Promise<Master> {
    if (host.address.startsWith('-') || host.user?.startsWith('-')) {
      throw new Failure('invalid-inventory', `${host.name}: an address or a user cannot begin with -`);
    }
    return new Master(host, options, await connectionFolder(options.opener));
  }

  /** The arguments of an ssh that uses the connection. */
  args(command: string): string[] {
    return ['-o', 'ControlMaster=no', ...this.#common(), this.#host.address, command];
  }

  /** Starts the connection where there is none, or none any more. */
  async ensure(): Promise<void> {
    this.#starting ??= this.#ensure().finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
  }

  unreachable(stderr: string): Unreachable {
    const { name, address, user, port, identityFile } = this.#host;
    const target = `${user === undefined ? '' : `${user}@`}${address}`;
    const key = identityFile === undefined ? '' : ` -i ${identityFile}`;
    const command = `ssh${port === undefined ? '' : ` -p ${port}`}${key} ${target} true`;
    const { why, hint } = troubleOf(stderr, { name, address, command });
    return new Unreachable(name, why, hint);
  }

  /** Never throws. */
  async stop(): Promise<void> {
    await this.#ssh(['-O', 'exit', ...this.#common(), this.#host.address]).catch(() => {});
    await rm(this.#directory, { recursive: true, force: true }).catch(() => {});
  }

  async #ensure(): Promise<void> {
    const check = await this.#ssh(['-O', 'check', ...this.#common(), this.#host.address]);
    if (this.#options.signal?.aborted) throw this.unreachable('it is not waited for any longer');
    if (check.exitCode === 0) return;
    const log = join(this.#directory, 'log');
    await rm(socketIn(this.#directory), { force: true });
    await rm(log, { force: true });
    // It goes into the background when it is connected, and would keep pipes open there: its words go to a file.
    const started = await this.#ssh(
      [
        '-fN',
        '-E',
        log,
        '-o',
        'ControlMaster=yes',
        '-o',
        `ControlPersist=${IDLE_S}`,
        ...this.#common(),
        this.#host.address,
      ],
      this.#options.signal,
    );
    if (started.exitCode === 0) return;
    throw this.unreachable((await readFile(log, 'utf8').catch(() => '')) || (started.shortMessage ?? ''));
  }

  #ssh(args: readonly string[], cancelSignal?: AbortSignal) {
    return execa('ssh', args, {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      detached: true,
      cleanup: false,
      reject: false,
      extendEnv: false,
      env: { ...this.#options.environment },
      ...(cancelSignal === undefined ? {} : { cancelSignal }),
    });
  }

  #common(): string[] {
    const { user, port, identityFile } = this.#host;
    return [
      ...(this.#options.sshArgs ?? []),
      '-o',
      `ControlPath=${socketIn(this.#directory)}`,
      ...FIXED.flatMap(o => ['-o', o]),
      ...(user === undefined ? [] : ['-l', user]),
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...(identityFile === undefined ? [] : ['-i', identityFile]),
    ];
  }
}
