import type { ModuleCase } from '../../../src/testing/module-case.ts';
import type { FakeCluster } from '../../support/etcd-answers.ts';
import { answersOn, curl, inTurn, NODE1, NODE2 } from '../../support/etcd-answers.ts';

const learner = { ...NODE2, learner: true };
const at = (match: number, state = 'StateReplicate'): FakeCluster => ({
  members: [NODE1, learner],
  progress: { node002: { match, state } },
});
const hosts = (...phases: readonly (readonly [number, FakeCluster])[]) => ({
  headnode: {},
  node001: { answers: inTurn(...phases.map(([n, c]) => [n, answersOn('node001', c)] as const)) },
});
const groups = { etcd: ['node001'] };
// readStatus is asked twice in a look: once for the picture, once with the progress.
const twice = (n: number): number => n * 2;

export const cases: readonly ModuleCase[] = [
  {
    name: 'in sync: seen three times in a row',
    params: { name: 'node002' },
    groups,
    hosts: hosts([1, at(1000)]),
    expect: {
      sleptMs: 2000,
      progress: [/^node002 is 0 entries behind \(seen 1 of 3 times\)$/],
      result: { member_id: NODE2.id, name: 'node002', role: 'learner', lag: 0, source: 'debug/vars', waited_ms: 2000 },
    },
  },
  {
    name: 'shows the lag while it catches up',
    params: { name: 'node002' },
    groups,
    hosts: hosts([1, at(188)], [1, at(900)], [1, at(995)]),
    expect: {
      progress: [/^node002 is 812 entries behind$/, /^node002 is 100 entries behind$/, /5 entries behind \(seen 1/],
      result: { lag: 5, waited_ms: 4000 },
    },
  },
  {
    name: 'a learner that is looked for is not in sync, however near it was',
    params: { name: 'node002', stall: 5 },
    groups,
    hosts: hosts([1, at(1000, 'StateProbe')]),
    expect: {
      failure: {
        code: 'stalled',
        message: /has not come nearer for 5 s/,
        hint: /etcdctl member remove 10cee25dc156ff4a/,
      },
    },
  },
  {
    name: 'a dead learner that the leader still takes for a live one',
    params: { name: 'node002', stall: 5 },
    groups,
    hosts: hosts([1, { members: [NODE1, { ...learner, down: true }] }]),
    expect: { failure: { code: 'stalled', message: /node002 does not answer/ } },
  },
  {
    name: 'a break begins the count anew',
    params: { name: 'node002' },
    groups,
    hosts: hosts([2, at(1000)], [1, at(1000, 'StateProbe')], [1, at(1000)]),
    expect: { sleptMs: 5000, result: { lag: 0 } },
  },
  {
    name: 'progress, however slow, is no stall; the time limit ends it',
    params: { name: 'node002', stall: 3, timeout: 8 },
    groups,
    hosts: hosts(...[10, 20, 30, 40, 50, 60, 70, 80, 90].map(match => [1, at(match)] as const)),
    expect: { failure: { code: 'timed-out', message: /not in sync within 8 s/ } },
  },
  {
    name: "without the leader's own account, the indexes that both report",
    params: { peer_url: 'https://10.141.0.2:2380', polls: 1 },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: {
          ...answersOn('node001', { members: [NODE1, { ...learner, applied: 993 }] }),
          [curl('node001')]: { code: 127, stderr: 'curl: not found' },
        },
      },
    },
    expect: { result: { lag: 7, source: 'endpoint status' } },
  },
  {
    name: 'what has not started yet is waited for',
    params: { peer_url: 'https://10.141.0.3:2380', stall: 4 },
    groups,
    hosts: hosts([1, { members: [NODE1, { id: 'abc', name: '', learner: true }] }]),
    expect: {
      progress: [/^https:\/\/10\.141\.0\.3:2380 has not started yet$/],
      failure: { code: 'stalled', hint: /member remove abc/ },
    },
  },
  {
    name: 'a healthy voter fulfils it at once',
    params: { name: 'node002' },
    groups,
    hosts: hosts([1, { members: [NODE1, NODE2] }]),
    expect: { sleptMs: 0, result: { role: 'voter', lag: 0, source: 'none', waited_ms: 0 } },
  },
  {
    name: 'waits out a moment without quorum',
    params: { name: 'node002', polls: 1 },
    groups,
    hosts: {
      headnode: {},
      node001: {
        answers: inTurn(
          [
            2,
            {
              ...answersOn('node001', { members: [NODE1, NODE2, { ...learner, id: 'aa', down: true }] }),
              ...noAnswers('node001'),
            },
          ],
          [twice(2), answersOn('node001', at(1000))],
        ),
      },
    },
    expect: { progress: [/no member of etcd answers/], result: { lag: 0 } },
  },
  {
    name: 'what is no member is not waited for',
    params: { name: 'node009' },
    groups,
    hosts: hosts([1, at(1000)]),
    expect: { sleptMs: 0, failure: { code: 'task-failed', message: /node009 is no member/ } },
  },
  {
    name: 'in check mode nothing is waited for',
    params: { name: 'node002' },
    groups,
    hosts: hosts([1, { members: [NODE1] }]),
    assumed: [
      {
        kind: 'membership',
        change: 'add-learner',
        member: { name: 'node002', peerUrl: 'https://10.141.0.2:2380' },
        access: { module: 'etcd/kube-default' },
      },
    ],
    expect: { sleptMs: 0, result: { role: 'learner', member_id: 'assumed', source: 'none' } },
  },
  {
    name: 'in a simulation, one that a killed run added and nobody started is taken to start by itself',
    params: { name: 'node002' },
    groups,
    hosts: hosts([1, { members: [NODE1] }]),
    assumed: [
      {
        kind: 'membership',
        change: 'add-learner',
        member: { name: 'node002', peerUrl: 'https://10.141.0.2:2380' },
        started: false,
        access: { module: 'etcd/kube-default' },
      },
    ],
    expect: { sleptMs: 0, result: { role: 'learner', name: 'node002', member_id: 'assumed' } },
  },
  {
    name: 'lint: which learner?',
    params: {},
    expect: { lint: [{ severity: 'error' }] },
  },
];

/** While the only voter restarts. */
function noAnswers(node: string) {
  const entries = Object.keys(answersOn(node, at(1000)))
    .filter(words => words.includes('get health') || words.includes('member list'))
    .map(words => [words, { code: 1, stderr: 'Error: connection refused' }] as const);
  return Object.fromEntries(entries);
}
