import type { Json } from '../core/value.ts';
import type { Schema } from './schema-walk.ts';

const types: Readonly<Record<string, Schema>> = {
  str: { type: 'string' },
  path: { type: 'string' },
  int: { type: 'integer' },
  float: { type: 'number' },
  bool: { type: 'boolean' },
  list: { type: 'array' },
  dict: { type: 'object', additionalProperties: true },
  raw: {},
};

export const optionTypes: readonly string[] = Object.keys(types);

/** What an option of a role's argument specs says of its value, as a JSON Schema. `str` where it says no type, as in Ansible. */
export function schemaOfOption(option: Json): Schema {
  if (typeof option !== 'object' || option === null || Array.isArray(option)) return {};
  const { type = 'str', elements, choices, options } = option as Readonly<Record<string, Json>>;
  if (type !== 'list' && Array.isArray(choices) && choices.every(choice => typeof choice === 'string'))
    return { enum: choices };
  const base = types[String(type)] ?? {};
  if (type === 'list') return { ...base, items: schemaOfOption({ type: elements ?? 'raw', options: options ?? null }) };
  if (type !== 'dict' || typeof options !== 'object' || options === null || Array.isArray(options)) return base;
  const properties = Object.fromEntries(Object.entries(options).map(([name, one]) => [name, schemaOfOption(one)]));
  return { type: 'object', properties };
}
