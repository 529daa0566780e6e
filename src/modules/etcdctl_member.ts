import { Type } from 'typebox';
import { converge } from '../core/module.ts';
import { accessParams, listedMemberSchema } from '../etcd-client/schemas.ts';

const params = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]+$',
        description: 'The name of the member; BCM uses the name of its node.',
      }),
    ),
    peer_url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'Its peer URL. A member that never started is known by it alone.',
      }),
    ),
    state: Type.Enum(['learner', 'voter', 'absent'], {
      description: '`learner`: added, with or without a vote. `voter`: with a vote. `absent`: not a member.',
    }),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  member_id: Type.String({ description: 'In hex; empty where it is not a member.' }),
  name: Type.String(),
  peer_url: Type.String(),
  role: Type.Enum(['learner', 'voter', 'absent']),
  started: Type.Boolean({ description: 'True once it has joined the cluster; stays true when it is stopped.' }),
  cluster_id: Type.String({ description: 'In hex.' }),
  members: Type.Array(listedMemberSchema),
});

export const etcdctlMember = converge<typeof params, typeof returns, { readonly action: 'none' }>({
  name: 'etcdctl_member',
  weighed: true,
  summary: 'Adds a member to an etcd cluster as a learner, promotes it, or removes it.',
  description: '',
  params,
  returns,
  examples: [],
  async observe() {
    return { kind: 'unknown', why: 'not built yet' };
  },
  risks: () => [],
  async apply() {
    return undefined;
  },
  settleMs: () => 10_000,
});
