import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve } from 'node:path';
import type { Outcome } from '../core/diagnostic.ts';
import type { Config } from '../lint/config.ts';
import type { Io } from './io.ts';
import { shown } from './playbook.ts';

/** Never linted where they are found: they are no playbooks. */
export const NAMES = ['quorate.yml', 'quorate.yaml'];

/** A configuration, and the folder that its globs are relative to. */
export interface Configuration {
  readonly config: Config;
  /** Absolute. */
  readonly folder: string;
}

/**
 * The file that was named, or else `quorate.yml` in the working directory or the nearest folder above it, up to the top of the
 * repository; the value is absent where there is none. Nothing is loaded then. Diagnostics: `file-not-found`, `yaml-syntax`, `invalid-config`.
 */
export async function loadConfig(io: Io, named: string | undefined): Promise<Outcome<Configuration>> {
  const path = named === undefined ? await nearest(io.cwd) : resolve(io.cwd, named);
  if (path === undefined) return { diagnostics: [] };
  const name = named ?? shown(io, path);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const message = `there is no configuration ${name} that can be read`;
    return { diagnostics: [{ code: 'file-not-found', severity: 'error', message }] };
  }
  const { readConfig } = await import('../lint/read-config.ts');
  const { validateConfig } = await import('../generated/config-validator.js');
  const { value, diagnostics } = readConfig({ name, text }, validateConfig);
  return value ? { value: { config: value, folder: dirname(path) }, diagnostics } : { diagnostics };
}

async function nearest(from: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const name of NAMES) if (await isThere(join(folder, name))) return join(folder, name);
    if (folder === dirname(folder) || (await isThere(join(folder, '.git')))) return undefined;
  }
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A file's path from a folder, as globs and baselines have it. */
export function pathFrom(io: Io, folder: string, name: string): string {
  return relative(folder, resolve(io.cwd, name)).replaceAll('\\', posix.sep);
}
