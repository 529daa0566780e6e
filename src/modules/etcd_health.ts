import type { Static } from 'typebox';
import { Type } from 'typebox';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/host.ts';
import { observe } from '../core/module.ts';
import type { Cluster, ObservedMember } from '../etcd/cluster.ts';
import { calls, learnersOf, votersOf } from '../etcd/cluster.ts';
import { versionsOf } from '../etcd/diagnosis.ts';
import { alone, problemsOf } from '../etcd/problems.ts';
import { faultTolerance, standingOf } from '../etcd/standing.ts';
import { compareVersions } from '../etcd/version.ts';
import { etcdctlLine } from '../etcd-client/by-hand.ts';
import { accessOf } from '../etcd-client/client.ts';
import { readEqualHash } from '../etcd-client/hashes.ts';
import { pictureOf } from '../etcd-client/picture.ts';
import type { Seen } from '../etcd-client/read-cluster.ts';
import { readCluster } from '../etcd-client/read-cluster.ts';
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

const POLL_MS = 1000;

type Params = Static<typeof params>;

export const etcdHealth = observe<typeof params, typeof returns>({
  name: 'etcd_health',
  foresees: true,
  members: 'judged',
  byHand(p, { etcdHosts: [first = ''] }) {
    // Not `endpoint health --cluster`: of a learner it says that it is unhealthy.
    const host = p.via?.[0] ?? first;
    return [
      { host, command: etcdctlLine(accessOf(p), 'endpoint health'), until: 'it is healthy' },
      {
        host,
        command: etcdctlLine(accessOf(p), 'endpoint status --cluster -w table'),
        until: 'every voter is in the table, and none has ERRORS',
      },
    ];
  },
  summary: 'Waits until every voter of an etcd cluster is healthy, and fails where that does not come about.',
  description: [
    'Healthy means: every voter answers a linearizable read at its own URLs, all agree on one leader, all belong to one',
    'cluster, and no alarm is raised. That must hold for `stable_for` seconds without a break. Learners need not answer; a',
    'learner that never started does not matter.',
    '',
    'It fails at once where waiting can not help: on an alarm, on a stranger at the URL of a member, on a version older than',
    '`min_version`, and where `equal_hashes` finds that the data of voters differ. `warnings` names the known faults of the',
    'versions that run, `etcdctl_warnings` those of the etcdctl that asks.',
  ].join('\n'),
  params,
  returns,
  examples: [
    {
      title: 'Before a change',
      yaml: ['- etcd_health:', '    min_version: 3.4.4', '  register: before'].join('\n'),
    },
    {
      title: 'After it: three voters with the same data',
      yaml: ['- etcd_health:', '    voters: 3', '    learners: 0', '    equal_hashes: true'].join('\n'),
    },
  ],
  async observe(probe, p) {
    const deadlineMs = probe.clock.now() + p.timeout * 1000;
    let healthySinceMs: number | undefined;
    for (;;) {
      const look = await lookAt(probe, p);
      const nowMs = probe.clock.now();
      if (look.wrong === undefined) {
        healthySinceMs ??= nowMs;
        const stableMs = nowMs - healthySinceMs;
        // Where nothing is changed afterwards there is nothing to be sure of.
        if (stableMs >= p.stable_for * 1000 || probe.check) return resultOf(look.seen, p);
        probe.progress({
          text: `healthy for ${Math.floor(stableMs / 1000)} of ${p.stable_for} s`,
          fraction: stableMs / (p.stable_for * 1000),
        });
      } else {
        healthySinceMs = undefined;
        probe.progress({ text: look.wrong.message });
        if (look.final || nowMs >= deadlineMs || probe.assumed.length > 0) throw look.wrong;
      }
      await probe.clock.sleep(POLL_MS, probe.signal);
    }
  },
});

type Look =
  | { readonly wrong: undefined; readonly seen: Seen }
  /** `final`: waiting can't help. */
  | { readonly wrong: Failure; readonly final: boolean };

async function lookAt(probe: Probe, p: Params): Promise<Look> {
  try {
    const seen = await readCluster(probe, accessOf(p));
    return whatIsWrong(seen.cluster, p) ?? { wrong: undefined, seen };
  } catch (error) {
    if (error instanceof Failure && error.code === 'no-quorum') return { wrong: error, final: false };
    throw error;
  }
}

function whatIsWrong(cluster: Cluster, p: Params): Look | undefined {
  const old = versionsOf(cluster).find(v => compareVersions(v, p.min_version) < 0);
  if (old !== undefined)
    return final('version-refused', `etcd ${old} runs, and ${p.min_version} at least is wanted`, 'update etcd first');
  const [problem] = problemsOf(cluster);
  if (problem) {
    const code = problem.kind === 'no-quorum' || problem.kind === 'wrong-cluster' ? problem.kind : 'task-failed';
    const wrong = new Failure(code, alone(problem, cluster), { hint: 'see what to do: quorate status' });
    return { wrong, final: problem.kind === 'alarm' || problem.kind === 'wrong-cluster' };
  }
  const { voters, learners } = standingOf(cluster.members);
  if (p.voters !== undefined && p.voters !== voters) return soon(`there are ${voters} voters, not ${p.voters}`);
  if (p.learners !== undefined && p.learners !== learners)
    return soon(`there are ${learners} learners, not ${p.learners}${namesOf(learnersOf(cluster.members))}`);
  return undefined;
}

const namesOf = (members: readonly ObservedMember[]): string =>
  members.length === 0 ? '' : `: ${members.map(calls).join(', ')}`;

const final = (code: 'version-refused', message: string, hint: string): Look => ({
  wrong: new Failure(code, message, { hint }),
  final: true,
});

const soon = (message: string): Look => ({
  wrong: new Failure('task-failed', message, { hint: 'look at the members: quorate status' }),
  final: false,
});

async function resultOf(seen: Seen, p: Params): Promise<Static<typeof returns>> {
  const { cluster, client } = seen;
  const standing = standingOf(cluster.members);
  const revisions = votersOf(cluster.members).flatMap(m => (m.status ? [m.status.revision] : []));
  const hashed = p.equal_hashes ? await readEqualHash(client, cluster) : undefined;
  return {
    ...(await pictureOf(seen)),
    quorum: standing.quorum,
    fault_tolerance: faultTolerance(standing),
    revision: hashed?.revision ?? Math.min(...revisions),
    hash: hashed ? hashed.hash.toString(16) : '',
  };
}
