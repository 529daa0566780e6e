import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Relative, readBaseline, withoutKnown, writtenBaseline } from '../lint/baseline.ts';
import type { Judged } from '../lint/judged.ts';
import type { Io } from './io.ts';
import type { Checked } from './lint-check.ts';
import { isThere, pathFrom } from './lint-config.ts';

/** A baseline, and which of the files that it names were read, or are there no more. */
async function opened(io: Io, path: string, read: ReadonlySet<string>) {
  const text = await readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { value, diagnostics } = readBaseline({ name: path, text });
  const checked = new Set<string>();
  for (const known of new Set(value?.entries.map(({ known }) => known.path))) {
    const whole = resolve(dirname(resolve(io.cwd, path)), known);
    if (read.has(whole) || !(await isThere(whole))) checked.add(known);
  }
  return { value, diagnostics, checked };
}

const relativeTo =
  (io: Io, path: string): Relative =>
  name =>
    pathFrom(io, dirname(resolve(io.cwd, path)), name);

/** The findings with those marked that the baseline at `path` knows. `read`: the absolute paths of all files that were read. */
export async function knownIn(
  io: Io,
  path: string,
  judged: readonly Judged[],
  read: ReadonlySet<string>,
): Promise<readonly Judged[]> {
  const found = await opened(io, path, read);
  if (!found) {
    const message = `there is no baseline ${path} that can be read`;
    const hint = 'begin one with `quorate lint --write-baseline`';
    return [...judged, { finding: { code: 'file-not-found', severity: 'error', message, hint } }];
  }
  const { value, diagnostics, checked } = found;
  if (!value) return [...judged, ...diagnostics.map(finding => ({ finding }))];
  return withoutKnown(judged, value, relativeTo(io, path), known => checked.has(known));
}

/** Writes what is open into the baseline, and keeps what it knows of other files; `left` is what it cannot take. */
export async function saveBaseline(io: Io, path: string, { judged, read }: Checked) {
  const before = await opened(io, path, read);
  const others = before?.value?.entries.flatMap(({ known }) => (before.checked.has(known.path) ? [] : [known]));
  const { text, count, left } = writtenBaseline(judged, relativeTo(io, path), others);
  const why = await writeFile(resolve(io.cwd, path), text).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { why, count, left };
}
