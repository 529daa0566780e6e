import { basename, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { type Config, configured, matchesAny } from '../lint/config.ts';
import { withoutIgnored } from '../lint/ignores.ts';
import { inOrder, type Judged, type LintReport } from '../lint/judged.ts';
import { lint } from '../lint/lint.ts';
import { isOurs } from '../lint/ours.ts';
import { Findings } from '../playbook/findings.ts';
import { loadInventory } from './hosts.ts';
import type { Io } from './io.ts';
import { NAMES, pathFrom } from './lint-config.ts';
import { filesToLint } from './lint-files.ts';
import { missingFolders } from './own-modules.ts';
import { inventoryOptions, readOptions } from './playbook.ts';

export interface Settings {
  readonly config: Config;
  /** Of the configuration, absolute. */
  readonly folder: string;
  readonly modules: readonly string[];
  readonly inventory?: string;
  readonly baseline?: string;
  /** What counts as the text of files instead of what lies there, by absolute path. */
  readonly texts: Map<string, string>;
  /** What stdin's text is called, where it was asked for. */
  readonly input?: string;
}

export interface Checked extends Omit<LintReport, 'version'> {
  /** The absolute paths of all files that were read. */
  readonly read: ReadonlySet<string>;
}

/** Lints all that the paths name, and judges what is found: by comments, by the configuration, by the baseline. */
export async function check(io: Io, paths: readonly string[], settings: Settings): Promise<Checked> {
  const { config, folder, modules, texts } = settings;
  const fromConfig = (name: string): string => pathFrom(io, folder, name);
  const given = paths.filter(path => path !== '-');
  const there = await filesToLint(io, given, path => isConfig(path) || matchesAny(fromConfig(path), config.exclude));
  const files = [...new Set([...(settings.input === undefined ? [] : [settings.input]), ...there.files])];
  const found = new Findings();
  found.report(...(await missingFolders(io, modules, '--modules or quorate.yml')), ...there.missing);
  const inventory = settings.inventory === undefined ? undefined : await loadInventory(io, settings.inventory);
  found.report(...(inventory?.diagnostics ?? []));
  const sources = new Map<string, Source>();
  const reading = readOptions(io, modules);
  const passedOver = new Set<string>();
  const linted = await lint(files, {
    ...reading,
    ...inventoryOptions(inventory),
    readFile: async path => {
      const read = texts.get(resolve(io.cwd, path)) ?? (await reading.readFile(path));
      if (read !== undefined) sources.set(path, { name: path, text: read });
      return read;
    },
    passOver: (path, node) => {
      if (!there.unnamed.has(path) || isOurs(path, node)) return false;
      passedOver.add(path);
      return true;
    },
  });
  found.report(...linted);
  const checked = files.filter(file => !passedOver.has(file));
  if (checked.length === 0 && there.missing.length === 0) found.report(nothingIn(paths, passedOver.size));
  const read = new Set([...sources.keys()].map(name => resolve(io.cwd, name)));
  const judged = judge(io, settings, found.diagnostics, sources);
  if (settings.baseline === undefined)
    return { files: checked, passedOver: [...passedOver], judged: inOrder(judged), read };
  const { knownIn } = await import('./lint-baseline.ts');
  const all = await knownIn(io, settings.baseline, judged, read);
  return { files: checked, passedOver: [...passedOver], judged: inOrder(all), read };
}

const isConfig = (path: string): boolean => NAMES.includes(basename(path));

function nothingIn(paths: readonly string[], passedOver: number): Diagnostic {
  const message = `there is no playbook in ${paths.join(', ')}`;
  const hint = `${passedOver === 1 ? 'a YAML file there is' : `${passedOver} YAML files there are`} none of ours; name a file to have it checked all the same`;
  return { code: 'file-not-found', severity: 'error', message, ...(passedOver === 0 ? {} : { hint }) };
}

/** What comments take away, and what the configuration makes of the rest. */
function judge(
  io: Io,
  { config, folder }: Settings,
  found: readonly Diagnostic[],
  read: ReadonlyMap<string, Source>,
): readonly Judged[] {
  const sources = new Map([...read].filter(([name]) => !name.endsWith('.j2')));
  for (const { span } of found) if (span && !read.has(span.source.name)) sources.set(span.source.name, span.source);
  return withoutIgnored(found, sources.values()).flatMap(one => {
    const { span } = one.finding;
    const finding = configured(config, one.finding, span ? pathFrom(io, folder, span.source.name) : '');
    return finding ? [{ ...one, finding }] : [];
  });
}
