import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import { observe } from '../core/module.ts';
import { accessParams, alarmSchema, pictureProperties } from '../etcd-client/schemas.ts';

const params = Type.Object({ ...accessParams }, { additionalProperties: false });

const returns = Type.Object({
  ...pictureProperties,
  alarms: Type.Array(alarmSchema),
  standing: Type.Object({
    voters: Type.Integer(),
    healthy: Type.Integer(),
    learners: Type.Integer(),
    quorum: Type.Integer(),
    margin: Type.Integer({ description: 'Healthy voters beyond the quorum; negative without quorum.' }),
    fault_tolerance: Type.Integer({
      description: 'How many voters may fail now: the margin, and 0 where that is negative.',
    }),
  }),
});

export const etcdStatus = observe<typeof params, typeof returns>({
  name: 'etcd_status',
  foresees: true,
  summary: 'Tells the members of an etcd cluster, their health and their standing. Does not fail where some are down.',
  description: '',
  params,
  returns,
  examples: [],
  async observe() {
    throw new Failure('unknown-state', 'not built yet');
  },
});
