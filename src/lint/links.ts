import { posix } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { startOf } from '../playbook/document.ts';
import type { LeadsOut } from '../playbook/local-files.ts';

/** Files that a link brings in from elsewhere: they are read by whoever runs the linter, and lines of them may be shown. */
export async function leadingOut(
  paths: readonly string[],
  read: Iterable<Source>,
  leadsOut: LeadsOut | undefined,
): Promise<readonly Diagnostic[]> {
  if (!leadsOut) return [];
  const roots = [...new Set(['.', ...paths.map(path => posix.dirname(path))])];
  const found = [...read].map(async (source): Promise<readonly Diagnostic[]> => {
    const target = await leadsOut(source.name, roots);
    if (!target) return [];
    const message = `${source.name} is a link, or lies in one, that leads out of what is linted: to ${target}`;
    const hint = 'copy what is needed of it, or lint the folder that holds both';
    return [{ code: 'outside-link', severity: 'warning', message, span: startOf(source), hint }];
  });
  return (await Promise.all(found)).flat();
}
