import { createPatch } from 'diff';
import type { About } from '../journal/format.ts';
import { inventoryOf, lastingPath, maskOf, type Planned } from './about.ts';
import type { Io } from './io.ts';
import { askYes } from './yes.ts';

/** A file, or the hosts, that are others than when the run began. */
export interface Difference {
  readonly what: string;
  /** As `diff -u` shows it. */
  readonly patch: string;
}

/** What of the playbook, its files and the hosts is another than when the run began. */
export function differences(io: Io, about: About, { plan, inventory, files }: Planned): readonly Difference[] {
  const mask = maskOf(plan);
  const now = new Map(
    [...files].map(([path, text]) => [lastingPath({ ...io, cwd: about.cwd }, path), mask.apply(text)]),
  );
  const paths = new Set([...Object.keys(about.files), ...now.keys()]);
  const texts = [...paths].map(path => ({ what: path, before: about.files[path] ?? '', after: now.get(path) ?? '' }));
  const own = about.options.inventory !== undefined;
  const hosts = {
    what: `hosts (${about.inventory.origin})`,
    before: hostLines(about.inventory, own),
    after: hostLines(mask.apply(inventoryOf(inventory)), own),
  };
  return [...texts, hosts]
    .filter(({ before, after }) => before !== after)
    .map(({ what, before, after }) => ({ what, patch: patchOf(what, before, after) }));
}

/** A line a host. How it is reached does not count: this may be another head node. Groups count where a file says them. */
function hostLines({ hosts, groups }: About['inventory'], withGroups: boolean): string {
  const lines = hosts.map(({ connection: _connection, ...host }) => JSON.stringify(host));
  const named = withGroups ? Object.entries(groups).map(([name, members]) => `[${name}] ${members.join(' ')}`) : [];
  return [...lines, ...named, ''].join('\n');
}

/** A text that is long gone, or all new, is told by its name alone. */
function patchOf(what: string, before: string, after: string): string {
  if (before === '') return `+++ ${what}: it was not there\n`;
  if (after === '') return `--- ${what}: it is no longer there\n`;
  const [, , ...lines] = createPatch(what, before, after, 'when the run began', 'now', { context: 2 }).split('\n');
  return lines.join('\n');
}

/**
 * Where something is another now: says what, and asks whether to go on by what is there now; `accepted` says so beforehand.
 * False where there is no yes.
 */
export async function acceptsChanges(
  io: Io,
  about: About,
  planned: Planned,
  accepted: boolean,
  stop: AbortSignal,
): Promise<boolean> {
  const found = differences(io, about, planned);
  if (found.length === 0) return true;
  const names = found.map(({ what }) => what).join(', ');
  io.err.write(`quorate: changed since the run began: ${names} [plan-changed]\n`);
  for (const { patch } of found) io.err.write(`${patch.trimEnd()}\n`);
  if (accepted) return true;
  const answer = await askYes(io, 'Go on by what is there now? Type yes: ', stop);
  if (answer === undefined) io.err.write('  → --accept-changes goes on by what is there now\n');
  return answer === true;
}
