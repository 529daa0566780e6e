import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { Source } from '../../src/core/source.ts';
import { lint } from '../../src/lint/lint.ts';
import { Findings } from '../../src/playbook/findings.ts';
import type { Inputs } from '../../src/playbook/inputs.ts';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { varsBeside } from '../../src/playbook/inventory/vars-beside.ts';
import type { KindOf } from '../../src/playbook/local-files.ts';
import type { FindModule } from '../../src/playbook/own-modules.ts';
import { type ReadOptions, readPlaybook } from '../../src/playbook/read-playbook.ts';
import { resolve } from '../../src/playbook/resolve.ts';
import { renderDiagnostics } from '../../src/views/diagnostics.ts';
import * as standIns from './playbook-world.ts';
import { filesOf, foldersOf, inventory } from './playbook-world.ts';

/**
 * A case: parts that begin with a line `=== name`. A name that ends in `.yml` is a file, the first one the playbook, in `.j2` a template;
 * `inventory`, `inventory.yml` or `inventory.ini` is read alone, with the vars that lie beside it; `run` makes a plan, its lines are `-e …`, `--limit …`, `--tags …`,
 * `--skip-tags …`; `modules/NAME.ts` is a module of the user's own that cannot be loaded, and says why; a name with another ending is a local file, or with a slash at its end a directory; `lint` lints the files it names; `links` has lines with a path and where it really lies; `expected` is what is printed, to the letter.
 */
export interface Case {
  readonly parts: ReadonlyMap<string, string>;
  readonly expected: string;
}

export function parseCase(text: string): Case {
  const parts = new Map<string, string>();
  for (const part of text.split(/^=== /m).slice(1)) {
    const newline = part.indexOf('\n');
    parts.set(part.slice(0, newline).trim(), part.slice(newline + 1));
  }
  return { parts, expected: parts.get('expected') ?? '' };
}

/** The modules there are, and what checks their parameters. */
type World = Pick<ReadOptions, 'modules' | 'validators'>;

/** What is printed for a case. */
export async function printed({ parts }: Case, world: World = standIns): Promise<string> {
  return renderDiagnostics(await found(parts, world), { colour: false }) || 'nothing is wrong\n';
}

async function inventoryFindings(source: Source, parts: Case['parts']): Promise<readonly Diagnostic[]> {
  const beside = new Findings();
  const given = await varsBeside('.', 'inventory', foldersOf(Object.fromEntries(parts)), beside);
  return [...beside.diagnostics, ...readInventory(source, standIns.validators.inventory, given).diagnostics];
}

/** What is found in the parts of a case. */
export async function found(
  parts: ReadonlyMap<string, string>,
  world: World = standIns,
): Promise<readonly Diagnostic[]> {
  const files = Object.fromEntries([...parts].filter(([name]) => /\.(yml|j2)$/.test(name)));
  const there = new Set([...parts.keys()]);
  const kindOf: KindOf = async path => (there.has(path) ? 'file' : there.has(`${path}/`) ? 'other' : undefined);
  const findModule: FindModule = async name => {
    const why = parts.get(`modules/${name}.ts`)?.trim();
    return why === undefined ? undefined : { why, hint: 'mend it' };
  };
  const machine = {
    env: (name: string) => (name === 'HOME' ? '/root' : undefined),
    text: (paths: readonly string[]) => parts.get(paths.find(path => there.has(path)) ?? ''),
  };
  const texts = Object.fromEntries(parts);
  const links = new Map(
    (parts.get('links') ?? '').split('\n').map(line => [line.split(' ')[0] ?? '', line.split(' ')[1]]),
  );
  const options = {
    readFile: filesOf(texts),
    kindOf,
    leadsOut: async (path: string) => links.get(path),
    machine,
    varsFolders: foldersOf(texts),
    findModule,
    ...world,
  };
  const name = ['inventory', 'inventory.yml', 'inventory.ini'].find(one => parts.has(one));
  if (name !== undefined) return inventoryFindings({ name, text: parts.get(name) ?? '' }, parts);
  const linted = parts.get('lint');
  if (linted !== undefined) return lint(linted.trim().split(/\s+/), options);
  const lines = parts.get('run')?.split('\n').filter(Boolean);
  const path = parts.get('read')?.trim() ?? Object.keys(files)[0] ?? 'none.yml';
  const given = lines ? { inputs: inputsIn(lines) } : {};
  const { value, diagnostics } = await readPlaybook(path, { ...options, ...given });
  if (!lines || !value) return diagnostics;
  const optionsOf = (name: string): readonly string[] =>
    lines.flatMap(line => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const plan = resolve(value, {
    inventory,
    inputs: inputsIn(lines),
    limit: optionsOf('--limit'),
    selection: { tags: optionsOf('--tags'), skip: optionsOf('--skip-tags') },
  });
  return [...diagnostics, ...plan.diagnostics];
}

function inputsIn(lines: readonly string[]): Inputs {
  const typed = lines.flatMap(line => (line.startsWith('-e ') ? [line.slice(3)] : []));
  const pairs = typed.map(input => [input.slice(0, input.indexOf('=')), input.slice(input.indexOf('=') + 1)]);
  return { source: { name: '-e', text: typed.join('\n') }, values: Object.fromEntries(pairs) };
}
