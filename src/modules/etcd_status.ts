import { Type } from 'typebox';
import { observe } from '../core/module.ts';
import { faultTolerance, standingOf } from '../etcd/standing.ts';
import { accessOf } from '../etcd-client/client.ts';
import { pictureOf } from '../etcd-client/picture.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
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
  description: [
    'Fails only where no host can be asked, or where none of them knows the members. A voter is healthy where it answers',
    'linearizable reads, a learner where it answers at all. Without quorum, which no read passes, the voters that answer at',
    'all count as healthy.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Who is a member?',
      yaml: ['- etcd_status:', '  register: seen', '- debug:', '    var: seen.member_names'].join('\n'),
    },
  ],
  async observe(probe, p) {
    const seen = await readCluster(probe, accessOf(p));
    const { cluster } = seen;
    const standing = standingOf(cluster.members);
    return {
      ...(await pictureOf(seen)),
      alarms: cluster.alarms.map(a => ({ member_id: a.memberId, alarm: a.kind })),
      standing: { ...standing, fault_tolerance: faultTolerance(standing) },
    };
  },
});
