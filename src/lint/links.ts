import { posix } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { startOf } from '../playbook/document.ts';
import type { ReadSource } from '../playbook/files.ts';
import type { LeadsOut } from '../playbook/local-files.ts';

/** Files that a link brings in from elsewhere: they are read by whoever runs the linter, and lines of them may be shown. */
export async function leadingOut(
  paths: readonly string[],
  read: Iterable<Promise<ReadSource | undefined>>,
  leadsOut: LeadsOut | undefined,
): Promise<readonly Diagnostic[]> {
  if (!leadsOut) return [];
  const roots = [...new Set(['.', ...paths.map(path => posix.dirname(path))])];
  const found = (await Promise.all(read)).map(async (file): Promise<readonly Diagnostic[]> => {
    const target = file && (await leadsOut(file.source.name, roots));
    if (!target) return [];
    const message = `${file.source.name} is a link, or lies in one, that leads out of what is linted: to ${target}`;
    const hint = 'copy what is needed of it, or lint the folder that holds both';
    return [{ code: 'outside-link', severity: 'warning', message, span: startOf(file.source), hint }];
  });
  return (await Promise.all(found)).flat();
}
