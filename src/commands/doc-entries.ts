import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codes } from '../core/codes.ts';
import type { Module } from '../core/module.ts';
import { modules } from '../modules/index.ts';
import { filters } from '../playbook/expression/filters/all.ts';
import { lookupFunctions, lookups } from '../playbook/expression/lookups.ts';
import { functions, methods } from '../playbook/expression/methods.ts';
import { tests } from '../playbook/expression/tests/all.ts';
import type { Playbook } from '../playbook/read-playbook.ts';
import type { Io } from './io.ts';
import { keywordMeanings, keywordReference } from './keyword-reference.ts';
import { loadPlaybook } from './playbook.ts';
import { inputsReference, moduleReference } from './reference.ts';
import { report } from './report.ts';
import { type Callable, callableReference } from './vocabulary-reference.ts';

/** The kinds of what `quorate doc` tells, in the order of its list; the plural is what a list of them is called by. */
export const kinds = {
  module: 'modules',
  playbook: 'playbooks',
  keyword: 'keywords',
  filter: 'filters',
  test: 'tests',
  lookup: 'lookups',
  function: 'functions',
  method: 'methods',
  code: 'codes',
} as const;

export type Kind = keyof typeof kinds;

/** Something that has a reference. */
export interface DocEntry {
  readonly kind: Kind;
  readonly name: string;
  readonly aliases: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** Markdown; undefined where what it tells of cannot be read, which is said. */
  reference(): Promise<string | undefined>;
  /** What to paste into a playbook, or to type. */
  snippet?(): Promise<string | undefined>;
}

/** Everything that quorate brings, by kind and name. */
export async function docEntries(io: Io): Promise<readonly DocEntry[]> {
  const callables = (kind: Kind, all: readonly Callable[]): readonly DocEntry[] =>
    all.map(one => ({
      kind,
      name: one.name,
      aliases: one.aliases ?? [],
      summary: one.summary,
      reference: async () => callableReference(one, name => `## ${name} (${kind})`),
    }));
  const entries = [
    ...modules.map(moduleEntry),
    ...(await shippedPlaybooks(io)),
    ...[...keywordMeanings()].map(([name, meanings]): DocEntry => {
      const summary = meanings[0]?.about ?? '';
      return { kind: 'keyword', name, aliases: [], summary, reference: async () => keywordReference(name, meanings) };
    }),
    ...callables('filter', filters),
    ...callables('test', tests),
    ...Object.entries(lookups).map(([name, { summary, example }]): DocEntry => {
      const text = `## ${name} (lookup)\n\n${summary}\n\n\`\`\`\n${example}\n\`\`\`\n`;
      return { kind: 'lookup', name, aliases: [], summary, reference: async () => text };
    }),
    ...callables('function', [...functions, ...lookupFunctions]),
    ...callables('method', methods),
    ...Object.entries(codes).map(([name, meaning]) => codeEntry(io, name, meaning)),
  ];
  const order = Object.keys(kinds);
  return entries.toSorted(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

export function moduleEntry(module: Module): DocEntry {
  return {
    kind: 'module',
    name: module.name,
    aliases: [`ansible.builtin.${module.name}`],
    summary: module.summary,
    reference: async () => moduleReference(module),
    snippet: async () => `${module.examples[0]?.yaml ?? `- ${module.name}:`}\n`,
  };
}

/** A code of a finding or a failure; what lint can report is told with why it matters and examples. */
function codeEntry(io: Io, name: string, meaning: string): DocEntry {
  const inLint = async (): Promise<string | undefined> => {
    const page = await readFile(join(io.packageRoot, 'docs', 'lint.md'), 'utf8');
    const section = page.split(/^## /m).find(text => text.startsWith(`${name}\n`));
    return section?.replace(/^.*/, `## ${name} (code)`);
  };
  return {
    kind: 'code',
    name,
    aliases: [],
    summary: meaning,
    reference: async () => (await inLint()) ?? `## ${name} (code)\n\n${meaning}\n`,
  };
}

async function shippedPlaybooks(io: Io): Promise<readonly DocEntry[]> {
  const folder = join(io.packageRoot, 'playbooks');
  const files = (await readdir(folder)).filter(file => file.endsWith('.yml'));
  return await Promise.all(
    files.map(async file =>
      playbookEntry(io, file.slice(0, -'.yml'.length), await readFile(join(folder, file), 'utf8')),
    ),
  );
}

/** A playbook by its path; undefined where no file is there. */
export async function playbookAt(io: Io, path: string): Promise<DocEntry | undefined> {
  const text = await readFile(resolve(io.cwd, path), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : playbookEntry(io, path, text);
}

function playbookEntry(io: Io, name: string, text: string): DocEntry {
  const head = headOf(text);
  const read = async (): Promise<Playbook | undefined> => {
    const { value, diagnostics } = await loadPlaybook(io, name);
    await report(io, diagnostics);
    return value;
  };
  return {
    kind: 'playbook',
    name,
    aliases: [],
    summary: `${head.split(/\.\s/)[0] ?? ''}`.replaceAll('\n', ' '),
    reference: async () => {
      const playbook = await read();
      const inputs = playbook && inputsReference(playbook);
      return inputs === undefined
        ? undefined
        : `## ${name}\n\n${asMarkdown(head)}\n${inputs === '' ? '' : `\n${inputs}`}`;
    },
    snippet: async () => {
      const playbook = await read();
      return playbook && commandLine(name, playbook);
    },
  };
}

/** The comment at the head of a playbook, without its marks and without what only an editor reads. */
function headOf(text: string): string {
  const comment = /^(#.*\n)*/.exec(text)?.[0] ?? '';
  return comment
    .replace(/^# yaml-language-server:.*\n/gm, '')
    .replace(/^# ?/gm, '')
    .trim();
}

/** What stands indented in a comment is what to type. */
function asMarkdown(head: string): string {
  return head.replace(
    /(?:^ {2,}.*(?:\n|$))+/gm,
    lines => `\`\`\`\n${lines.trimEnd().replace(/^ {2}/gm, '')}\n\`\`\`\n`,
  );
}

/** A command line with the inputs that must be given; secret ones are better asked for. */
function commandLine(name: string, { plays }: Playbook): string {
  const params = new Map(plays.flatMap(play => play.params).map(param => [param.name, param]));
  const needed = [...params.values()].filter(param => !param.default);
  const given = needed.filter(param => !param.secret).map(param => `-e ${param.name}=${param.name.toUpperCase()}`);
  const asked = needed.filter(param => param.secret).map(param => param.name);
  const comment = asked.length > 0 ? `# secret, asked for at the terminal: ${asked.join(', ')}\n` : '';
  return `${comment}${['quorate run', name, ...given].join(' ')}\n`;
}
