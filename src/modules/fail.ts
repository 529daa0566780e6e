import { Type } from 'typebox';
import { control } from '../core/module.ts';

export const fail = control({
  name: 'fail',
  summary: 'Fails, with a message.',
  description: 'For what a playbook finds out and no module can: usually with `when`.',
  params: Type.Object(
    {
      msg: Type.String({ default: 'the playbook says so', description: 'Why; one sentence.' }),
      hint: Type.Optional(Type.String({ description: 'What to do next.' })),
    },
    { additionalProperties: false },
  ),
  returns: Type.Object({}),
  examples: [
    {
      title: 'Stop where a member must not be touched',
      yaml: ['- fail:', '    msg: node001 is the only voter', "  when: health.voters == 1 and node == 'node001'"].join(
        '\n',
      ),
    },
  ],
  control: ({ msg, hint }) => [{ kind: 'check', that: false, message: msg, ...(hint === undefined ? {} : { hint }) }],
});
