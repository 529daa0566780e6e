import type { Module } from '../core/module.ts';
import { plainSchema } from '../custom/params.ts';
import { journalSchema } from '../journal/schema.ts';
import { configSchema } from '../lint/config-schema.ts';
import { lintSchema } from '../lint/formats/json-schema.ts';
import { argumentSpecsSchema } from '../playbook/argument-specs-schema.ts';
import { inventorySchema } from '../playbook/inventory-schema.ts';
import { isSchema, type Schema } from '../playbook/schema-walk.ts';
import { playbookSchema, tasksSchema } from './editor-schema.ts';
import { withHoverTexts } from './hover-texts.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

interface Published {
  /** What it is of, in a few words. */
  readonly about: string;
  /** Raised where something that was accepted no longer is; part of its `$id`. */
  readonly version: number;
  readonly make: (modules: readonly Module[]) => Schema;
}

/** Every schema that others may rely on, by its stable name: `schemas/NAME.schema.json`, `quorate schema NAME`. */
export const schemas = {
  playbook: { about: 'a playbook', version: 1, make: playbookSchema },
  tasks: { about: "a file of tasks, or of a role's handlers", version: 1, make: tasksSchema },
  inventory: { about: 'an inventory', version: 1, make: groupsInGroups },
  'argument-specs': { about: "a role's meta/argument_specs.yml", version: 1, make: () => argumentSpecsSchema },
  config: { about: 'quorate.yml', version: 1, make: () => plainSchema(configSchema) },
  lint: { about: 'what lint gives with --format json', version: 1, make: () => plainSchema(lintSchema) },
  journal: { about: 'a line of the journal, and of --json', version: 1, make: () => plainSchema(journalSchema) },
} as const satisfies Readonly<Record<string, Published>>;

export type SchemaName = keyof typeof schemas;

export const isSchemaName = (name: string): name is SchemaName => Object.hasOwn(schemas, name);

/** What stands below `children` is groups again. Reading an inventory checks each level by itself, so its own schema need not say so. */
function groupsInGroups(): Schema {
  const within = (key: string, value: unknown): unknown =>
    key === 'children' && isSchema(value) ? { ...value, anyOf: [{ $ref: '#' }, { type: 'null' }] } : value;
  return JSON.parse(JSON.stringify(plainSchema(inventorySchema)), within);
}

/** One of them, with these modules in it. Its `$id` is a name, not an address: nothing is fetched for it. */
export function publishedSchema(name: SchemaName, modules: readonly Module[]): Schema {
  const { version, make }: Published = schemas[name];
  return published(`${name}:${version}`, make(modules));
}

/** The same for the parameters of one module, by themselves. */
export function published(id: string, schema: Schema): Schema {
  return { $schema: DRAFT, $id: `urn:quorate:schema:${id}`, ...withHoverTexts(schema) };
}
