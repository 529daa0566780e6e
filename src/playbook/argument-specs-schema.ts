import { optionTypes } from './role-option.ts';
import type { Schema } from './schema-walk.ts';

const text = { type: 'string' };
const texts = { type: ['string', 'array'], items: text };

/** What Ansible reads in such a file and quorate does not: harmless, but nothing comes of it. */
function unread(names: readonly string[]): Schema {
  const why = 'Ansible reads it; here nothing comes of it';
  return Object.fromEntries(
    names.map(name => [name, { description: `${why}.`, deprecated: true, deprecationMessage: why }]),
  );
}

const options = (about: string): Schema => ({
  type: 'object',
  description: about,
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  additionalProperties: { $ref: '#/$defs/option' },
});

const option: Schema = {
  type: { enum: optionTypes, default: 'str', description: 'The type of its value; `str` where none is given.' },
  required: { type: 'boolean', default: false, description: 'True: the role is not entered without it.' },
  description: { ...texts, description: 'What it is for.' },
  choices: {
    type: 'array',
    description: 'The values allowed; of a list, those of its elements.',
    examples: [['learner', 'voter']],
  },
  elements: { enum: optionTypes, description: 'The type of the elements of a `list`.' },
  options: options('What a `dict`, or each element of a `list` of these, holds.'),
  default: {
    description: 'For the reader alone, as in Ansible: the value itself stands in the `defaults/main.yml` of the role.',
  },
  ...unread([
    'version_added',
    'aliases',
    'no_log',
    'fallback',
    'apply_defaults',
    'mutually_exclusive',
    'required_together',
    'required_one_of',
    'required_if',
    'required_by',
    'removed_at_date',
    'removed_in_version',
    'deprecated_aliases',
  ]),
};

/** What may stand at an argument. */
export const optionKeys: readonly string[] = Object.keys(option);

/** `meta/argument_specs.yml` of a role, for an editor: `validate_argument_spec` and lint read the same words. */
export const argumentSpecsSchema: Schema = {
  title: 'Argument specs of a role',
  description: 'What a role takes: by entry point, the arguments with their types.',
  type: 'object',
  required: ['argument_specs'],
  properties: {
    argument_specs: {
      type: 'object',
      description: 'By entry point: `main`, or the name that `tasks_from` gives.',
      additionalProperties: { $ref: '#/$defs/entryPoint' },
    },
  },
  additionalProperties: false,
  $defs: {
    entryPoint: {
      type: 'object',
      properties: {
        short_description: { ...text, description: 'What the role does, in one sentence.' },
        description: { ...texts, description: 'What it relies on, and what it refuses.' },
        options: options('The arguments, by name. An argument that is not here is not taken.'),
        ...unread(['author', 'version_added', 'seealso', 'notes', 'deprecated', 'attributes']),
      },
      additionalProperties: false,
    },
    option: { type: 'object', properties: option, additionalProperties: false },
  },
};
