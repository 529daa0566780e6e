import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { Source } from '../../src/core/source.ts';
import { withoutIgnored } from '../../src/lint/ignores.ts';
import type { Judged } from '../../src/lint/judged.ts';
import { lint } from '../../src/lint/lint.ts';
import { filesOf, foldersOf, modules, validators } from './playbook-world.ts';

/** What lint finds in texts by name. */
export function linted(texts: Readonly<Record<string, string>>): Promise<readonly Diagnostic[]> {
  const options = { readFile: filesOf(texts), varsFolders: foldersOf(texts), modules, validators };
  return lint(Object.keys(texts), options);
}

/** The same, with what its comments take away. */
export async function judged(texts: Readonly<Record<string, string>>): Promise<readonly Judged[]> {
  const sources = Object.entries(texts).map(([name, text]): Source => ({ name, text }));
  return withoutIgnored(await linted(texts), sources);
}
