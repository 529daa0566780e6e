import type { Module } from '../core/module.ts';
import { writtenSchema } from '../custom/params.ts';
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
  metaActions,
  metaKeywords,
  playKeywords,
  roleEntryKeywords,
  roleFileKeywords,
  type Shape,
  taskKeywords,
} from '../playbook/keywords.ts';
import { paramKeywords, paramTypes } from '../playbook/param-schema.ts';
import { isSchema, type Schema } from '../playbook/schema-walk.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const expression = { $ref: '#/$defs/expression' };
const orExpression = (schema: Schema): Schema => ({ anyOf: [schema, expression] });

/** What an editor accepts for each shape of value. */
const shapes: Readonly<Record<Shape, Schema>> = {
  text: { type: 'string' },
  label: { type: ['string', 'number', 'boolean'] },
  identifier: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  boolean: { type: 'boolean' },
  'boolean-or-expression': orExpression({ type: 'boolean' }),
  seconds: orExpression({ type: 'number', minimum: 0 }),
  percentage: orExpression({ type: 'number', minimum: 0, maximum: 100 }),
  serial: { type: ['integer', 'string', 'array'], items: { type: ['integer', 'string'] } },
  order: { enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted'] },
  count: orExpression({ type: 'integer', minimum: 0 }),
  conditions: { type: ['string', 'boolean', 'array'], items: { type: ['string', 'boolean'] } },
  template: {},
  names: { type: ['string', 'array'], items: { type: 'string' } },
  vars: { type: 'object', propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
  'vars-files': { type: ['string', 'array'], items: { type: ['string', 'array'], items: { type: 'string' } } },
  params: { type: 'object', additionalProperties: { $ref: '#/$defs/param' } },
  hosts: { type: ['string', 'array'], items: { type: 'string' } },
  texts: { type: ['string', 'array'], items: { type: 'string' } },
  meta: { enum: metaActions },
  handlers: { type: 'array', items: { $ref: '#/$defs/handler' } },
  steps: { type: 'array', items: { $ref: '#/$defs/step' } },
  loop: orExpression({ type: 'array' }),
  'loop-control': { $ref: '#/$defs/loopControl' },
  'become-method': { enum: ['sudo'] },
  args: { type: 'object' },
  strategy: { enum: ['linear', 'free', 'host_pinned'] },
  roles: { type: 'array', items: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/roleEntry' }] } },
  role: { $ref: '#/$defs/roleFile' },
  'included-role': { $ref: '#/$defs/includedRole' },
  apply: { $ref: '#/$defs/apply' },
  connection: { enum: ['ssh', 'local'] },
  'module-defaults': { type: 'object', additionalProperties: { type: ['object', 'null'] } },
  environment: orExpression({ type: ['object', 'array'] }),
  include: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/importedFile' }] },
  included: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/includedFile' }] },
};

function ofKeywords(keywords: Keywords, more: Schema = {}, required: readonly string[] = []): Schema {
  const properties = Object.entries(keywords).map(([name, { shape, about }]) => [
    name,
    { ...shapes[shape], description: about },
  ]);
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), ...more },
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** A module's schema for whoever writes: where a number, a boolean or one of several words is wanted, an expression may stand. */
function writable(schema: Schema): Schema {
  const { description } = schema;
  if (schema['x-quorate-expression'] === true) {
    return { ...(description ? { description } : {}), type: ['string', 'boolean', 'number', 'array', 'object'] };
  }
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (['properties', 'patternProperties'].includes(key) && isSchema(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, isSchema(v) ? writable(v) : v]))];
      }
      if (['items', 'additionalProperties'].includes(key) && isSchema(value)) return [key, writable(value)];
      return [key, ['anyOf', 'oneOf', 'allOf'].includes(key) && Array.isArray(value) ? value.map(writable) : value];
    }),
  );
  const plainText = schema.type === 'string' && !['enum', 'pattern', 'minLength', 'format'].some(key => key in schema);
  const anything = schema.type === undefined && !('enum' in schema) && !('anyOf' in schema) && !('const' in schema);
  if (plainText || anything) return inner;
  const { description: _, default: fallback, ...rest } = inner;
  return {
    ...(description ? { description } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...orExpression(rest),
  };
}

/** What may stand below a module's name in a task. */
function argsOf(module: Module): Schema {
  const { required, properties = {}, ...rest } = writtenSchema(module.params);
  const params = isSchema(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, v]) => [name, isSchema(v) ? writable(v) : v]))
    : {};
  const object = { ...rest, properties: params, ...(required ? { required } : {}) };
  const forms: Schema[] = [object];
  if (module.freeForm) forms.push({ type: 'string' });
  if (!required) forms.push({ type: 'null' });
  return { description: module.summary, ...(forms.length > 1 ? { anyOf: forms } : object) };
}

const jsonTypes: Readonly<Record<string, Schema>> = { type: { enum: paramTypes }, items: { $ref: '#/$defs/param' } };

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** By whether a key is there, so that an editor says what is wrong with the one that is meant. */
function choose(key: string, there: Schema, otherwise: Schema): Schema {
  return Object.fromEntries([
    ['if', { type: 'object', required: [key] }],
    ['then', there],
    ['else', otherwise],
  ]);
}

export function playbookSchema(modules: readonly Module[]): Schema {
  const byModule = Object.fromEntries(modules.map(m => [m.name, argsOf(m)]));
  const param = Object.entries(paramKeywords).map(([name, { takes, about }]) => [
    name,
    { ...(jsonTypes[name] ?? { type: takes }), description: about },
  ]);
  return {
    $schema: DRAFT,
    title: 'Playbook of quorate',
    description: 'A list of plays, or a file of tasks.',
    type: 'array',
    items: choose('hosts', ref('play'), choose('import_playbook', ref('importPlaybook'), ref('step'))),
    $defs: {
      expression: { type: 'string', pattern: '\\{\\{', description: 'An expression in {{ }}.' },
      play: {
        ...ofKeywords(playKeywords, {}, ['hosts']),
        anyOf: ['tasks', 'roles', 'pre_tasks', 'post_tasks'].map(section => ({ required: [section] })),
      },
      step: {
        type: 'object',
        ...choose(
          'block',
          ref('block'),
          choose(
            'include_tasks',
            ref('include'),
            choose(
              'import_tasks',
              ref('import'),
              choose(
                'include_role',
                ref('includeRole'),
                choose('import_role', ref('importRole'), choose('meta', ref('meta'), ref('task'))),
              ),
            ),
          ),
        ),
      },
      block: ofKeywords(blockKeywords),
      include: ofKeywords(includeKeywords),
      import: ofKeywords(importKeywords),
      roleEntry: { ...ofKeywords(roleEntryKeywords), additionalProperties: true },
      includeRole: ofKeywords(includeRoleKeywords),
      importRole: ofKeywords(importRoleKeywords),
      roleFile: ofKeywords(roleFileKeywords, {}, ['name']),
      importPlaybook: ofKeywords(importPlaybookKeywords),
      includedRole: ofKeywords(includedRoleKeywords, {}, ['name']),
      importedFile: ofKeywords(importedFileKeywords, {}, ['file']),
      includedFile: ofKeywords(includedFileKeywords, {}, ['file']),
      apply: ofKeywords(applyKeywords),
      meta: ofKeywords(metaKeywords),
      loopControl: ofKeywords(loopControlKeywords),
      param: { type: 'object', properties: Object.fromEntries(param), additionalProperties: false },
      task: ofKeywords(taskKeywords, byModule),
      handler: ofKeywords(handlerKeywords, byModule),
    },
  };
}

export function moduleSchema(module: Module): Schema {
  const { $schema: _, ...schema } = writtenSchema(module.params);
  return { $schema: DRAFT, title: module.name, description: module.summary, ...schema };
}
