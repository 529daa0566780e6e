import { Type } from 'typebox';

/** The parameters by which every module of etcd's is told how to reach etcdctl; `accessOf` reads them. */
export const accessParams = {
  environment_module: Type.String({
    default: 'etcd/kube-default',
    description:
      'The environment module that brings etcdctl, its endpoint and its certificates. Not used where `endpoints` is given.',
  }),
  endpoints: Type.Optional(
    Type.Array(Type.String({ pattern: '^https?://' }), {
      minItems: 1,
      description: 'Client URLs of the cluster, instead of the environment module.',
    }),
  ),
  cacert: Type.Optional(
    Type.String({ description: 'With `endpoints`: the path of the certificate of the authority.' }),
  ),
  cert: Type.Optional(Type.String({ description: 'With `endpoints`: the path of the client certificate.' })),
  key: Type.Optional(Type.String({ description: 'With `endpoints`: the path of the key of the client certificate.' })),
  etcdctl: Type.Optional(
    Type.String({ description: 'The path of etcdctl, where it is another than the one on the PATH.' }),
  ),
  via: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      description:
        'Hosts on which etcdctl may be run; the first that answers is used. Default: the hosts of the group `etcd`, and where there are none, the host of the task.',
    }),
  ),
};

const memberProperties = {
  id: Type.String({ description: 'The ID, in hex.' }),
  name: Type.String({ description: 'Empty for a member that never started.' }),
  role: Type.Enum(['voter', 'learner']),
  started: Type.Boolean(),
  peer_url: Type.String({ description: 'The first of `peer_urls`.' }),
  peer_urls: Type.Array(Type.String()),
  client_urls: Type.Array(Type.String()),
};

/** A member as `member list` has it. */
export const listedMemberSchema = Type.Object(memberProperties);

/** A member, and what it said of itself. */
export const memberSchema = Type.Object({
  ...memberProperties,
  health: Type.Enum(['healthy', 'unhealthy', 'unknown'], {
    description:
      'Of a voter: it answers linearizable reads. Of a learner: it answers at all. Unknown: it was not asked.',
  }),
  leader: Type.Boolean(),
  version: Type.String({ description: 'Of its etcd; empty where it did not answer.' }),
  db_size: Type.Integer({ description: 'Bytes; 0 where it did not answer.' }),
  revision: Type.Integer({ description: '0 where it did not answer.' }),
  raft_term: Type.Integer({ description: '0 where it did not answer.' }),
  raft_index: Type.Integer({ description: '0 where it did not answer.' }),
  raft_applied_index: Type.Integer({ description: '0 where it did not answer.' }),
});

export const alarmSchema = Type.Object({
  member_id: Type.String(),
  alarm: Type.String({ description: '`NOSPACE`, `CORRUPT`, or the number of another.' }),
});

/** What `etcd_health` and `etcd_status` both return. */
export const pictureProperties = {
  cluster_id: Type.String({ description: 'In hex.' }),
  leader: Type.String({ description: 'The name of the leader; empty where there is none.' }),
  voters: Type.Integer({ description: 'How many members have a vote, unstarted ones included.' }),
  learners: Type.Integer({ description: 'How many members are learners, unstarted ones included.' }),
  voter_names: Type.Array(Type.String(), { description: 'Unstarted members, which have no name, are left out.' }),
  learner_names: Type.Array(Type.String(), { description: 'Unstarted members, which have no name, are left out.' }),
  member_names: Type.Array(Type.String(), { description: 'Unstarted members, which have no name, are left out.' }),
  peer_urls: Type.Array(Type.String(), { description: 'Of all members, unstarted ones included.' }),
  unstarted: Type.Boolean({ description: 'True where a member was added that never started.' }),
  versions: Type.Array(Type.String(), { description: 'The versions of etcd that run, each once, oldest first.' }),
  warnings: Type.Array(Type.String(), { description: 'Known faults of these versions.' }),
  etcdctl_version: Type.String({ description: 'Of the etcdctl that was used; empty where it does not say.' }),
  etcdctl_warnings: Type.Array(Type.String(), {
    description: 'What whoever types its commands by hand should know of that etcdctl. quorate goes around it.',
  }),
  members: Type.Array(memberSchema),
};
