import { Type } from 'typebox';
import { control } from '../core/module.ts';

export const debug = control({
  name: 'debug',
  summary: 'Shows a message or a value.',
  description: [
    'A list given as `msg` is shown a line an item. `var` is an expression without `{{ }}`; its value is shown as text',
    'where it is a text and as JSON otherwise. Secrets are masked.',
  ].join('\n'),
  params: Type.Object(
    {
      msg: Type.Optional(Type.Unknown({ description: 'What to show.' })),
      var: Type.Optional(
        Type.Unknown({ description: 'An expression whose value to show.', 'x-quorate-expression': true }),
      ),
    },
    { additionalProperties: false },
  ),
  returns: Type.Object({}),
  freeForm: 'msg',
  examples: [
    { title: 'A line of text', yaml: "- debug:\n    msg: 'the leader is {{ health.leader }}'" },
    { title: 'The value of an expression', yaml: '- debug:\n    var: health.members' },
  ],
  lint: params =>
    'msg' in params && 'var' in params
      ? [{ at: ['var'], severity: 'error', message: 'debug shows either msg or var', hint: 'leave one of them out' }]
      : [],
  control: params =>
    'msg' in params && 'var' in params
      ? [{ kind: 'check', that: false, message: 'debug shows either msg or var; leave one of them out' }]
      : [{ kind: 'show', text: shown('var' in params ? params.var : params.msg) }],
});

function shown(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value.join('\n');
  return JSON.stringify(value, null, 2);
}
