import { chmod, chown, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { positionOf } from '../core/source.ts';
import { type Mended, mend } from '../lint/fixes.ts';
import type { Io } from './io.ts';
import { type Checked, check, type Settings } from './lint-check.ts';

/** Mending a word shows what stands behind it; more rounds than this would be a fix that makes its own finding. */
const MOST_ROUNDS = 10;

/**
 * Mends all that has a fix in the files that are checked (not in what they include besides), and checks again until nothing is left to
 * mend. `dry`: nothing is written. `said` is what was changed, a line each, or as a patch.
 */
export async function fixAll(
  io: Io,
  paths: readonly string[],
  settings: Settings,
  dry: boolean,
): Promise<{ readonly checked: Checked; readonly said: string }> {
  const before = new Map<string, string>();
  const lines: string[] = [];
  let checked = await check(io, paths, settings);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let count = 0;
    const open = checked.judged.flatMap(({ finding, suppressed }) => (suppressed ? [] : [finding]));
    for (const file of checked.files) {
      const path = resolve(io.cwd, file);
      if (!open.some(({ fix }) => fix?.span.source.name === file)) continue;
      const text = settings.texts.get(path) ?? (await readFile(path, 'utf8'));
      // What is not UTF-8 would not be written back as it was.
      if (text.includes('\ufffd')) continue;
      const { text: after, mended } = mend(file, text, open);
      if (mended.length === 0) continue;
      if (!before.has(file)) before.set(file, text);
      settings.texts.set(path, after);
      lines.push(...mended.map(told));
      count += mended.length;
    }
    if (count === 0) break;
    checked = await check(io, paths, settings);
  }
  const changed = [...before].map(([file, text]) => ({
    file,
    text,
    after: settings.texts.get(resolve(io.cwd, file)) ?? text,
  }));
  if (dry) {
    const patches = changed.map(({ file, text, after }) =>
      createTwoFilesPatch(`a/${file}`, `b/${file}`, text, after, undefined, undefined, {
        headerOptions: FILE_HEADERS_ONLY,
      }),
    );
    return { checked, said: patches.join('') };
  }
  for (const { file, after } of changed) await replace(io, resolve(io.cwd, file), after);
  return { checked, said: lines.map(line => `${line}\n`).join('') };
}

function told({ finding, fix: { span, replacement } }: Mended): string {
  const { line, column } = positionOf(span.source, span.start);
  const written = span.source.text.slice(span.start, span.end);
  return `fixed ${span.source.name}:${line}:${column}: ${written} → ${replacement} [${finding.code}]`;
}

/** All or nothing: a file beside it is put in its place, with its mode and, where that is allowed, its owner. */
async function replace(io: Io, path: string, text: string): Promise<void> {
  const real = await realpath(path);
  const { mode, uid, gid } = await stat(real);
  const made = join(dirname(real), `.${basename(real)}.${io.random(4)}`);
  try {
    await writeFile(made, text, { flag: 'wx', mode });
    await chmod(made, mode);
    await chown(made, uid, gid).catch(() => undefined);
    await rename(made, real);
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
}
