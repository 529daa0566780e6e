import type { Example, ParameterSpec } from '../playbook/expression/signature.ts';
import { describe, type Type } from '../playbook/expression/types.ts';

/** A filter, a test, a method or a function. */
export interface Callable {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly parameters: readonly ParameterSpec[];
  readonly input?: Type;
}

/** As in Python: what can be given by position, then what takes the rest, then what is given by name only. */
const place = (parameter: ParameterSpec): number => (parameter.byNameOnly ? 2 : parameter.takes ? 1 : 0);

function signature(entry: Callable): string {
  const inOrder = entry.parameters.toSorted((a, b) => place(a) - place(b));
  const parameters = inOrder.map(parameter => {
    if (parameter.takes) return parameter.takes === 'rest' ? `*${parameter.name}` : `**${parameter.name}`;
    return parameter.default === undefined ? parameter.name : `${parameter.name}=${JSON.stringify(parameter.default)}`;
  });
  return parameters.length === 0 ? entry.name : `${entry.name}(${parameters.join(', ')})`;
}

/** Its reference as Markdown: heading, what it does, examples with their values. */
export function callableReference(entry: Callable, heading: (signature: string) => string): string {
  const aliases = (entry.aliases ?? []).map(alias => `\`${alias}\``).join(', ');
  const takes = entry.input && entry.input.kind !== 'any' ? ` Takes ${describe(entry.input)}.` : '';
  const examples = entry.examples.map(({ expression, value }) => {
    const shown = expression.replaceAll('\n', '\\n');
    return `${shown}  →  ${JSON.stringify(value)}`;
  });
  const also = aliases === '' ? '' : ` Also ${aliases}.`;
  return `${heading(`\`${signature(entry)}\``)}\n\n${entry.summary}${takes}${also}\n\n\`\`\`\n${examples.join('\n')}\n\`\`\`\n`;
}
