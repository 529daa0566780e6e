import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readBaseline, withoutKnown, writtenBaseline } from '../lint/baseline.ts';
import type { Judged } from '../lint/judged.ts';
import type { Io } from './io.ts';
import type { Checked } from './lint-check.ts';
import { pathFrom } from './lint-config.ts';

/** The findings with those marked that the baseline at `path` knows. `read`: the absolute paths of all files that were read. */
export async function knownIn(
  io: Io,
  path: string,
  judged: readonly Judged[],
  read: ReadonlySet<string>,
): Promise<readonly Judged[]> {
  const text = await readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined);
  if (text === undefined) {
    const message = `there is no baseline ${path} that can be read`;
    const hint = 'begin one with `quorate lint --write-baseline`';
    return [...judged, { finding: { code: 'file-not-found', severity: 'error', message, hint } }];
  }
  const { value, diagnostics } = readBaseline({ name: path, text });
  if (!value) return [...judged, ...diagnostics.map(finding => ({ finding }))];
  const folder = dirname(resolve(io.cwd, path));
  const paths = new Set(value.entries.map(({ known }) => known.path));
  const checked = new Set<string>();
  for (const known of paths) {
    const whole = join(folder, known);
    if (read.has(whole) || !(await isThere(whole))) checked.add(known);
  }
  return withoutKnown(
    judged,
    value,
    name => pathFrom(io, folder, name),
    known => checked.has(known),
  );
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Writes what is open into the baseline; `left` is what it cannot take. */
export async function saveBaseline(io: Io, path: string, { judged }: Checked) {
  const whole = resolve(io.cwd, path);
  const { text, count, left } = writtenBaseline(judged, name => pathFrom(io, dirname(whole), name));
  const why = await writeFile(whole, text).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { why, count, left };
}
