import type { Static } from 'typebox';
import { Type } from 'typebox';
import { typed } from '../core/by-hand.ts';
import { Failure } from '../core/failure.ts';
import type { MembershipRisk } from '../core/guard.ts';
import type { Change, Differs, Observation } from '../core/module.ts';
import { converge } from '../core/module.ts';
import type { Cluster, Member } from '../etcd/cluster.ts';
import { calls, hasPeerUrl, isStarted, learnersOf } from '../etcd/cluster.ts';
import { versionsOf } from '../etcd/diagnosis.ts';
import { alone, problemsOf } from '../etcd/problems.ts';
import { compareVersions } from '../etcd/version.ts';
import { ASSUMED_ID } from '../etcd-client/assumed.ts';
import { etcdctlLine, etcdctlWord } from '../etcd-client/by-hand.ts';
import { addLearner, remove } from '../etcd-client/change.ts';
import { accessOf } from '../etcd-client/client.ts';
import { listedMember } from '../etcd-client/picture.ts';
import { promote } from '../etcd-client/promote.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
import { accessParams, listedMemberSchema } from '../etcd-client/schemas.ts';

/** A promotion by an older etcd can cost the quorum (etcd-io/etcd #11640); the article refuses it too. */
const MIN_VERSION = '3.4.4';

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

type Params = Static<typeof params>;

/** What `apply` is to do, and what it is to be done to. */
type Action =
  | { readonly do: 'none' }
  | { readonly do: 'add'; readonly name: string; readonly peerUrl: string }
  | { readonly do: 'promote' | 'remove'; readonly id: string; readonly name: string; readonly peerUrl: string };

export const etcdctlMember = converge<typeof params, typeof returns, Action>({
  name: 'etcdctl_member',
  weighed: true,
  summary: 'Adds a member to an etcd cluster as a learner, promotes it, or removes it.',
  description: [
    'A member is known by its name, its peer URL, or both; one that never started has no name yet. The list of members',
    'decides what there is to do, also after a change whose answer was lost: nothing is done twice.',
    '',
    'A member is always added as a learner: an unstarted voter would stop a cluster of one. `state: learner` is fulfilled by',
    'a voter too. `state: voter` promotes a learner that is there, through the leader, right after it was seen alive and in',
    'sync: the server itself would promote a dead one. `state: absent` sends the removal through another member and moves',
    'leadership first where the member leads; the data and the service of the removed member are left alone.',
    '',
    'It fails where the peer URL belongs to a member of another name, or the name to a member at another URL. etcd older',
    `than ${MIN_VERSION} is neither added to nor promoted.`,
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Add a node as a learner',
      yaml: [
        '- etcdctl_member:',
        '    name: node003',
        '    peer_url: https://10.141.0.3:2380',
        '    state: learner',
        '  register: added',
      ].join('\n'),
    },
    {
      title: 'Remove a member that never started',
      yaml: ['- etcdctl_member:', '    peer_url: https://10.141.0.3:2380', '    state: absent'].join('\n'),
    },
  ],
  lint: ({ name, peer_url, state }) => {
    if (name === undefined && peer_url === undefined)
      return [{ at: [], severity: 'error', message: 'neither `name` nor `peer_url` says which member is meant' }];
    if (state === 'learner' && (name === undefined || peer_url === undefined))
      return [
        { at: ['state'], severity: 'warning', message: 'a member can be added only with both `name` and `peer_url`' },
      ];
    return [];
  },
  async observe(probe, p) {
    const { cluster } = await readCluster(probe, accessOf(p));
    const seen = seenIn(cluster, p);
    return probe.diff && seen.kind === 'differs' ? withMembers(seen, cluster) : seen;
  },
  risks(p, action) {
    if (action.do === 'none') return [];
    const { peerUrl } = action;
    // A learner that never started has no name of its own yet.
    const name = action.name || (p.name ?? '');
    const risk: MembershipRisk = {
      kind: 'membership',
      change: action.do === 'add' ? 'add-learner' : action.do,
      member: {
        ...(action.do === 'add' ? {} : { id: action.id }),
        ...(name === '' ? {} : { name }),
        ...(peerUrl === '' ? {} : { peerUrl }),
      },
      access: accessOf(p),
    };
    return [risk];
  },
  foretells: ({ name, peer_url: peerUrl, state }) => {
    const change = state === 'learner' ? 'add-learner' : state === 'voter' ? 'promote' : 'remove';
    if (state !== 'learner' && state !== 'voter' && state !== 'absent') return [];
    const member = {
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof peerUrl === 'string' ? { peerUrl } : {}),
    };
    return [{ kind: 'membership', change, member, access: {} }];
  },
  async apply(host, p, action) {
    switch (action.do) {
      case 'none':
        break;
      case 'add':
        await addLearner(host, accessOf(p), action);
        break;
      case 'promote':
        await promote(host, accessOf(p), action.id);
        break;
      case 'remove':
        await remove(host, accessOf(p), action.id);
        break;
    }
    return undefined;
  },
  byHand(p, { etcdHosts }, action) {
    if (action.do === 'none') return [];
    // Not through the member that goes: it would cut off its own answer.
    const host = p.via?.[0] ?? etcdHosts.find(name => name !== action.name) ?? etcdHosts[0] ?? '';
    const command = etcdctlLine(accessOf(p), wordsByHand(p, action));
    const until = waitByHand[action.do];
    return [until === undefined ? { host, command } : { host, command, until }];
  },
  settleMs: () => 10_000,
});

/** The ID of a member that is not there yet is looked up when it is. */
function wordsByHand(p: Params, action: Exclude<Action, { readonly do: 'none' }>): string {
  if (action.do === 'add') return typed(['member', 'add', action.name, '--learner', `--peer-urls=${action.peerUrl}`]);
  if (!action.id.startsWith(ASSUMED_ID)) return `member ${action.do} ${action.id}`;
  return `member ${action.do} "$(${etcdctlWord(accessOf(p))} member list | awk -F', ' '$4 == "${action.peerUrl}" {print $1}')"`;
}

const waitByHand: Readonly<Record<Exclude<Action['do'], 'none'>, string | undefined>> = {
  add: 'it is added; etcd says “unhealthy cluster” until every voter has been connected for 5 s',
  promote: 'it is promoted; etcd refuses a learner that is not in sync. One that is not alive it does not refuse',
  remove: undefined,
};

type Seen = Observation<Action, Static<typeof returns>>;

/** Whether the membership is what is wanted, and if not what is to be done. */
function seenIn(cluster: Cluster, p: Params): Seen {
  const member = memberMeant(cluster, p);
  if (p.state === 'absent' && !member) return same(p, cluster, undefined);
  if (p.state !== 'absent' && member?.role === 'voter' && isStarted(member)) return same(p, cluster, member);
  refuseWithoutQuorum(cluster);
  if (p.state === 'absent' && member) return differs('remove', member);
  refuseOldVersions(cluster);
  if (p.state === 'voter') {
    if (member?.role === 'learner') return differs('promote', member);
    throw noSuchLearner(p, member);
  }
  if (member?.role === 'learner') return same(p, cluster, member);
  if (member) throw unstartedVoter(member);
  return toAdd(p, cluster);
}

/** With the members, a line each, before and after. */
function withMembers(seen: Differs<Action>, { members }: Cluster): Differs<Action> {
  const lines = (list: readonly Pick<Member, 'name' | 'role' | 'peerUrls'>[]) =>
    list
      .map(({ name, role, peerUrls }) => `${peerUrls.join(',')} ${name || '(not started)'} ${role}\n`)
      .toSorted()
      .join('');
  const after = (action: Action) => {
    switch (action.do) {
      case 'none':
        return members;
      case 'add':
        return [...members, { name: '', role: 'learner' as const, peerUrls: [action.peerUrl] }];
      case 'promote':
        return members.map(member => (member.id === action.id ? { ...member, role: 'voter' as const } : member));
      case 'remove':
        return members.filter(member => member.id !== action.id);
    }
  };
  const texts = { before: lines(members), after: lines(after(seen.state)) };
  return { ...seen, changes: seen.changes.map((change, i) => (i === 0 ? { ...change, texts } : change)) };
}

function same(p: Params, cluster: Cluster, member: Member | undefined): Seen {
  return {
    kind: 'same',
    state: { do: 'none' },
    result: {
      member_id: member?.id ?? '',
      name: member?.name || (p.name ?? ''),
      peer_url: member?.peerUrls[0] ?? p.peer_url ?? '',
      role: member?.role ?? 'absent',
      started: member !== undefined && isStarted(member),
      cluster_id: cluster.id,
      members: cluster.members.map(listedMember),
    },
  };
}

function differs(action: 'promote' | 'remove', member: Member): Differs<Action> {
  const [peerUrl = ''] = member.peerUrls;
  const change: Change =
    action === 'promote'
      ? { what: calls(member), before: 'learner', after: 'voter' }
      : { what: calls(member), before: member.role, after: 'absent' };
  return { kind: 'differs', state: { do: action, id: member.id, name: member.name, peerUrl }, changes: [change] };
}

function toAdd({ name, peer_url: peerUrl }: Params, cluster: Cluster): Differs<Action> {
  if (name === undefined || peerUrl === undefined)
    throw new Failure(
      'task-failed',
      `${name ?? peerUrl} is no member, and to add one takes both its name and its peer URL`,
      {
        hint: 'give name and peer_url',
      },
    );
  const [other] = learnersOf(cluster.members);
  if (other)
    throw new Failure('task-failed', `${calls(other)} is a learner already, and etcd takes one at a time`, {
      hint: `finish adding ${calls(other)}, or give it up: etcdctl member remove ${other.id}`,
    });
  const change: Change = { what: `${name} at ${peerUrl}`, before: 'absent', after: 'learner' };
  return {
    kind: 'differs',
    state: { do: 'add', name, peerUrl },
    changes: [change],
    foreseen: { name, peer_url: peerUrl, role: 'learner', started: false, cluster_id: cluster.id },
  };
}

/** The member that is meant. Throws `wrong-cluster` where name and peer URL are not of one member. */
function memberMeant(cluster: Cluster, { name, peer_url: url }: Params): Member | undefined {
  if (name === undefined && url === undefined)
    throw new Failure('task-failed', 'neither name nor peer_url says which member is meant', {
      hint: 'give one of them',
    });
  const byName = name === undefined ? undefined : cluster.members.find(m => m.name === name);
  const byUrl = url === undefined ? undefined : cluster.members.find(m => hasPeerUrl(m, url));
  if (byUrl && name !== undefined && isStarted(byUrl) && byUrl.name !== name)
    throw otherIdentity(`${url} belongs to the member ${byUrl.name} (${byUrl.id}), not to ${name}`);
  if (byName && url !== undefined && byName !== byUrl)
    throw otherIdentity(`the member ${name} (${byName.id}) is at ${byName.peerUrls.join(', ')}, not at ${url}`);
  return byUrl ?? byName;
}

function otherIdentity(what: string): Failure {
  return new Failure('wrong-cluster', what, {
    hint: 'see who is who with: quorate status; then correct the address, or remove the member that is there',
  });
}

/** Nothing can be changed then, and to try takes a minute. */
function refuseWithoutQuorum(cluster: Cluster): void {
  const [problem] = problemsOf(cluster);
  if (problem?.kind === 'no-quorum')
    throw new Failure(
      'no-quorum',
      `${alone(problem, cluster)}; without it no member can be added, promoted or removed`,
      {
        hint: 'bring the voters that do not answer back first: quorate status',
      },
    );
}

function refuseOldVersions(cluster: Cluster): void {
  const old = versionsOf(cluster).find(v => compareVersions(v, MIN_VERSION) < 0);
  if (old !== undefined)
    throw new Failure(
      'version-refused',
      `etcd ${old} runs here; before ${MIN_VERSION} a promotion can cost the quorum`,
      {
        hint: `update etcd to ${MIN_VERSION} at least, rather to the newest of its series`,
      },
    );
}

function noSuchLearner(p: Params, member: Member | undefined): Failure {
  if (member) return unstartedVoter(member);
  return new Failure('task-failed', `${p.name ?? p.peer_url} is no member, so it cannot be promoted`, {
    hint: 'add it as a learner first: etcdctl_member with state: learner',
  });
}

function unstartedVoter(member: Member): Failure {
  return new Failure('task-failed', `${calls(member)} was added as a voter and has never started`, {
    hint: `start it, or remove it and add it as a learner: etcdctl member remove ${member.id}`,
  });
}
