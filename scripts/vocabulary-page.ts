import { type Callable, callableReference } from '../src/commands/vocabulary-reference.ts';
import { filters } from '../src/playbook/expression/filters/all.ts';
import { lookupFunctions } from '../src/playbook/expression/lookups.ts';
import { functions, methods } from '../src/playbook/expression/methods.ts';
import { tests } from '../src/playbook/expression/tests/all.ts';

function chapter(title: string, entries: readonly Callable[]): string {
  const byName = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `## ${title}\n\n${byName.map(one => callableReference(one, name => `### ${name}`)).join('\n')}`;
}

/** The reference of all that an expression can call: made from the tables that the compiler itself uses. */
export function vocabularyPage(notice: string): string {
  const about =
    'What an expression can call; how expressions are read is in [expressions.md](expressions.md). `→` shows the value as JSON.';
  const chapters = [
    chapter('Filters', filters),
    chapter('Tests', tests),
    chapter('Methods', methods),
    chapter('Functions', [...functions, ...lookupFunctions]),
  ];
  return `# Filters, tests, methods and functions\n\n${notice}\n\n${about}\n\n${chapters.join('\n')}`;
}
