import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import { observe } from '../core/module.ts';
import { faultTolerance, standingOf } from '../etcd/standing.ts';
import { accessOf } from '../etcd-client/client.ts';
import { pictureOf } from '../etcd-client/picture.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { accessParams, alarmSchema, pictureProperties } from '../etcd-client/schemas.ts';

const params = Type.Object(
  {
    without_quorum: Type.Enum(['fail', 'tell'], {
      default: 'fail',
      description:
        'What it leads to that no member can list the others for lack of a quorum. `tell`: `unseen` says why, there are no members, and the margin is negative.',
    }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  ...pictureProperties,
  unseen: Type.String({ description: 'With `without_quorum: tell`: why no members are known; else empty.' }),
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
  members: 'told',
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
    const seen = await readCluster(probe, accessOf(p)).catch(unlessTold(p.without_quorum));
    if (typeof seen === 'string') return { ...NOTHING, unseen: seen };
    const { cluster } = seen;
    const standing = standingOf(cluster.members);
    return {
      ...(await pictureOf(seen)),
      unseen: '',
      alarms: cluster.alarms.map(a => ({ member_id: a.memberId, alarm: a.kind })),
      standing: { ...standing, fault_tolerance: faultTolerance(standing) },
    };
  },
});

/** No quorum is told of where that is asked for. Hosts that can't be asked at all are a failure all the same. */
function unlessTold(without: 'fail' | 'tell') {
  return (error: unknown): string => {
    if (without === 'tell' && error instanceof Failure && error.code === 'no-quorum') return error.message;
    throw error;
  };
}

const NOTHING = {
  ...{ cluster_id: '', leader: '', voters: 0, learners: 0, unstarted: false, etcdctl_version: '' },
  ...{ voter_names: [], learner_names: [], member_names: [], peer_urls: [], members: [] },
  ...{ versions: [], warnings: [], etcdctl_warnings: [], alarms: [] },
  standing: { voters: 0, healthy: 0, learners: 0, quorum: 1, margin: -1, fault_tolerance: 0 },
};
