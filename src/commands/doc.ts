import { lookupReplacement } from '../playbook/expression/lookups.ts';
import { didYouMean } from '../playbook/expression/nearest.ts';
import { otherModules, replaced } from '../playbook/keywords.ts';
import { renderMarkdown } from '../views/markdown.ts';
import { painter } from '../views/paint.ts';
import { type DocEntry, docEntries, type Kind, kinds, moduleEntry, playbookAt } from './doc-entries.ts';
import { exit, type Io, wantsColour } from './io.ts';
import { findModules, missingFolders } from './own-modules.ts';
import { report } from './report.ts';

export interface DocOptions {
  readonly snippet?: true;
  readonly format: 'terminal' | 'markdown';
  readonly modules?: readonly string[];
}

/**
 * `quorate doc`: what there is; `doc KINDS` (`filters`): those of one kind; `doc NAME`: the reference of all that are called so, with
 * `snippet` only what to paste; `doc KIND NAME`: of that kind alone.
 */
export async function docCommand(io: Io, words: readonly string[], options: DocOptions): Promise<number> {
  const [first, second] = words;
  const entries = await docEntries(io);
  if (first === undefined) return show(io, overview(entries), options);
  const kind = kindOf(first);
  if (second === undefined) {
    const named = await entriesOf(io, entries, first, options);
    if (typeof named === 'number') return named;
    if (named.length > 0) return await tell(io, named, options);
    if (kind)
      return show(
        io,
        listOf(
          entries.filter(entry => entry.kind === kind),
          kind,
        ),
        options,
      );
    return unknown(io, entries, first);
  }
  if (!kind) {
    const hint = didYouMean(first, Object.keys(kinds)) ?? `the kinds are ${Object.keys(kinds).join(', ')}`;
    return refuse(io, `${first} is no kind of what is documented`, hint);
  }
  const named = await entriesOf(io, entries, second, options);
  if (typeof named === 'number') return named;
  const ofKind = named.filter(entry => entry.kind === kind);
  return ofKind.length > 0 ? await tell(io, ofKind, options) : unknown(io, entries, second, kind);
}

const kindNames = Object.entries(kinds);

/** The kind that a word means, in the singular or the plural. */
function kindOf(word: string): Kind | undefined {
  const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);
  return kindNames
    .map(([kind]) => kind)
    .filter(isKind)
    .find(kind => word === kind || word === kinds[kind]);
}

/** All that are called so, a module of the user's own or a playbook at a path among them; an exit code where that cannot be read. */
async function entriesOf(
  io: Io,
  entries: readonly DocEntry[],
  name: string,
  { modules: folders = [] }: DocOptions,
): Promise<readonly DocEntry[] | number> {
  const missing = await missingFolders(io, folders);
  if (missing.length > 0) {
    await report(io, missing);
    return exit.invalid;
  }
  const named = entries.filter(entry => entry.name === name || entry.aliases.includes(name));
  if (named.some(entry => entry.kind === 'module')) return named;
  const own = await findModules(io, folders)(name, 'any.yml');
  if (own && 'why' in own) {
    io.err.write(`quorate: ${own.why}\n  → ${own.hint}\n`);
    return exit.invalid;
  }
  const playbook = /[/.]/.test(name) ? await playbookAt(io, name) : undefined;
  return [...(own ? [moduleEntry(own)] : []), ...(playbook ? [playbook] : []), ...named];
}

async function tell(io: Io, named: readonly DocEntry[], options: DocOptions): Promise<number> {
  if (options.snippet) {
    const [entry] = named.filter(one => one.snippet);
    if (!entry?.snippet) return refuse(io, `${named[0]?.name} has no snippet`, 'modules and playbooks have');
    const text = await entry.snippet();
    if (text !== undefined) io.out.write(text);
    return text === undefined ? exit.invalid : exit.done;
  }
  const texts: string[] = [];
  for (const entry of named) {
    const text = await entry.reference();
    if (text === undefined) return exit.invalid;
    texts.push(text.trim());
  }
  const [first, ...others] = named;
  if (first && others.length > 0) {
    const each = named.map(({ kind }) => `\`quorate doc ${kind} ${first.name}\``).join(', ');
    texts.push(`One of them alone: ${each}.`);
  }
  return show(io, `${texts.join('\n\n')}\n`, options);
}

function show(io: Io, markdown: string, { format }: DocOptions): number {
  const isColoured = wantsColour(io.out, io.env);
  const text =
    format === 'markdown' ? markdown : renderMarkdown(markdown, io.out.columns, isColoured ? painter(true) : undefined);
  io.out.write(text);
  return exit.done;
}

/** Modules and playbooks with what they are for, of the other kinds the names. */
function overview(entries: readonly DocEntry[]): string {
  const parts = kindNames.map(([kind, plural]) => {
    const ofKind = entries.filter(entry => entry.kind === kind);
    const isTold = kind === 'module' || kind === 'playbook';
    const names = ofKind.map(entry => entry.name).join(', ');
    return `## ${titleOf(plural)}\n\n${isTold ? itemsOf(ofKind) : names}`;
  });
  const next =
    'quorate doc NAME shows one, quorate doc filters those of a kind, quorate doc filter NAME one of that kind; --snippet what to paste.';
  return `${[...parts, next].join('\n\n')}\n`;
}

const listOf = (entries: readonly DocEntry[], kind: Kind): string =>
  `## ${titleOf(kinds[kind])}\n\n${itemsOf(entries)}\n`;

const titleOf = (plural: string): string => `${plural.charAt(0).toUpperCase()}${plural.slice(1)}`;

const itemsOf = (entries: readonly DocEntry[]): string =>
  entries.map(({ name, summary }) => `- \`${name}\`: ${summary.replaceAll('\n', ' ')}`).join('\n');

/** Of what Ansible has and quorate has not it says what to write instead, of anything else what may have been meant. */
function unknown(io: Io, entries: readonly DocEntry[], name: string, kind?: Kind): number {
  const plain = name.replace(/^ansible\.builtin\./, '');
  const instead =
    [replaced, otherModules].find(table => Object.hasOwn(table, plain))?.[plain] ?? lookupReplacement(plain);
  if (instead !== undefined) return refuse(io, `\`${plain}\` of Ansible is not here`, instead);
  if (/[/.]/.test(plain))
    return refuse(io, `there is no file ${name} that can be read`, 'quorate doc lists what is documented');
  const known = entries.filter(entry => kind === undefined || entry.kind === kind);
  const hint =
    didYouMean(
      plain,
      known.flatMap(entry => [entry.name, ...entry.aliases]),
    ) ?? 'quorate doc lists all there is';
  return refuse(io, `there is no ${kind ?? 'module, playbook, keyword or filter'} called ${name}`, hint);
}

function refuse(io: Io, message: string, hint: string): number {
  io.err.write(`quorate: ${message}\n  → ${hint}\n`);
  return exit.usage;
}
