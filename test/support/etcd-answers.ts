// What etcdctl and curl answer on a host of a cluster, in the very form in which they do (etcdctl 3.4 and 3.5).
import { MODULE_ENVIRONMENT, PORT_OPEN } from '../../src/core/read-command.ts';
import type { Answer } from '../../src/testing/module-case.ts';

export interface FakeMember {
  /** Hex. */
  readonly id: string;
  /** Empty: it never started. */
  readonly name: string;
  readonly learner?: boolean;
  readonly down?: boolean;
  readonly version?: string;
  /** Of another cluster or another identity, where it is not what the list says. */
  readonly clusterId?: string;
  readonly answersAs?: string;
  readonly hash?: number;
  readonly applied?: number;
}

export interface FakeCluster {
  readonly members: readonly FakeMember[];
  /** Name of the leader; default the first member. */
  readonly leader?: string;
  readonly id?: string;
  readonly alarms?: readonly { readonly member: string; readonly kind: number }[];
  /** The leader's view of learners by name: raft's match index and state. The commit index is 1000. */
  readonly progress?: Readonly<
    Record<string, { readonly match: number; readonly state?: string; readonly peers?: number }>
  >;
  readonly commit?: number;
}

export const CLUSTER_ID = 'eef6e88516650e5b';
export const NODE1 = { id: '949b2374dd5ed658', name: 'node001' };
export const NODE2 = { id: '10cee25dc156ff4a', name: 'node002' };
export const NODE3 = { id: 'bd786940e5446229', name: 'node003' };

type Answers = Readonly<Record<string, string | Answer>>;

export const peerUrlOf = (name: string): string => `https://10.141.0.${Number(name.slice(-3))}:2380`;
export const clientUrlOf = (name: string): string => `https://10.141.0.${Number(name.slice(-3))}:2379`;

const TLS = '--cacert=/etc/ca.pem --cert=/etc/client.pem --key=/etc/client.key';
const decimal = (id: string): string => BigInt(`0x${id}`).toString();

/** `etcdctl …` as it is called for these nodes. */
export function etcdctl(nodes: readonly string[], words: string, timeoutS?: number): string {
  const limit = timeoutS === undefined ? '' : ` --command-timeout=${timeoutS}s`;
  return `/cm/etcdctl --endpoints=${nodes.map(clientUrlOf).join(',')} ${TLS}${limit} ${words}`;
}

/** The environment module on a node. */
export function environment(node: string): Answers {
  const variables = {
    PATH: '/cm:/usr/bin',
    ETCDCTL_ENDPOINTS: clientUrlOf(node),
    ETCDCTL_CACERT: '/etc/ca.pem',
    ETCDCTL_CERT: '/etc/client.pem',
    ETCDCTL_KEY: '/etc/client.key',
    QUORATE_ETCDCTL: '/cm/etcdctl',
  };
  const text = Object.entries(variables).map(([name, value]) => `${name}=${value}\0`);
  return {
    [`bash -lc ${MODULE_ENVIRONMENT} bash etcd/kube-default`]: text.join(''),
    '/cm/etcdctl version': 'etcdctl version: 3.5.16\nAPI version: 3.5\n',
  };
}

/** All that is read on `node`, the host of a member that is up. */
export function answersOn(node: string, cluster: FakeCluster): Answers {
  const { members, id: clusterId = CLUSTER_ID, alarms = [] } = cluster;
  const started = members.filter(m => m.name !== '');
  const leader = members.find(m => m.name === (cluster.leader ?? started[0]?.name));
  const voters = started.filter(m => !m.learner);
  const answering = voters.filter(m => !m.down);
  const up = answering.length;
  const quorate = up > members.filter(m => !m.learner).length / 2;
  const header = (m: FakeMember) =>
    `"header":{"cluster_id":${decimal(m.clusterId ?? clusterId)},"member_id":${decimal(m.answersAs ?? m.id)},"revision":42,"raft_term":10}`;
  const own = started.find(m => m.name === node);
  const list = members.map(memberJson).join(',');
  const health = answering.map(v => `{"endpoint":"${clientUrlOf(v.name)}","health":true,"took":"2ms"}`);
  const read: Answer = quorate
    ? { stdout: `{${own ? header(own) : ''}}` }
    : { code: 1, stderr: '{"level":"warn"}\nError: context deadline exceeded\n' };
  const answers: Record<string, string | Answer> = {
    ...environment(node),
    [etcdctl([node], 'get health --write-out=json', 3)]: read,
    [etcdctl([node], 'member list --write-out=json', 5)]: `{${own ? header(own) : ''},"members":[${list}]}`,
    [etcdctl([node], 'alarm list --write-out=json', 5)]:
      alarms.length === 0
        ? '{}'
        : `{"alarms":[${alarms.map(a => `{"memberID":${decimal(members.find(m => m.name === a.member)?.id ?? '0')},"alarm":${a.kind}}`)}]}`,
    [etcdctl(
      answering.map(v => v.name),
      'endpoint health --write-out=json',
      3,
    )]: `[${health.join(',')}]`,
  };
  for (const m of started) {
    for (const seconds of ['1.5', '0.5']) answers[door(m.name, seconds)] = m.down ? { code: 124 } : { code: 0 };
    // Where its port takes no connection, it is not asked.
    if (!m.down)
      answers[etcdctl([m.name], 'endpoint status --write-out=json', 3)] =
        `[{"Endpoint":"${clientUrlOf(m.name)}","Status":{${header(m)},"version":"${m.version ?? '3.5.31'}","dbSize":20480,"leader":${decimal(leader?.id ?? '0')},"raftIndex":1000,"raftTerm":10,"raftAppliedIndex":${m.applied ?? 1000}${m.learner ? ',"isLearner":true' : ''}}}]`;
    answers[etcdctl([m.name], 'member list --write-out=json', 5)] = `{${header(m)},"members":[${list}]}`;
    answers[etcdctl([m.name], 'endpoint hashkv --rev=42 --write-out=json', 60)] =
      `[{"Endpoint":"${clientUrlOf(m.name)}","HashKV":{${header(m)},"hash":${m.hash ?? 3735928559},"compact_revision":7}}]`;
  }
  if (leader) {
    answers[curl(leader.name)] = debugVars(cluster);
    answers[curl(leader.name, 'metrics')] = metrics(cluster);
  }
  return answers;
}

/** Whether a member's port takes a connection, by how long that is waited for. */
const door = (node: string, seconds: string): string =>
  `timeout ${seconds} bash -c ${PORT_OPEN} port 10.141.0.${Number(node.slice(-3))} 2379`;

function memberJson(m: FakeMember): string {
  const index = m.name === '' ? 3 : Number(m.name.slice(-3));
  const node = `node00${index}`;
  const named = m.name === '' ? '' : `"name":"${m.name}",`;
  const urls = m.name === '' ? '' : `,"clientURLs":["${clientUrlOf(node)}"]`;
  return `{"ID":${decimal(m.id)},${named}"peerURLs":["${peerUrlOf(node)}"]${urls}${m.learner ? ',"isLearner":true' : ''}}`;
}

export const curl = (leader: string, page = 'debug/vars'): string =>
  `curl --disable --silent --show-error --fail --max-time 5 --cacert /etc/ca.pem --cert /etc/client.pem --key /etc/client.key ${clientUrlOf(leader)}/${page}`;

function metrics({ members, progress }: FakeCluster): string {
  const lines = members.map(m => {
    const { peers = 1 } = progress?.[m.name || 'unstarted'] ?? {};
    return `etcd_network_active_peers{Local="aa",Remote="${m.id}"} ${peers}\n`;
  });
  return `# TYPE etcd_network_active_peers gauge\n${lines.join('')}`;
}

function debugVars({ members, progress, commit = 1000 }: FakeCluster): string {
  const all = Object.fromEntries(
    members.map(m => {
      const { match = commit, state = 'StateReplicate' } = progress?.[m.name || 'unstarted'] ?? {};
      return [m.id, { match, next: match + 1, state }];
    }),
  );
  return JSON.stringify({ cmdline: ['etcd'], 'raft.status': { raftState: 'StateLeader', commit, progress: all } });
}

/**
 * Answers that change: the first ones so many times for each command, then the next. The last ones stay. A cluster that is
 * read once is asked each command once.
 */
export function inTurn(...phases: readonly (readonly [times: number, answers: Answers])[]): Answers {
  const keys = new Set(phases.flatMap(([, answers]) => Object.keys(answers)));
  return Object.fromEntries(
    [...keys].map(key => {
      const all = phases.flatMap(([times, answers]) => {
        const answer = answers[key];
        return answer === undefined ? [] : Array.from({ length: times }, () => plain(answer));
      });
      const [first = {}, ...later] = all;
      return [key, { ...first, later }];
    }),
  );
}

const plain = (answer: string | Answer): Answer => (typeof answer === 'string' ? { stdout: answer } : answer);
