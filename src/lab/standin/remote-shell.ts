// Scripts on other hosts, through the machine's own ssh: one connection a node, shared by everything that runs there.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { News } from './managed-node.ts';

const RUN_DIR = '/run/cmd';
/** Nothing heard for so long: the node is taken for down. */
const SILENCE_MS = 4_000;
const RECONNECT_MS = 300;

const OPTIONS = [
  'BatchMode=yes',
  'ConnectTimeout=2',
  'ServerAliveInterval=1',
  'ServerAliveCountMax=2',
  'LogLevel=ERROR',
];

export interface ScriptResult {
  /** The exit status; undefined where the host could not be reached or didn't answer in time. */
  readonly status: number | undefined;
  readonly output: string;
}

/** Runs a script by sh on `host`, or here where `host` is undefined. */
export async function runScript(host: string | undefined, script: string, timeoutMs: number): Promise<ScriptResult> {
  const [program, ...args] = host === undefined ? ['sh', '-s'] : ['ssh', ...sshOptions(host, 'no'), host, 'sh', '-s'];
  const child = spawn(program ?? 'sh', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(script);
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  child.on('error', () => resolve(undefined));
  child.on('close', code => resolve(code === null || (host !== undefined && code === 255) ? undefined : code));
  const status = await promise;
  clearTimeout(timer);
  return { status, output };
}

/** Says twice a second whether etcd runs; ends by itself when nobody listens any more. */
const MONITOR = `
while :; do
  case $(systemctl show --property=ActiveState --value etcd) in
    inactive | failed) echo stopped ;;
    *) echo running ;;
  esac
  sleep 0.5
done
`;

/** Keeps listening to `host`, whatever happens to it, until `signal` aborts. */
export function monitor(host: string, heard: (news: News) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  rmSync(socketOf(host), { force: true });
  const child = spawn('ssh', [...sshOptions(host, 'yes'), host, 'sh', '-s'], { stdio: ['pipe', 'pipe', 'ignore'] });
  let up = false;
  let silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
  const stop = (): boolean => child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  createInterface({ input: child.stdout }).on('line', line => {
    clearTimeout(silence);
    silence = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    if (!up) heard('up');
    up = true;
    heard(line === 'running' ? 'running' : 'stopped');
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(MONITOR);
  child.on('error', () => undefined);
  child.on('close', () => {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    if (up) heard('down');
    setTimeout(() => monitor(host, heard, signal), RECONNECT_MS);
  });
}

function sshOptions(host: string, master: 'yes' | 'no'): string[] {
  const options = [...OPTIONS, `ControlMaster=${master}`, `ControlPath=${socketOf(host)}`];
  return options.flatMap(option => ['-o', option]);
}

function socketOf(host: string): string {
  return `${RUN_DIR}/ssh-${host}`;
}
