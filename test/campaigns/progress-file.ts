import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What earlier pieces of the campaign with this file did, over what a new one begins with. */
export function remembered<T extends object>(path: string, nothing: T): T {
  try {
    return { ...nothing, ...JSON.parse(readFileSync(path, 'utf8')) };
  } catch {
    return nothing;
  }
}

export function remember(path: string, what: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(what, undefined, 1)}\n`);
}
