import type { ModuleCase } from '../../../src/testing/module-case.ts';

export const cases: readonly ModuleCase[] = [
  { name: 'a time', params: { seconds: 1.5, minutes: 2 }, expect: { effects: [{ kind: 'wait', ms: 121_500 }] } },
  {
    name: 'a time, and a text that is only shown',
    params: { seconds: 1, prompt: 'Look' },
    expect: {
      effects: [
        { kind: 'show', text: 'Look' },
        { kind: 'wait', ms: 1000 },
      ],
    },
  },
  { name: 'somebody is asked', params: { prompt: 'Look' }, expect: { effects: [{ kind: 'ask', text: 'Look' }] } },
  { name: 'without words', params: {}, expect: { effects: [{ kind: 'ask', text: 'The run waits' }] } },
];
