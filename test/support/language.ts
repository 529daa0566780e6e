import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Io } from '../../src/commands/io.ts';
import { planFrom } from '../../src/commands/run.ts';
import { runDeps } from '../../src/commands/run-deps.ts';
import { executionKey, type RunEvent, type StampedEvent } from '../../src/core/event.ts';
import type { Inventory, InventoryHost } from '../../src/core/inventory.ts';
import type { Recall } from '../../src/core/recall.ts';
import { validators } from '../../src/generated/validators.js';
import { recallOf } from '../../src/journal/recall.ts';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { openExit } from '../../src/runner/exit.ts';
import { run } from '../../src/runner/run.ts';
import { openConnection } from '../../src/transports/open.ts';
import { realClock } from './real-clock.ts';

/** Three hosts, where a case brings no inventory.yml of its own. */
const HOSTS = 'nodes:\n  hosts:\n    node[001:003]: { connection: local }\n';

/** How the hosts of a case whose names begin with `node` are reached: as its inventory says, or by this. */
interface Way {
  readonly host?: InventoryHost;
  readonly sshArgs?: readonly string[];
}

/**
 * Runs a case of the language: `playbook.yml` in its folder, with the words of `options.txt` (`--check`, `--tags …`, `-e …`, `--forks …`),
 * on real shells. Gives what happened, a line each. Hosts know `scratch`, a directory of this run alone.
 */
export async function played(folder: string, way: Way = {}): Promise<string> {
  return await inScratch(async scratch => {
    const { found, events } = await play(folder, scratch, way);
    const lines = [...found, ...events.flatMap(lineOf)];
    return `${lines.join('\n')}\n`.replaceAll(scratch, 'SCRATCH').replaceAll(basename(scratch), 'RUN');
  });
}

/**
 * Runs a case, and for each execution that ended resumes it as if it had been killed right after it. Gives how each execution ended
 * in the whole run, and in each resume; what is recalled has ended as it had before.
 */
export async function resumedAnywhere(folder: string): Promise<{ whole: Ends; resumed: readonly Ends[] }> {
  return await inScratch(async scratch => {
    const { events } = await play(folder, scratch, {});
    const resumed: Ends[] = [];
    for (const [i, { type }] of events.entries()) {
      if (type !== 'ended') continue;
      const before = events.slice(0, i + 1);
      const again = await play(folder, scratch, {}, recallOf(before));
      resumed.push(endsOf([...before, ...again.events]));
    }
    return { whole: endsOf(events), resumed };
  });
}

/** By execution, how it ended and what it showed. */
type Ends = Readonly<Record<string, string>>;

function endsOf(events: readonly StampedEvent[]): Ends {
  const ends = events.flatMap((event): [string, string][] =>
    event.type === 'ended' ? [[executionKey(event.where), `${event.status} ${event.text ?? ''}`]] : [],
  );
  return Object.fromEntries(ends);
}

async function inScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'quorate-language-'));
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What was found before the run, and what happened in it. */
async function play(folder: string, scratch: string, way: Way, recall?: Recall) {
  const words = (await readFile(join(folder, 'options.txt'), 'utf8').catch(() => '')).split(/\s+/).filter(Boolean);
  const said: string[] = [];
  const io = ioAt(folder, said);
  const inventory = await inventoryOf(folder, scratch, way);
  const values = Object.fromEntries(after(words, '-e').map(one => one.split('=')));
  const options = { tags: after(words, '--tags'), skipTags: after(words, '--skip-tags') };
  const inputs = { value: { source: { name: '-e', text: '' }, values }, diagnostics: [] };
  const planned = await planFrom(io, 'playbook.yml', options, { value: inventory, diagnostics: [] }, inputs);
  const found = said.join('').split('\n').filter(Boolean);
  const events: StampedEvent[] = [];
  if (!planned) return { found, events };
  const exits = openExit(realClock, undefined, [{ event: event => events.push(event) }]);
  const deps = runDeps(io, {
    ...planned,
    id: `language-${process.pid}-${scratch.slice(-6)}`,
    exits,
    interrupts: io.catchInterrupts(),
    consent: {},
    options: { check: words.includes('--check'), forks: Number(after(words, '--forks')[0] ?? 1) },
    again: 'quorate run playbook.yml',
    ...(recall ? { recall } : {}),
  });
  const connect = (host: InventoryHost, signal: AbortSignal) =>
    openConnection(host, deps.run, {
      clock: realClock,
      environment: io.env,
      signal,
      ...(way.sshArgs ? { sshArgs: way.sshArgs } : {}),
    });
  await run(planned.plan, { ...deps, connect });
  await exits.close();
  return { found, events };
}

function after(words: readonly string[], option: string): readonly string[] {
  return words.flatMap((word, i) => (word === option ? [words[i + 1] ?? ''] : []));
}

/** What a reader of the suite wants to see of an event. */
function lineOf(event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'play-started':
      return [`play ${event.name}: ${event.hosts.join(' ')}`];
    case 'include-entered':
      return [`  enters ${[event.name, ...event.within].join(', ')}`];
    case 'ended': {
      const { where, status, changes, text, error, notified = [] } = event;
      const at = where.on === where.host ? where.host : `${where.host} on ${where.on}`;
      const round = [...where.within, ...(where.item === undefined ? [] : [where.item])];
      const name = [where.name, ...round].join(', ');
      const wakes = notified.length > 0 ? `, wakes ${notified.join(', ')}` : '';
      const told = changes.map(
        ({ what, before, after }) => `${what}${(before ?? after) ? ` ${before ?? ''} → ${after ?? ''}` : ''}`,
      );
      const words = [...told, text, error && `${error.code}: ${error.message}`].flatMap(one => one ?? []);
      return [`  ${name} | ${at}: ${status}${wakes}${words.length > 0 ? ` | ${words.join(' | ')}` : ''}`];
    }
    case 'warning':
      return [`warning: ${event.message}`];
    case 'run-ended':
      return [`ends ${event.outcome}${event.error ? ` | ${event.error.code}` : ''}`];
    default:
      return [];
  }
}

async function inventoryOf(folder: string, scratch: string, { host: by }: Way): Promise<Inventory> {
  const name = 'inventory.yml';
  const text = await readFile(join(folder, name), 'utf8').catch(() => HOSTS);
  const { value, diagnostics } = readInventory({ name, text }, validators.inventory);
  if (!value) throw new Error(`${folder}/${name}: ${diagnostics.map(d => d.message).join('; ')}`);
  const hosts = [...value.hosts.values()].map((host): [string, InventoryHost] => [
    host.name,
    { ...host, ...(by && host.name.startsWith('node') && { ...by, name: host.name }), vars: { ...host.vars, scratch } },
  ]);
  return { ...value, hosts: new Map(hosts) };
}

function ioAt(cwd: string, said: string[]): Io {
  const terminal = { isTTY: false, columns: 80, write: (text: string) => void said.push(text) };
  return {
    out: terminal,
    err: terminal,
    input: process.stdin,
    env: { PATH: process.env.PATH, HOME: cwd },
    cwd,
    packageRoot: process.cwd(),
    clock: realClock,
    user: 'tester',
    random: () => '00',
    catchInterrupts: () => ({ stop: new AbortController().signal, abort: new AbortController().signal }),
  };
}
