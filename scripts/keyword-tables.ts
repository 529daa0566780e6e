import * as keywords from '../src/playbook/keywords.ts';
import { paramKeywords } from '../src/playbook/param-schema.ts';
import type { Example } from './examples.ts';

interface Row {
  readonly about: string;
}

/** The tables of keywords in docs/language.md, by what has them. */
export const keywordTables: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  play: keywords.playKeywords,
  task: keywords.taskKeywords,
  handler: { listen: keywords.handlerKeywords.listen },
  meta: keywords.metaKeywords,
  block: keywords.blockKeywords,
  include_tasks: keywords.includeKeywords,
  included_file: keywords.includedFileKeywords,
  import_tasks: keywords.importKeywords,
  role_entry: keywords.roleEntryKeywords,
  role: keywords.includedRoleKeywords,
  role_meta: keywords.roleMetaKeywords,
  import_playbook: keywords.importPlaybookKeywords,
  loop_control: keywords.loopControlKeywords,
  param: paramKeywords,
};

/** The example of a keyword: the first that has it there, or else elsewhere with the same meaning. */
export function shownBy(examples: readonly Example[], kind: string, key: string): Example | undefined {
  const row = keywordTables[kind]?.[key];
  const alike = Object.keys(keywordTables).filter(other => keywordTables[other]?.[key] === row);
  return [kind, ...alike].flatMap(one => examples.find(({ uses }) => uses.has(`${one} ${key}`)) ?? [])[0];
}
