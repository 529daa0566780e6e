import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import { observe } from '../core/module.ts';
import { accessParams, pictureProperties } from '../etcd-client/schemas.ts';

const params = Type.Object(
  {
    voters: Type.Optional(Type.Integer({ minimum: 1, description: 'How many voters there must be.' })),
    learners: Type.Optional(Type.Integer({ minimum: 0, description: 'How many learners there must be.' })),
    stable_for: Type.Number({
      default: 6,
      minimum: 0,
      description:
        'Seconds for which all must hold without a break; etcd itself looks back 5 s before it adds a member.',
    }),
    timeout: Type.Number({
      default: 60,
      minimum: 0,
      description: 'Seconds to wait for it. 0: look once, or for `stable_for`.',
    }),
    min_version: Type.String({
      default: '3.4.4',
      pattern: '^\\d+\\.\\d+(\\.\\d+)?$',
      description: 'The oldest version of etcd that is accepted on any member.',
    }),
    equal_hashes: Type.Boolean({
      default: false,
      description: 'Whether the data of all voters must be the same, by their hashes at one revision.',
    }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  ...pictureProperties,
  quorum: Type.Integer(),
  fault_tolerance: Type.Integer({ description: 'How many voters may fail now.' }),
  revision: Type.Integer({ description: 'The revision at which the hashes were taken, or the lowest of the voters.' }),
  hash: Type.String({ description: 'The hash of the data, in hex; empty without `equal_hashes`.' }),
});

export const etcdHealth = observe<typeof params, typeof returns>({
  name: 'etcd_health',
  foresees: true,
  summary: 'Waits until every voter of an etcd cluster is healthy, and fails where that does not come about.',
  description: '',
  params,
  returns,
  examples: [],
  async observe() {
    throw new Failure('unknown-state', 'not built yet');
  },
});
