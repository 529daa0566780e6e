import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnostic, Outcome } from '../core/diagnostic.ts';
import { splitPattern } from '../playbook/host-patterns.ts';
import type { Io } from './io.ts';

/**
 * The patterns of `--limit`: `@FILE` among them stands for those in the file, one or more a line, where `#` begins a comment. The texts
 * that were read go into `files`. Diagnostic `file-not-found`.
 */
export async function readLimit(
  io: Io,
  limit: string | undefined,
  files: Map<string, string>,
): Promise<Outcome<readonly string[]>> {
  if (!limit?.includes('@')) return { value: limit === undefined ? [] : [limit], diagnostics: [] };
  const patterns: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const part of splitPattern(limit)) {
    if (!part.startsWith('@')) {
      patterns.push(part);
      continue;
    }
    const path = part.slice(1);
    const text = await readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined);
    const lines = (text ?? '').split('\n').flatMap(line => line.replace(/(?:^|\s)#.*$/, '').trim() || []);
    patterns.push(...lines);
    if (text !== undefined) files.set(path, text);
    if (lines.length > 0) continue;
    const code = text === undefined ? 'file-not-found' : 'no-hosts';
    const message = `--limit: ${text === undefined ? `there is no file ${path} that can be read` : `${path} names no hosts`}`;
    diagnostics.push({ code, severity: 'error', message, hint: 'it has names, groups and patterns, one a line' });
  }
  return { value: patterns, diagnostics };
}
