import type { Static } from 'typebox';
import { Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import { converge } from '../core/module.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { calls, votersOf } from '../etcd/cluster.ts';
import { ASSUMED_ID } from '../etcd-client/assumed.ts';
import { etcdctlWord } from '../etcd-client/by-hand.ts';
import { moveLeader } from '../etcd-client/change.ts';
import { accessOf } from '../etcd-client/client.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { accessParams } from '../etcd-client/schemas.ts';

const NAME = '^[A-Za-z0-9._-]+$';

const params = Type.Object(
  {
    to: Type.Optional(
      Type.String({ pattern: NAME, description: 'The name of the voter that is to lead. Default: any healthy one.' }),
    ),
    away_from: Type.Optional(
      Type.String({ pattern: NAME, description: 'The name of a member that is not to lead; need not exist.' }),
    ),
    ...accessParams,
  },
  { additionalProperties: false },
);

const returns = Type.Object({
  leader: Type.String({ description: 'The name of the member that leads.' }),
  leader_id: Type.String({ description: 'Its ID, in hex.' }),
});

type Params = Static<typeof params>;

/** The leader, and who is to follow it. */
interface Move {
  readonly from: ObservedMember;
  readonly to: ObservedMember;
}

export const etcdMoveLeader = converge<typeof params, typeof returns, Move>({
  name: 'etcd_move_leader',
  weighed: false,
  summary: 'Hands the leadership of an etcd cluster to another voter.',
  description: [
    'With `to`, that voter leads afterwards. With `away_from`, anyone but that member does: nothing is done where it does not',
    'lead already, so it can stand before each stop or removal of a member. It costs writes about 0.1 s, where a leader that is',
    'stopped or removed costs up to 2 s.',
    '',
    'The command is sent to the leader, because only the leader takes it. The new leader is a voter that answers linearizable',
    'reads; anyone else is refused. No vote is gained or lost by it, so guards have nothing to weigh.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Before node003 is stopped',
      yaml: ['- etcd_move_leader:', '    away_from: node003'].join('\n'),
    },
    { title: 'To a certain member', yaml: ['- etcd_move_leader:', '    to: node001'].join('\n') },
  ],
  lint: ({ to, away_from }) => {
    if (to === undefined && away_from === undefined)
      return [{ at: [], severity: 'error', message: 'neither `to` nor `away_from` says who is to lead' }];
    if (to !== undefined && to === away_from)
      return [{ at: ['away_from'], severity: 'error', message: '`to` and `away_from` are the same member' }];
    return [];
  },
  async observe(probe, p) {
    if (p.to === undefined && p.away_from === undefined)
      throw new Failure('invalid-value', 'neither to nor away_from says who is to lead', { hint: 'give one of them' });
    const { cluster } = await readCluster(probe, accessOf(p));
    const leader = cluster.members.find(m => m.id === cluster.leaderId);
    if (!leader) return { kind: 'unknown', why: 'there is no leader that all members agree on' };
    if (isWanted(leader, p))
      return {
        kind: 'same',
        state: { from: leader, to: leader },
        result: { leader: leader.name, leader_id: leader.id },
      };
    const next = successor(cluster, p);
    return {
      kind: 'differs',
      state: { from: leader, to: next },
      changes: [{ what: 'leader', before: leader.name, after: next.name }],
      foreseen: { leader: next.name, leader_id: next.id },
    };
  },
  risks: (_given, { from, to }) => (from.id === to.id ? [] : [{ kind: 'leadership', to: to.id }]),
  async apply(host, p, move) {
    const access = accessOf(p);
    const { client, cluster } = await readCluster(host, access);
    const from = cluster.members.find(m => m.id === move.from.id);
    const to = cluster.members.find(m => m.id === move.to.id);
    if (from && to && cluster.leaderId === from.id) await moveLeader(host, access, client, { from, to });
    return undefined;
  },
  byHand(p, { etcdHosts }, { from, to }) {
    const access = accessOf(p);
    const any = etcdctlWord(access);
    // Only the leader takes it. On its own host the environment module leads to it; elsewhere it is named.
    const own = access.endpoints ? undefined : etcdHosts.find(name => name === from.name);
    const named = access.endpoints
      ? etcdctlWord({ ...access, endpoints: from.clientUrls })
      : `ETCDCTL_ENDPOINTS=${typed([from.clientUrls.join(',')])} ${any}`;
    const leader = own === undefined ? named : any;
    // The ID of a member that is not there yet is looked up when it is.
    const id = to.id.startsWith(ASSUMED_ID)
      ? `"$(${any} member list | awk -F', ' '$3 == "${to.name}" {print $1}')"`
      : to.id;
    // A later step may want the same, when it does not lead any more.
    const line = `! ${leader} endpoint status | grep -q ', true, ' || ${leader} move-leader ${id}`;
    const command = access.endpoints ? line : `module load ${typed([p.environment_module])}; ${line}`;
    return [{ host: own ?? p.via?.[0] ?? etcdHosts[0] ?? '', command }];
  },
  // Followers learn of the new leader with its next heartbeat; an election takes longer.
  settleMs: () => 10_000,
});

const isWanted = ({ name }: ObservedMember, { to, away_from }: Params): boolean =>
  to === undefined ? name !== away_from : name === to;

/** Throws `task-failed` where nobody can take over. */
function successor(cluster: Cluster, { to, away_from }: Params): ObservedMember {
  const healthy = votersOf(cluster.members).filter(m => m.health === 'healthy');
  const next = healthy.find(m => (to === undefined ? m.name !== away_from : m.name === to));
  if (next) return next;
  const other = cluster.members.find(m => m.name === to);
  const why =
    to === undefined
      ? `no healthy voter but ${away_from} could lead`
      : other === undefined
        ? `${to} is no member`
        : `${calls(other)} cannot lead: it is ${other.role === 'learner' ? 'a learner' : 'not healthy'}`;
  throw new Failure('task-failed', why, { hint: 'see who could: quorate status' });
}
