import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import { observe } from '../core/module.ts';
import { accessParams } from '../etcd-client/schemas.ts';

const params = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]+$', description: 'The name of the learner.' })),
    peer_url: Type.Optional(Type.String({ pattern: '^https?://', description: 'Its peer URL.' })),
    max_lag: Type.Integer({
      default: 10,
      minimum: 0,
      description: 'By how many raft entries it may be behind the leader.',
    }),
    polls: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'How many polls in a row, a second apart, must find it in sync.',
    }),
    stall: Type.Number({
      default: 300,
      minimum: 1,
      description: 'Seconds without any progress after which it is given up.',
    }),
    timeout: Type.Number({ default: 3600, minimum: 1, description: 'Seconds after which it is given up in any case.' }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  member_id: Type.String({ description: 'In hex.' }),
  name: Type.String(),
  role: Type.Enum(['learner', 'voter']),
  lag: Type.Integer({ description: 'By how many raft entries it was behind the leader at the last poll.' }),
  source: Type.Enum(['debug/vars', 'endpoint status', 'none'], {
    description:
      "Where the lag is from: the leader's own progress, or the indexes that both report. `none` where a voter was not asked.",
  }),
  waited_ms: Type.Integer(),
});

export const waitForLearner = observe<typeof params, typeof returns>({
  name: 'wait_for_learner',
  foresees: true,
  summary: 'Waits until a learner is alive and in sync with the leader, and shows how far behind it is.',
  description: '',
  params,
  returns,
  examples: [],
  async observe() {
    throw new Failure('unknown-state', 'not built yet');
  },
});
