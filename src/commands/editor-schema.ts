import type { Module } from '../core/module.ts';
import type { Json } from '../core/value.ts';
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
  otherModules,
  playKeywords,
  replaced,
  roleEntryKeywords,
  roleFileKeywords,
  type Shape,
  taskKeywords,
} from '../playbook/keywords.ts';
import { paramKeywords, paramTypes } from '../playbook/param-schema.ts';
import type { Schema } from '../playbook/schema-walk.ts';
import { argsOf, orExpression } from './module-schema.ts';

/** What an editor accepts for each shape of value. */
export const shapes: Readonly<Record<Shape, Schema>> = {
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

/** What an editor offers as an example, where the shape alone does not tell it. */
export const shapeExamples: Partial<Readonly<Record<Shape, readonly Json[]>>> = {
  conditions: ['result.changed', ['first is succeeded', 'nodes | length > 1']],
  hosts: ['all', 'headnode', 'etcd:!node003'],
  'vars-files': [['vars/common.yml']],
  vars: [{ etcd_port: 2379 }],
  params: [{ node: { type: 'string', description: 'The node that is meant' } }],
  serial: [1, '30%', [1, '50%']],
  loop: [['node001', 'node002'], '{{ nodes }}'],
  'loop-control': [{ loop_var: 'node', label: '{{ node }}' }],
  environment: [{ ETCDCTL_API: '3' }],
  'module-defaults': [{ command: { chdir: '/tmp' } }],
  roles: [['common', { role: 'etcd', tags: ['etcd'] }]],
};

function ofKeywords(keywords: Keywords, more: Schema = {}, required: readonly string[] = []): Schema {
  const properties = Object.entries(keywords).map(([name, { shape, about }]) => [
    name,
    { ...shapes[shape], description: about, ...(shapeExamples[shape] ? { examples: shapeExamples[shape] } : {}) },
  ]);
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), ...more },
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
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

/** Keys of Ansible that are not here: whatever stands there is wrong, an editor says what to write instead, and offers none of them. */
function gone(hints: Readonly<Record<string, string>>): Schema {
  // Of both, an editor prints the message of `type` alone.
  const never = { type: 'null', not: { type: 'null' }, deprecated: true, doNotSuggest: true };
  const rows = Object.entries(hints).map(([name, hint]) => [
    name,
    { ...never, description: `Not here: ${hint}.`, errorMessage: `not here: ${hint}` },
  ]);
  return Object.fromEntries(rows);
}

/** The kinds of step that a key tells; where none of these is there it is a task. */
const kinds = {
  block: 'block',
  include_tasks: 'include',
  import_tasks: 'import',
  include_role: 'includeRole',
  import_role: 'importRole',
  meta: 'meta',
} as const;

/** Offered while a step has no key yet that tells its kind. */
function starters(): Schema {
  const all: Keywords = {
    ...blockKeywords,
    ...includeKeywords,
    ...importKeywords,
    ...includeRoleKeywords,
    ...importRoleKeywords,
    ...metaKeywords,
  };
  return Object.fromEntries(Object.keys(kinds).map(key => [key, { description: all[key]?.about }]));
}

/** What files of plays and files of tasks have in common. */
function stepDefs(modules: readonly Module[]): Schema {
  const byModule = Object.fromEntries(modules.map(({ name }) => [name, ref(`module.${name}`)]));
  // Taken with Ansible's prefix too, but not offered with it.
  const prefixed = modules.map(({ name }) => [`^ansible\\.builtin\\.${name}$`, ref(`module.${name}`)]);
  const patternProperties = Object.fromEntries(prefixed);
  const ofTask = { ...gone({ ...replaced, ...otherModules }), ...byModule };
  const step = Object.entries(kinds).reduceRight<Schema>(
    (other, [key, def]) => choose(key, ref(def), other),
    ref('task'),
  );
  return {
    expression: { type: 'string', pattern: '\\{\\{', description: 'An expression in {{ }}.' },
    step: { type: 'object', ...step },
    block: ofKeywords(blockKeywords, gone(replaced)),
    include: ofKeywords(includeKeywords),
    import: ofKeywords(importKeywords),
    roleEntry: { ...ofKeywords(roleEntryKeywords), additionalProperties: true },
    includeRole: ofKeywords(includeRoleKeywords),
    importRole: ofKeywords(importRoleKeywords),
    roleFile: ofKeywords(roleFileKeywords, {}, ['name']),
    includedRole: ofKeywords(includedRoleKeywords, {}, ['name']),
    importedFile: ofKeywords(importedFileKeywords, {}, ['file']),
    includedFile: ofKeywords(includedFileKeywords, {}, ['file']),
    apply: ofKeywords(applyKeywords),
    meta: ofKeywords(metaKeywords),
    loopControl: ofKeywords(loopControlKeywords),
    task: { ...ofKeywords(taskKeywords, { ...ofTask, ...starters() }), patternProperties },
    handler: { ...ofKeywords(handlerKeywords, ofTask), patternProperties },
    ...Object.fromEntries(modules.map(m => [`module.${m.name}`, argsOf(m)])),
  };
}

/** A list of plays; a list of tasks is accepted too, for editors that take every file for a playbook. */
export function playbookSchema(modules: readonly Module[]): Schema {
  const param = Object.entries(paramKeywords).map(([name, { takes, about }]) => [
    name,
    { ...(jsonTypes[name] ?? { type: takes }), description: about },
  ]);
  const begun = {
    hosts: { description: playKeywords.hosts.about },
    import_playbook: { description: importPlaybookKeywords.import_playbook.about },
  };
  return {
    title: 'Playbook of quorate',
    description: 'A list of plays, or a file of tasks.',
    type: 'array',
    items: choose(
      'hosts',
      ref('play'),
      choose('import_playbook', ref('importPlaybook'), { ...ref('step'), properties: begun }),
    ),
    $defs: {
      ...stepDefs(modules),
      play: {
        ...ofKeywords(playKeywords, gone(replaced), ['hosts']),
        anyOf: ['tasks', 'roles', 'pre_tasks', 'post_tasks'].map(section => ({ required: [section] })),
      },
      importPlaybook: ofKeywords(importPlaybookKeywords),
      param: { type: 'object', properties: Object.fromEntries(param), additionalProperties: false },
    },
  };
}

/** A file of tasks: of `include_tasks`, of a role's `tasks/`; with `listen` also of its `handlers/`. */
export function tasksSchema(modules: readonly Module[]): Schema {
  return {
    title: 'Tasks of quorate',
    description: 'A list of tasks, as a playbook or a role enters it.',
    type: 'array',
    items: choose('listen', ref('handler'), ref('step')),
    $defs: stepDefs(modules),
  };
}
