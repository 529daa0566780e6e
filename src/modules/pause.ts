import { Type } from 'typebox';
import { control } from '../core/module.ts';

const params = Type.Object(
  {
    seconds: Type.Optional(Type.Number({ minimum: 0, description: 'How long.' })),
    minutes: Type.Optional(Type.Number({ minimum: 0, description: 'How long; added to `seconds`.' })),
    prompt: Type.Optional(
      Type.String({
        description: 'Shown. Without a time, the run goes on once somebody at the terminal presses Enter.',
      }),
    ),
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  user_input: Type.Optional(Type.String({ description: 'What was typed, where somebody was asked.' })),
});

export const pause = control<typeof params, typeof returns>({
  name: 'pause',
  summary: 'Waits for some time, or until somebody presses Enter.',
  description: [
    'With a time, waits that long. Without one, asks at the terminal, once for all hosts of the play; where there is no terminal, it',
    'fails. In check mode, and in the rehearsal of a run, it neither waits nor asks.',
    '',
    'A time is never proof that something came about: where it can be looked at, use `wait_for`, `systemd_check`, `etcd_health` or `until`.',
  ].join('\n'),
  params,
  returns,
  examples: [
    { title: 'Ten seconds', yaml: ['- pause:', '    seconds: 10'].join('\n') },
    { title: 'Until somebody has looked', yaml: ['- pause:', '    prompt: Look at the dashboard'].join('\n') },
  ],
  control({ seconds, minutes, prompt }) {
    if (seconds === undefined && minutes === undefined) return [{ kind: 'ask', text: prompt ?? 'The run waits' }];
    const ms = ((seconds ?? 0) + (minutes ?? 0) * 60) * 1000;
    return [...(prompt === undefined ? [] : [{ kind: 'show' as const, text: prompt }]), { kind: 'wait', ms }];
  },
});
