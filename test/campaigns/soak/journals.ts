// The journals on the head node: each run has exactly one. They stay there from scenario to scenario, as on a head node that is in use.
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StampedEvent } from '../../../src/core/event.ts';
import { type Header, JOURNAL_FILE } from '../../../src/journal/format.ts';
import { hostPaths } from '../../../src/lab/paths.ts';
import type { TestLab } from '../../support/lab.ts';
import type { QuickLab } from '../quick-lab.ts';

const RUNS = 'root/.local/state/quorate/runs';
/** In the folder of a run; the second names the process that has its lock, or had it. */
const FILES = [JOURNAL_FILE, 'holder'];

/** A folder of a run. */
export interface Journal {
  /** The name of its folder. */
  readonly name: string;
  readonly files: readonly string[];
  /** The lines of its journal; that which was being written when a process was killed may be half. */
  readonly lines: readonly string[];
}

/**
 * What is wrong with the journals that a scenario made: a run without one, a journal of no run or of two, anything else beside it. `runs` is how
 * often the playbook was run; other runs, by which the scenario was prepared, are only looked at.
 */
export function wrongJournals(journals: readonly Journal[], playbook: string, runs: number): readonly string[] {
  const told = journals.map(({ lines, ...journal }) => ({ ...journal, ...readLines(lines) }));
  const wrong = told.flatMap(({ name, files, headers, started }) => [
    ...(headers.length === 1 ? [] : [`${name} has ${headers.length} beginnings`]),
    ...headers.filter(({ run }) => run !== name).map(({ run }) => `${name} has the journal of ${run}`),
    ...(started === 1 ? [] : [`${name} tells of ${started} runs`]),
    ...files.filter(file => !FILES.includes(file)).map(file => `${name} has ${file}`),
  ]);
  const own = told.filter(({ headers }) => headers[0]?.about.playbook === playbook).length;
  return own === runs ? wrong : [...wrong, `${runs} runs of ${playbook} left ${own} journals`];
}

function readLines(lines: readonly string[]) {
  const values = lines.flatMap((line): readonly (Header | StampedEvent)[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  return {
    headers: values.flatMap(value => ('journal' in value ? [value] : [])),
    started: values.filter(value => 'type' in value && value.type === 'run-started').length,
  };
}

/** A lab whose head node keeps its journals where a checkpoint is put back. */
export interface History {
  readonly lab: TestLab;
  /** Those that came since a checkpoint was put back last. */
  recent(): Promise<readonly Journal[]>;
  /** How many there are in all. */
  count(): Promise<number>;
}

/** The journals are kept in `folder`, from one piece of the campaign to the next. */
export function keepingHistory(lab: QuickLab, folder: string): History {
  const runs = join(hostPaths(lab.paths, 'headnode').upper, RUNS);
  const kept = () => readdir(folder).catch((): string[] => []);
  const read = async (from: string, name: string): Promise<Journal> => ({
    name,
    files: await readdir(join(from, name)),
    lines: (await readFile(join(from, name, JOURNAL_FILE), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  });
  const recent = async () => {
    const old = await kept();
    const now = await readdir(runs).catch((): string[] => []);
    return Promise.all(now.filter(name => !old.includes(name)).map(name => read(runs, name)));
  };
  // A run that is not done would be the one that the next scenario's `resume` goes on with, in another cluster.
  const isDone = ({ lines }: Journal) => /"type":"run-ended","outcome":"done"/.test(lines.at(-1) ?? '');
  return {
    recent,
    count: async () => (await readdir(runs).catch((): string[] => [])).length,
    lab: {
      ...lab,
      lab: async (verb, ...words) => {
        const [checkpoint = ''] = words;
        if (verb !== 'restore') return lab.lab(verb, ...words);
        await mkdir(folder, { recursive: true });
        for (const journal of (await recent()).filter(isDone))
          await cp(join(runs, journal.name), join(folder, journal.name), {
            recursive: true,
            filter: path => basename(path) !== 'lock',
          });
        const disk = join(lab.paths.checkpoints, checkpoint, 'headnode', RUNS);
        await mkdir(disk, { recursive: true, mode: 0o700 });
        await cp(folder, disk, { recursive: true });
        return lab.lab(verb, ...words);
      },
    },
  };
}
