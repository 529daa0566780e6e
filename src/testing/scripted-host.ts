import { AnswerLost, Cancelled, Failure } from '../core/failure.ts';
import type { Clock, Host, LocalFiles, Out, RunOptions, Sightings } from '../core/host.ts';
import { INPUT_FILE } from '../core/host.ts';
import { MODULE_ENVIRONMENT } from '../core/read-command.ts';
import type { Answer, ModuleCase } from './module-case.ts';

/** What happened on the hosts of a case. */
export interface Recording {
  readonly runs: string[];
  readonly writes: Record<string, string>;
  readonly progress: string[];
  sleptMs: number;
}

/** The first host of a case, answering as the case says and recording what it is told to do. */
export function scriptedHost(scene: ModuleCase): { host: Host; recording: Recording } {
  const recording: Recording = { runs: [], writes: {}, progress: [], sleptMs: 0 };
  const hosts = scene.hosts ?? { headnode: {} };
  const asked = new Map<string, number>();
  const memos = new Map<string, Promise<unknown>>();
  const sightings: Sightings = { members: new Map(), silent: new Set() };
  const signal = new AbortController().signal;
  const startMs = scene.nowMs ?? Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => startMs + recording.sleptMs,
    sleep: async (ms, stop) => {
      // What is due happens first.
      await moment();
      if (stop.aborted) throw new Cancelled('stopped');
      recording.sleptMs += ms;
    },
  };

  const answer = (host: string, text: string): Out => {
    const scripted = hosts[host]?.answers?.[text] ?? notOfEtcd(text);
    if (scripted === undefined) throw new Error(`no answer is written for ${host}: ${text}`);
    // However long an answer is waited for, the question is the same.
    const key = `${host}\0${text.replace(/^timeout [\d.]+ /, '')}`;
    const times = asked.get(key) ?? 0;
    asked.set(key, times + 1);
    const first: Answer = typeof scripted === 'string' ? { stdout: scripted } : scripted;
    if (first.lost) throw new AnswerLost(host, `\`${text}\``, 'it does not answer');
    const next = first.later?.[Math.min(times, first.later.length) - 1];
    const { code = 0, stdout = '', stderr = '', durationMs = 1 } = times === 0 ? first : (next ?? first);
    return { code, stdout, stderr, durationMs };
  };

  const make = (name: string): Host => ({
    name,
    signal,
    clock,
    check: scene.check ?? scene.assumed !== undefined,
    ...(scene.diff ? { diff: true } : {}),
    assumed: scene.assumed ?? [],
    read: async command => answer(name, commandText(command.argv, command)),
    run: async (argv, options = {}) => {
      const text = commandText(argv, options);
      recording.runs.push(`${name}: ${text}`);
      // Long enough that others look once meanwhile.
      await moment();
      return answer(name, text);
    },
    readFile: async path => {
      const text = recording.writes[`${name}: ${path}`] ?? hosts[name]?.files?.[path];
      return typeof text === 'string' ? new TextEncoder().encode(text) : text;
    },
    writeFile: async (path, bytes) => {
      recording.writes[`${name}: ${path}`] = new TextDecoder().decode(bytes);
    },
    peer: other => {
      if (!(other in hosts)) throw new Failure('no-hosts', `${other} is not in the inventory`);
      return make(other);
    },
    hostAt: nameOrAddress => (nameOrAddress in hosts ? nameOrAddress : nodeAt(nameOrAddress, hosts)),
    sightings,
    files: filesOf(scene),
    group: group => scene.groups?.[group] ?? [],
    progress: ({ text }) => {
      recording.progress.push(text);
    },
    memo: <T>(key: string, compute: () => Promise<T>): Promise<T> => {
      const kept = memos.get(`${name}\0${key}`) ?? compute();
      memos.set(`${name}\0${key}`, kept);
      // A key always stands for values of one type.
      return kept as Promise<T>;
    },
  });
  return { host: make(Object.keys(hosts)[0] ?? 'headnode'), recording };
}

function filesOf({ localFiles = {} }: ModuleCase): LocalFiles {
  const encoder = new TextEncoder();
  return new Map(
    Object.entries(localFiles).map(([at, text]) => [at, { path: `site/files/${at}`, bytes: encoder.encode(text) }]),
  );
}

const moment = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** What loading an environment module gives where nothing else is written: a host that knows nothing of etcd. */
function notOfEtcd(text: string): Answer | undefined {
  return text.startsWith(`bash -lc ${MODULE_ENVIRONMENT} `) ? { code: 1, stderr: 'no such module' } : undefined;
}

/** Nodes have the article's addresses: node001 is 10.141.0.1. */
function nodeAt(address: string, hosts: object): string | undefined {
  return Object.keys(hosts).find(name => address === `10.141.0.${Number(name.slice(-3))}`);
}

/** As cases write a command: words joined by blanks, `@input` for its input file, then ` <<< ` and its input. */
export function commandText(argv: readonly string[], options: RunOptions): string {
  const words = argv.map(word => (word === INPUT_FILE ? '@input' : word)).join(' ');
  const place = options.cwd === undefined ? '' : ` (in ${options.cwd})`;
  return options.input === undefined ? words + place : `${words + place} <<< ${options.input}`;
}
