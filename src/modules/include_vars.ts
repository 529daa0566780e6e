import { Type } from 'typebox';
import { control } from '../core/module.ts';

export const includeVars = control({
  name: 'include_vars',
  summary: 'Gives names the values that a file has for them, for the tasks that follow on the same host.',
  description: [
    'The file is looked for in `vars/` beside the tasks file, or in that of the role, then beside it, at last beside the playbook. It is read and',
    'checked with the playbook, so its name must be known before the run, or be one of a few that are: from a loop that is written out, or from a',
    'param with an `enum`. Its values may hold expressions, which are worked out where they are used. Registers and `set_fact` win over them.',
    'There is no `dir`: name each file.',
  ].join('\n'),
  params: Type.Object(
    {
      file: Type.String({ minLength: 1, description: 'The file: a map of names and values, in YAML.' }),
      name: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
          description: 'The one name that has all of the file, as a map. Literal.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  freeForm: 'file',
  readsVars: { from: 'file', under: 'name' },
  returns: Type.Object({ ansible_included_var_files: Type.Array(Type.String()) }),
  examples: [
    { title: 'What differs between sites', yaml: '- include_vars: "{{ item }}"\n  loop: [common.yml, north.yml]' },
  ],
  control: ({ file }) => [{ kind: 'include-vars', file }],
});
