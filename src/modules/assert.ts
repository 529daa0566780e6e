import { Type } from 'typebox';
import type { RunEffect } from '../core/module.ts';
import { control } from '../core/module.ts';

export const assert = control({
  name: 'assert',
  summary: 'Fails unless conditions are true.',
  description: [
    '`that` holds expressions as `when` does, without `{{ }}`. Each must give true or false; a list or a number is not',
    'taken for either: write `members | length > 0`.',
    '',
    'The message of a failure says which condition was not true, counted from 1, after `fail_msg` where there is one.',
  ].join('\n'),
  params: Type.Object(
    {
      that: Type.Union([Type.Boolean(), Type.Array(Type.Boolean(), { minItems: 1 })], {
        description: 'An expression, or a list of expressions that must all be true.',
        'x-quorate-expression': true,
      }),
      fail_msg: Type.Optional(Type.String({ description: 'What to say where one is not true.' })),
      success_msg: Type.Optional(Type.String({ description: 'What to show where all are true.' })),
    },
    { additionalProperties: false },
  ),
  returns: Type.Object({}),
  examples: [
    {
      title: 'An odd number of voters',
      yaml: [
        '- assert:',
        '    that:',
        '      - health.voters is odd',
        '      - health.learners == 0',
        '    fail_msg: the cluster is in the middle of a change',
      ].join('\n'),
    },
  ],
  control({ that, fail_msg, success_msg }): readonly RunEffect[] {
    const conditions = typeof that === 'boolean' ? [that] : that;
    const failed = conditions.indexOf(false);
    if (failed >= 0) {
      const which = conditions.length === 1 ? 'the condition' : `condition ${failed + 1} of ${conditions.length}`;
      const message = fail_msg === undefined ? `${which} is not true` : `${fail_msg} (${which} is not true)`;
      return [{ kind: 'check', that: false, message }];
    }
    return success_msg === undefined ? [] : [{ kind: 'show', text: success_msg }];
  },
});
