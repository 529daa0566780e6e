import { posix } from 'node:path';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import type { Node } from '../playbook/document.ts';
import { isTasksFile, memo, type ReadSources, readingOnce } from '../playbook/files.ts';
import { Findings } from '../playbook/findings.ts';
import { checkAnsibleName } from '../playbook/inventory/ansible-names.ts';
import { readInventory } from '../playbook/inventory/inventory.ts';
import { isIni } from '../playbook/inventory/read.ts';
import { varsBeside } from '../playbook/inventory/vars-beside.ts';
import { readVarsFile } from '../playbook/inventory/vars-file.ts';
import { type AloneKind, readAlone, rolePartAt } from '../playbook/read-alone.ts';
import { namesBesideIn, type ReadOptions, readPlaybook } from '../playbook/read-playbook.ts';
import { readTemplate } from '../playbook/read-values.ts';
import { leadingOut } from './links.ts';
import { isInventory } from './ours.ts';
import { programOf, programOfSteps } from './program.ts';
import { checkRules } from './rules.ts';

export interface LintOptions extends ReadOptions {
  /** Asked for each of the paths: true where it is not to be linted. Absent: all are. */
  readonly passOver?: (path: string, node: Node | undefined) => boolean;
}

/**
 * Everything that can be said about playbooks and inventories before hosts and inputs are known. A file of tasks is checked by itself, its
 * names taken as given by who includes it, unless a playbook among the files enters it; there they are known. Likewise a file of vars.
 */
export async function lint(paths: readonly string[], given: LintOptions): Promise<readonly Diagnostic[]> {
  const once = readingOnce(given.readFile);
  const { varsFolders } = given;
  const options: ReadOptions = {
    ...given,
    readSource: once.file,
    ...(varsFolders ? { namesBeside: memo(namesBesideIn(varsFolders)) } : {}),
  };
  const found = new Map<string, Diagnostic>();
  const entered = new Set<string>();
  const alone: { readonly path: string; readonly kind?: AloneKind }[] = [];
  const add = (diagnostics: readonly Diagnostic[]): void => {
    for (const d of diagnostics) found.set(`${d.code} ${d.span?.source.name}:${d.span?.start} ${d.message}`, d);
  };
  for (const path of paths) {
    const { node, source, diagnostics = [] } = (await once.file(path)) ?? {};
    if (source && given.passOver?.(path, node)) continue;
    if (source && !isIni(source)) add(diagnostics);
    const part = node && rolePartAt(path, node);
    if (part) alone.push({ path, kind: part });
    else if (source && isVarsFile(path)) add(varsFindings(source));
    else if (source && (isIni(source) || (node && isInventory(node)))) add(await inventoryFindings(source, options));
    else if (node && isTasksFile(node)) alone.push({ path, kind: 'tasks' });
    else if (!node || node.kind === 'map') alone.push({ path });
    else {
      const readSource: ReadSources = name => {
        entered.add(posix.normalize(name));
        return once.file(name);
      };
      add(await playbookFindings(path, { ...options, readSource }));
      once.forget(path);
    }
  }
  for (const { path, kind } of alone.filter(one => !entered.has(posix.normalize(one.path))))
    add(kind ? await aloneFindings(path, kind, options) : await playbookFindings(path, options));
  add(await leadingOut(paths, once.sources.values(), options.leadsOut));
  return [...found.values()];
}

/** What reading finds, and where that are no errors, rules. */
async function playbookFindings(path: string, options: ReadOptions): Promise<readonly Diagnostic[]> {
  const { value, diagnostics } = await readPlaybook(path, options);
  return value ? [...diagnostics, ...checkRules(programOf(value.plays, options.inventory))] : diagnostics;
}

async function aloneFindings(path: string, kind: AloneKind, options: ReadOptions): Promise<readonly Diagnostic[]> {
  const { value, diagnostics } = await readAlone(path, kind, options);
  return hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...checkRules(programOfSteps(value))];
}

async function inventoryFindings(
  source: Source,
  { varsFolders, validators }: ReadOptions,
): Promise<readonly Diagnostic[]> {
  // What is wrong with these themselves is found where they are linted.
  const given = varsFolders
    ? await varsBeside(posix.dirname(source.name), 'inventory', varsFolders, new Findings())
    : [];
  return readInventory(source, validators.inventory, given).diagnostics;
}

/** Below a folder that holds nothing else. */
function isVarsFile(path: string): boolean {
  const folders = posix.dirname(path).split('/');
  return folders.some(folder => ['group_vars', 'host_vars', 'vars'].includes(folder));
}

function varsFindings(source: Source): readonly Diagnostic[] {
  const found = new Findings();
  for (const entry of readVarsFile(source, found)) {
    checkAnsibleName(entry, found);
    readTemplate(found, entry.value);
  }
  return found.diagnostics;
}
