import { stringify } from 'yaml';
import {
  applyKeywords,
  blockKeywords,
  handlerKeywords,
  importedFileKeywords,
  importKeywords,
  importPlaybookKeywords,
  importRoleKeywords,
  includedFileKeywords,
  includedRoleKeywords,
  includeKeywords,
  includeRoleKeywords,
  type Keywords,
  loopControlKeywords,
  metaKeywords,
  playKeywords,
  roleEntryKeywords,
  roleFileKeywords,
  taskKeywords,
} from '../playbook/keywords.ts';
import { paramKeywords } from '../playbook/param-schema.ts';
import { shapeExamples, shapes } from './editor-schema.ts';
import { typeInWords } from './reference.ts';

const owners: readonly (readonly [string, Keywords])[] = [
  ['a play', playKeywords],
  ['a task', taskKeywords],
  ['a handler', { listen: handlerKeywords.listen }],
  ['a block', blockKeywords],
  ['`include_tasks`', includeKeywords],
  ['the map of `include_tasks`', includedFileKeywords],
  ['`import_tasks`', importKeywords],
  ['the map of `import_tasks`', importedFileKeywords],
  ['`include_role`', includeRoleKeywords],
  ['`import_role`', importRoleKeywords],
  ['the map of `include_role`', includedRoleKeywords],
  ['the map of `import_role`', roleFileKeywords],
  ['`apply`', applyKeywords],
  ['an entry of `roles`', roleEntryKeywords],
  ['`import_playbook`', importPlaybookKeywords],
  ['`meta`', metaKeywords],
  ['`loop_control`', loopControlKeywords],
];

/** One meaning of a keyword, with all that it has it at. */
interface Meaning {
  readonly about: string;
  readonly takes: string;
  readonly example?: string;
  readonly owners: readonly string[];
}

/** Every keyword by its name, with its meanings: at a play it may be another one than at a task. */
export function keywordMeanings(): ReadonlyMap<string, readonly Meaning[]> {
  const found = new Map<string, Meaning[]>();
  const add = (name: string, { owners: at, ...meaning }: Meaning): void => {
    const known = found.get(name) ?? [];
    const same = known.findIndex(one => one.about === meaning.about);
    const owned = [...(known[same]?.owners ?? []), ...at];
    found.set(name, [...known.filter((_, i) => i !== same), { ...meaning, owners: owned }]);
  };
  for (const [owner, keywords] of owners) {
    for (const [name, { shape, about }] of Object.entries(keywords)) {
      const [example] = shapeExamples[shape] ?? [];
      const shown = example === undefined ? {} : { example: stringify({ [name]: example }).trim() };
      add(name, { about, takes: typeInWords(shapes[shape]), ...shown, owners: [owner] });
    }
  }
  for (const [name, { about, takes }] of Object.entries(paramKeywords)) {
    add(name, { about, takes: takes.length > 5 ? 'any value' : takes.join(' or '), owners: ['a param'] });
  }
  return found;
}

/** The reference of one keyword as Markdown. */
export function keywordReference(name: string, meanings: readonly Meaning[]): string {
  const parts = meanings.flatMap(({ about, takes, example, owners: at }, i) => [
    `Of ${inWords(at)}. ${about}`,
    `Takes: ${takes}.`,
    ...(example === undefined || example === meanings[i - 1]?.example ? [] : [`\`\`\`yaml\n${example}\n\`\`\``]),
  ]);
  return `## ${name} (keyword)\n\n${parts.join('\n\n')}\n`;
}

function inWords(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
