import { chmod, chown, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { positionOf } from '../core/source.ts';
import { type Mended, mend } from '../lint/fixes.ts';
import type { Io } from './io.ts';
import { type Checked, check, type Settings } from './lint-check.ts';

/** Mending a word shows what stands behind it; more rounds than this would be a fix that makes its own finding. */
const MOST_ROUNDS = 10;

export interface Fixed {
  readonly checked: Checked;
  /** What was changed, a line each, or as a patch. */
  readonly said: string;
  /** Why a file could not be written; those before it are. */
  readonly why?: string;
}

/**
 * Mends all that has a fix in the files that are checked (not in what they include besides), and checks again until nothing is left to
 * mend. `dry`: nothing is written.
 */
export async function fixAll(io: Io, paths: readonly string[], settings: Settings, dry: boolean): Promise<Fixed> {
  const before = new Map<string, string>();
  const lines: string[] = [];
  let checked = await check(io, paths, settings);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const mended = mendOnce(checked);
    if (mended.length === 0) break;
    for (const { file, text, after, told } of mended) {
      if (!before.has(file)) before.set(file, text);
      settings.texts.set(resolve(io.cwd, file), after);
      lines.push(...told);
    }
    checked = await check(io, paths, settings);
  }
  const patches: string[] = [];
  for (const [file, text] of before) {
    const after = settings.texts.get(resolve(io.cwd, file)) ?? text;
    if (dry) patches.push(patch(file, text, after));
    else {
      const why = await replace(io, resolve(io.cwd, file), after);
      if (why !== undefined) return { checked, said: '', why: `${file} cannot be written: ${why}` };
    }
  }
  return { checked, said: dry ? patches.join('') : lines.map(line => `${line}\n`).join('') };
}

function mendOnce({ judged, files }: Checked) {
  const open = judged.flatMap(({ finding, suppressed }) => (finding.fix && !suppressed ? [finding] : []));
  return [...Map.groupBy(open, ({ fix }) => fix?.span.source.name ?? '')].flatMap(([file, findings]) => {
    const text = findings[0]?.fix?.span.source.text ?? '';
    // What is not UTF-8 would not be written back as it was.
    if (!files.includes(file) || text.includes('\ufffd')) return [];
    const { text: after, mended } = mend(file, text, findings);
    return mended.length === 0 ? [] : [{ file, text, after, told: mended.map(told) }];
  });
}

function patch(file: string, text: string, after: string): string {
  const options = { headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, text, after, undefined, undefined, options);
}

function told({ finding, fix: { span, replacement } }: Mended): string {
  const { line, column } = positionOf(span.source, span.start);
  const written = span.source.text.slice(span.start, span.end);
  return `fixed ${span.source.name}:${line}:${column}: ${written} → ${replacement} [${finding.code}]`;
}

/** All or nothing: a file beside it is put in its place, with its mode and, where that is allowed, its owner. Gives why it could not be. */
async function replace(io: Io, path: string, text: string): Promise<string | undefined> {
  let made: string | undefined;
  try {
    const real = await realpath(path);
    const { mode, uid, gid } = await stat(real);
    const beside = join(dirname(real), `.${basename(real)}.${io.random(4)}`);
    await writeFile(beside, '', { flag: 'wx', mode });
    made = beside;
    await writeFile(made, text);
    await chmod(made, mode);
    await chown(made, uid, gid).catch(() => undefined);
    await rename(made, real);
    return undefined;
  } catch (error) {
    if (made !== undefined) await rm(made, { force: true });
    return error instanceof Error ? error.message : String(error);
  }
}
