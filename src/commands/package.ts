import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from './io.ts';

/** The version that package.json names. */
export async function packageVersion(io: Io): Promise<string> {
  const { version } = JSON.parse(await readFile(join(io.packageRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}
