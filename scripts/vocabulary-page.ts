import { filters } from '../src/playbook/expression/filters/all.ts';
import { lookupFunctions } from '../src/playbook/expression/lookups.ts';
import { functions, methods } from '../src/playbook/expression/methods.ts';
import type { Example, ParameterSpec } from '../src/playbook/expression/signature.ts';
import { tests } from '../src/playbook/expression/tests/all.ts';
import { describe, type Type } from '../src/playbook/expression/types.ts';

interface Entry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly parameters: readonly ParameterSpec[];
  readonly input?: Type;
}

/** As in Python: what can be given by position, then what takes the rest, then what is given by name only. */
const place = (parameter: ParameterSpec): number => (parameter.byNameOnly ? 2 : parameter.takes ? 1 : 0);

function signature(entry: Entry): string {
  const inOrder = entry.parameters.toSorted((a, b) => place(a) - place(b));
  const parameters = inOrder.map(parameter => {
    if (parameter.takes) return parameter.takes === 'rest' ? `*${parameter.name}` : `**${parameter.name}`;
    return parameter.default === undefined ? parameter.name : `${parameter.name}=${JSON.stringify(parameter.default)}`;
  });
  return parameters.length === 0 ? entry.name : `${entry.name}(${parameters.join(', ')})`;
}

function section(entry: Entry): string {
  const aliases = (entry.aliases ?? []).map(alias => `\`${alias}\``).join(', ');
  const takes = entry.input && entry.input.kind !== 'any' ? ` Takes ${describe(entry.input)}.` : '';
  const examples = entry.examples.map(({ expression, value }) => {
    const shown = expression.replaceAll('\n', '\\n');
    return `${shown}  →  ${JSON.stringify(value)}`;
  });
  const also = aliases === '' ? '' : ` Also ${aliases}.`;
  return `### \`${signature(entry)}\`\n\n${entry.summary}${takes}${also}\n\n\`\`\`\n${examples.join('\n')}\n\`\`\`\n`;
}

function chapter(title: string, entries: readonly Entry[]): string {
  const byName = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `## ${title}\n\n${byName.map(section).join('\n')}`;
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
