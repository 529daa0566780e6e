import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { execPath, getuid, kill, pid, platform } from 'node:process';
import { execa } from 'execa';
import { LabProblem } from './problem.ts';

/** How a command ended. A command that could not be started, or was ended by a signal, has a code above 127. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Ends with the machine's signal: for what takes long and leaves nothing behind. */
  readonly cancellable?: boolean;
  /** Set for whatever is started on behalf of a lab, so that `lab down` finds it after a crash. */
  readonly lab?: string;
}

/** What the practice cluster needs of the machine it runs on. */
export interface Machine {
  /** Usually /var/lib/quorate. */
  readonly stateDir: string;
  /** Usually /var/cache/quorate. */
  readonly cacheDir: string;
  /** The directory that has dist/; the head node sees it as /opt/quorate. */
  readonly packageRoot: string;
  /** The Node.js that runs on the head node. */
  readonly nodeBinary: string;
  readonly signal: AbortSignal;
  run(argv: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Starts a process that outlives this one, in a session of its own; answers its pid. */
  detach(argv: readonly string[], options: { lab: string; outputFile: string }): number;
  /** This process's own. */
  readonly pid: number;
  /** Ends a process at once; one that has ended since is no error. */
  kill(pid: number): void;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  say(line: string): void;
}

/** The variable by which processes that work for a lab are known, see sweep.ts. */
export const markVariable = 'QUORATE_LAB_WORK';

/** Runs a command that must succeed; answers what it printed on stdout. */
export async function must(machine: Machine, argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const finished = await machine.run(argv, options);
  if (finished.exitCode === 0) return finished.stdout;
  machine.signal.throwIfAborted();
  const said = (finished.stderr || finished.stdout).trim().split('\n').slice(-8).join('\n');
  throw new LabProblem('failed', `${argv.join(' ')} ended with ${finished.exitCode}${said === '' ? '' : `: ${said}`}`);
}

/** What this process is, for labRequirements; and the Node.js that runs it. */
export const thisProcess = { platform, uid: getuid?.() ?? -1, nodeBinary: execPath } as const;

/** The machine this process runs on. `environment` is what its commands get. */
export function thisMachine(options: {
  packageRoot: string;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  say: (line: string) => void;
  stateDir?: string;
  cacheDir?: string;
}): Machine {
  const proxies = Object.fromEntries(
    ['http_proxy', 'https_proxy', 'no_proxy'].flatMap(name => {
      const value = options.environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const environmentFor = (lab: string | undefined): Record<string, string> => ({
    PATH: options.environment.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: options.environment.HOME ?? '/root',
    LC_ALL: 'C',
    ...proxies,
    ...(lab === undefined ? {} : { [markVariable]: lab }),
  });
  return {
    stateDir: options.stateDir ?? '/var/lib/quorate',
    cacheDir: options.cacheDir ?? '/var/cache/quorate',
    packageRoot: options.packageRoot,
    nodeBinary: thisProcess.nodeBinary,
    signal: options.signal,
    say: options.say,
    pid,
    kill(target) {
      try {
        kill(target, 'SIGKILL');
      } catch {
        // It has ended since.
      }
    },
    nowMs: () => Date.now(),
    async run([file = '', ...args], { input, timeoutMs, lab, cancellable = false } = {}) {
      const result = await execa(file, args, {
        reject: false,
        env: environmentFor(lab),
        extendEnv: false,
        ...(input === undefined ? { stdin: 'ignore' } : { input }),
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
        ...(cancellable ? { cancelSignal: options.signal } : {}),
      });
      const started = result.exitCode !== undefined || result.signal !== undefined;
      return {
        exitCode: result.exitCode ?? 128,
        stdout: result.stdout,
        stderr: started ? result.stderr : (result.shortMessage ?? `${file} could not be started`),
      };
    },
    detach([file = '', ...args], { lab, outputFile }) {
      const output = openSync(outputFile, 'a');
      try {
        const child = spawn(file, args, {
          detached: true,
          stdio: ['ignore', output, output],
          env: environmentFor(lab),
        });
        child.unref();
        if (child.pid === undefined) throw new LabProblem('failed', `${file} could not be started`);
        return child.pid;
      } finally {
        closeSync(output);
      }
    },
    sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  };
}
