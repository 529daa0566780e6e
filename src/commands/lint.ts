import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { positionOf } from '../core/source.ts';
import { lint } from '../lint/lint.ts';
import { loadInventory } from './hosts.ts';
import { exit, type Io } from './io.ts';
import { missingFolders } from './own-modules.ts';
import { inventoryOptions, readOptions } from './playbook.ts';
import { report } from './report.ts';

/** `quorate lint`: every finding in all files at once; touches no host. */
export async function lintCommand(
  io: Io,
  paths: readonly string[],
  options: { format: 'human' | 'json'; inventory?: string; modules?: readonly string[] },
): Promise<number> {
  const files: string[] = [];
  const missing: Diagnostic[] = [...(await missingFolders(io, options.modules ?? []))];
  for (const path of paths) {
    const found = await playbooksAt(io, path);
    if (found) files.push(...found);
    else missing.push({ code: 'file-not-found', severity: 'error', message: `there is no file or folder ${path}` });
  }
  const hosts = options.inventory === undefined ? undefined : await loadInventory(io, options.inventory);
  const found = await lint(files, { ...readOptions(io, options.modules), ...inventoryOptions(hosts) });
  const diagnostics = [...missing, ...(hosts?.diagnostics ?? []), ...found];
  if (files.length === 0 && missing.length === 0) {
    diagnostics.push({
      code: 'file-not-found',
      severity: 'error',
      message: `there is no playbook in ${paths.join(', ')}`,
    });
  }
  if (options.format === 'json') io.out.write(`${JSON.stringify(diagnostics.map(plain), undefined, 2)}\n`);
  else {
    await report(io, diagnostics);
    const count = (severity: Diagnostic['severity']) => diagnostics.filter(d => d.severity === severity).length;
    const checked = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
    io.out.write(`${checked} checked: ${count('error')} errors, ${count('warning')} warnings\n`);
  }
  return hasErrors(diagnostics) ? exit.invalid : exit.done;
}

/** A file as it is; of a folder, at any depth, its YAML files. Undefined where there is nothing. */
async function playbooksAt(io: Io, path: string): Promise<readonly string[] | undefined> {
  const there = await stat(resolve(io.cwd, path)).catch(() => undefined);
  if (!there) return undefined;
  if (!there.isDirectory()) return [path];
  const entries = await readdir(resolve(io.cwd, path), { recursive: true });
  return entries
    .filter(entry => /\.ya?ml$/.test(entry))
    .map(entry => join(path, entry))
    .sort();
}

/** A finding as JSON: lines and columns from 1. */
function plain({ code, severity, message, hint, span }: Diagnostic) {
  const place = span ? { file: span.source.name, ...positionOf(span.source, span.start) } : {};
  return { code, severity, message, ...place, ...(hint === undefined ? {} : { hint }) };
}
