import type { TSchema } from 'typebox';
import type { Module } from '../core/module.ts';
import { scopeOf } from '../playbook/inputs.ts';
import type { Param } from '../playbook/read-params.ts';
import type { Playbook } from '../playbook/read-playbook.ts';

/** The parts of a JSON Schema that the reference shows. */
export interface Shown {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Shown;
  readonly properties?: Readonly<Record<string, Shown>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Shown[];
  readonly const?: unknown;
  readonly $ref?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  /** Not written by anybody. */
  readonly 'x-quorate-made'?: boolean;
}

/** "list of text", "one of learner, voter, absent": a type in words. */
export function typeInWords(schema: Shown): string {
  if (schema.$ref === '#/$defs/expression') return 'an expression';
  // `#/$defs/includedRole`: included role.
  if (schema.$ref !== undefined) return schema.$ref.replace(/^.*\//, '').replace(/[A-Z]/g, ' $&').toLowerCase();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.map(String).join(', ')}`;
  if (schema.anyOf) return schema.anyOf.map(typeInWords).join(' or ');
  if (schema.type === undefined) return 'any value';
  if (typeof schema.type !== 'string') return schema.type.join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeInWords(schema.items) : 'any value'}`;
  return schema.type;
}

/** One table row an entry, those of nested objects below theirs as `overlays[].name`. */
function* rows(schema: Shown, prefix: string): Generator<readonly [string, string, string, string]> {
  for (const [name, entry] of Object.entries(schema.properties ?? {})) {
    if (entry['x-quorate-made']) continue;
    const required = schema.required?.includes(name) && entry.default === undefined;
    const fallback = required
      ? '**required**'
      : entry.default === undefined
        ? ''
        : `\`${JSON.stringify(entry.default)}\``;
    yield [`\`${prefix}${name}\``, typeInWords(entry), fallback, entry.description ?? ''];
    yield* rows(entry, `${prefix}${name}.`);
    if (entry.items) yield* rows(entry.items, `${prefix}${name}[].`);
  }
}

function table(head: readonly string[], lines: Iterable<readonly string[]>): string {
  const cellText = (cell: string) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [head, head.map(() => '---'), ...lines].map(cells => `| ${cells.map(cellText).join(' | ')} |`).join('\n');
}

const kinds = {
  observe: 'It only looks, so it also runs in check mode.',
  converge: 'It looks first, and changes only what differs; running it again changes nothing.',
  act: 'It does something each time it runs; check mode leaves it out.',
  control: 'It concerns the run only and touches no host.',
} as const satisfies Record<Module['kind'], string>;

/** The reference of one module as Markdown: what it does, its parameters, its result, examples. */
export function moduleReference(module: Module): string {
  const params: TSchema & Shown = module.params;
  const returns: TSchema & Shown = module.returns;
  const parts = [`## ${module.name}`, module.summary, `${kinds[module.kind]}`, module.description.trim()];
  const inputs = [...rows(params, '')];
  if (inputs.length > 0) parts.push('**Parameters**', table(['name', 'type', 'default', 'meaning'], inputs));
  const results = [...rows(returns, '')].map(([name, type, , meaning]) => [name, type, meaning] as const);
  if (results.length > 0) parts.push('**Result**', table(['name', 'type', 'meaning'], results));
  for (const { title, yaml } of module.examples) parts.push(`**${title}**`, `\`\`\`yaml\n${yaml.trim()}\n\`\`\``);
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** The inputs of a playbook as a Markdown table, each once; empty where it takes none. */
export function inputsReference({ plays }: Playbook): string {
  const inputs = new Map(plays.flatMap(play => play.params).map(param => [param.name, param]));
  if (inputs.size === 0) return '';
  const lines = [...inputs.values()].map(param => [
    `\`${param.name}\``,
    `${typeInWords(param.schema)}${param.secret ? ', secret' : ''}`,
    defaultInWords(param),
    param.description ?? '',
  ]);
  return `**Inputs** (\`-e name=value\`)\n\n${table(['name', 'type', 'default', 'meaning'], lines)}\n`;
}

/** A default that depends on other inputs is shown as it is written. */
function defaultInWords({ default: fallback }: Param): string {
  if (!fallback) return '**required**';
  if (!fallback.literal) {
    const { source, start, end } = fallback.span;
    return `\`${source.text.slice(start, end)}\``;
  }
  const value = fallback.render(scopeOf(new Map()));
  return value === null ? '' : `\`${JSON.stringify(value)}\``;
}
