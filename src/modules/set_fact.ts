import { Type } from 'typebox';
import { control } from '../core/module.ts';

export const setFact = control({
  name: 'set_fact',
  summary: 'Gives names to values, for the tasks that follow on the same host.',
  namesFacts: true,
  description: [
    'Each parameter is a name and its value. Values keep their type: `{{ members | length }}` is a number.',
    'A fact is seen by later plays of the run too. It does not outlive the run.',
  ].join('\n'),
  params: Type.Object({}, { additionalProperties: true, minProperties: 1 }),
  returns: Type.Object({}, { additionalProperties: true }),
  examples: [
    {
      title: 'The members that are to be left',
      yaml: '- set_fact:\n    rest: \'{{ health.members | rejectattr("name", "eq", node) }}\'',
    },
  ],
  lint: params =>
    Object.keys(params)
      .filter(name => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      .map(name => ({
        at: [name],
        severity: 'error',
        message: `\`${name}\` cannot be the name of a fact`,
        hint: 'letters, digits and underscores, not beginning with a digit',
      })),
  control: params => [{ kind: 'set-facts', facts: Object.fromEntries(Object.entries(params)) }],
});
