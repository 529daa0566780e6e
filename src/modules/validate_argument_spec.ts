import { Type } from 'typebox';
import { control, type RunEffect } from '../core/module.ts';
import type { Json } from '../core/value.ts';

type Spec = Readonly<Record<string, Json>>;

export const validateArgumentSpec = control({
  name: 'validate_argument_spec',
  summary: 'Checks arguments against what is said of them.',
  description: [
    'Fails where an argument that is required is not there, or where one is of another type or not one of its `choices`. Values are not',
    'converted: the text "7" is no `int`. A role that has meta/argument_specs.yml is checked by this without a task of its own.',
  ].join('\n'),
  params: Type.Object(
    {
      argument_spec: Type.Record(Type.String(), Type.Unknown(), {
        description:
          'By name: `type` (str by default), `required`, `choices`, `elements` of a list, `options` of a dict.',
      }),
      provided_arguments: Type.Record(Type.String(), Type.Unknown(), {
        default: {},
        description: 'The values, by name.',
      }),
    },
    { additionalProperties: false },
  ),
  returns: Type.Object({}),
  examples: [
    {
      title: 'What a tasks file is given',
      yaml: [
        '- validate_argument_spec:',
        '    argument_spec:',
        '      port: { type: int, required: true }',
        '      mode: { type: str, choices: [learner, voter] }',
        '    provided_arguments: { port: 2379, mode: voter }',
      ].join('\n'),
    },
  ],
  control: ({ argument_spec, provided_arguments }) =>
    problemsIn(asMap(argument_spec), asMap(provided_arguments), '').map(
      (message): RunEffect => ({ kind: 'check', that: false, message }),
    ),
});

function problemsIn(spec: Spec, given: Spec, path: string): readonly string[] {
  return Object.entries(spec).flatMap(([name, option]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const about = asMap(option);
    const value = given[name];
    if (value === undefined || value === null) return about.required === true ? [`the argument ${at} is missing`] : [];
    return problemsOf(about, value, at);
  });
}

function problemsOf(about: Spec, value: Json, at: string): readonly string[] {
  const type = typeof about.type === 'string' ? about.type : 'str';
  if (!isOfType(type, value))
    return [`the argument ${at} must be ${named[type] ?? type}, not ${JSON.stringify(value)}`];
  const { choices } = about;
  if (Array.isArray(choices)) {
    const off = (Array.isArray(value) ? value : [value]).filter(one => !choices.includes(one));
    if (off.length > 0) return [`the argument ${at} must be one of ${choices.join(', ')}, not ${off.join(', ')}`];
  }
  if (type === 'dict' && about.options !== undefined) return problemsIn(asMap(about.options), asMap(value), at);
  if (!Array.isArray(value)) return [];
  const element = { type: about.elements ?? 'raw', ...(about.options === undefined ? {} : { options: about.options }) };
  return value.flatMap((one, i) => problemsOf(element, one, `${at}[${i}]`));
}

const named: Readonly<Record<string, string>> = {
  str: 'a text',
  path: 'a text',
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  list: 'a list',
  dict: 'a map',
};

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'str':
    case 'path':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'dict':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

function asMap(value: unknown): Spec {
  return isMapping(value) ? value : {};
}

function isMapping(value: unknown): value is Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
