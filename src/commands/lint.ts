import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { BASELINE, noConfig } from '../lint/config.ts';
import { inWords } from '../lint/formats/words.ts';
import { countsOf, type LintReport } from '../lint/judged.ts';
import { exit, type Io } from './io.ts';
import { type Checked, check, type Settings } from './lint-check.ts';
import { loadConfig } from './lint-config.ts';
import { packageVersion } from './package.ts';
import { report } from './report.ts';

export interface LintCommandOptions {
  readonly format: 'human' | 'json' | 'sarif' | 'junit' | 'github';
  readonly inventory?: string;
  readonly modules?: readonly string[];
  readonly config?: string;
  readonly output?: string;
  readonly maxWarnings?: number;
  readonly baseline?: string;
  readonly writeBaseline?: true;
  readonly fix?: true;
  readonly diff?: true;
  readonly stdinFilename: string;
}

/** `quorate lint`: every finding in all files at once; touches no host. */
export async function lintCommand(io: Io, paths: readonly string[], options: LintCommandOptions): Promise<number> {
  if (options.fix && paths.includes('-')) return misused(io, '--fix changes files, and - is none', 'name the file');
  const { value, diagnostics } = await loadConfig(io, options.config);
  if (diagnostics.length > 0) return show(io, options, onlyThese(diagnostics));
  const { config, folder } = value ?? { config: noConfig, folder: io.cwd };
  const inventory = options.inventory ?? config.inventory;
  const baseline = options.baseline ?? config.baseline;
  const maxWarnings = options.maxWarnings ?? config.maxWarnings;
  const settings: Settings = {
    config,
    folder,
    modules: [...config.modules, ...(options.modules ?? [])],
    ...(await inputOf(io, paths, options.stdinFilename)),
    ...(inventory === undefined ? {} : { inventory }),
    ...(baseline === undefined || options.writeBaseline ? {} : { baseline }),
  };
  if (options.writeBaseline) return writeBaseline(io, options, baseline ?? BASELINE, await check(io, paths, settings));
  if (!options.fix) return show(io, options, await check(io, paths, settings), maxWarnings);
  const { fixAll } = await import('./lint-fix.ts');
  const { checked, said, why } = await fixAll(io, paths, settings, options.diff === true);
  if (why !== undefined) return misused(io, why, 'see who may write it, and where it lies');
  (options.format === 'human' || options.output !== undefined ? io.out : io.err).write(said);
  return show(io, options, checked, maxWarnings);
}

/** The text of stdin, where `-` is among the paths. */
async function inputOf(io: Io, paths: readonly string[], name: string): Promise<Pick<Settings, 'input' | 'texts'>> {
  if (!paths.includes('-')) return { texts: new Map() };
  const { text } = await import('node:stream/consumers');
  return { input: name, texts: new Map([[resolve(io.cwd, name), await text(io.input)]]) };
}

function misused(io: Io, message: string, hint: string): number {
  io.err.write(`quorate: ${message}\n  → ${hint}\n`);
  return exit.usage;
}

const onlyThese = (diagnostics: readonly Diagnostic[]): Checked => ({
  files: [],
  passedOver: [],
  judged: diagnostics.map(finding => ({ finding })),
  read: new Set(),
});

/** Prints what was found, and says how it ends: 3 with an error, or with more warnings than there may be. */
async function show(io: Io, options: LintCommandOptions, checked: Checked, maxWarnings?: number): Promise<number> {
  const { format, output } = options;
  const { judged } = checked;
  const counts = countsOf(judged);
  if (format !== 'human') {
    const formatted = (await formatter(format))({ ...checked, version: await packageVersion(io) });
    if (output === undefined) io.out.write(formatted);
    else {
      const why = await writeFile(resolve(io.cwd, output), formatted).then(() => undefined, whyNot);
      if (why !== undefined)
        return misused(io, `${output} cannot be written: ${why}`, 'name another file with --output');
    }
  }
  if (format === 'human' || output !== undefined) {
    const open = judged.flatMap(({ finding, suppressed }) => (suppressed ? [] : [finding]));
    await report(io, open);
    io.out.write(`${inWords(checked.files.length, checked.passedOver.length, counts)}\n`);
  }
  const tooMany = maxWarnings !== undefined && counts.warnings > maxWarnings;
  if (tooMany) io.err.write(`quorate: there may be ${maxWarnings} warnings, and there are ${counts.warnings}\n`);
  return counts.errors > 0 || tooMany ? exit.invalid : exit.done;
}

const whyNot = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function formatter(format: 'json' | 'sarif' | 'junit' | 'github'): Promise<(report: LintReport) => string> {
  switch (format) {
    case 'json':
      return (await import('../lint/formats/json.ts')).asJson;
    case 'sarif':
      return (await import('../lint/formats/sarif.ts')).asSarif;
    case 'junit':
      return (await import('../lint/formats/junit.ts')).asJunit;
    case 'github':
      return (await import('../lint/formats/github.ts')).asGithub;
  }
}

async function writeBaseline(io: Io, options: LintCommandOptions, path: string, checked: Checked): Promise<number> {
  const { saveBaseline } = await import('./lint-baseline.ts');
  const { why, count, left } = await saveBaseline(io, path, checked);
  if (why !== undefined) return misused(io, `${path} cannot be written: ${why}`, 'name another file with --baseline');
  io.err.write(`${count} ${count === 1 ? 'finding is' : 'findings are'} known from now on: ${path}\n`);
  return show(io, options, { ...checked, judged: left });
}
