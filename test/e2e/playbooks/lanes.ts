// Which playbooks run on which practice clusters: every two values of playbook, members, cmsh's profile and etcd's version
// meet, or with QUORATE_E2E=full all combinations there are. Playbooks of one combination share a lab.
import process from 'node:process';
import { beforeAll, test } from 'vitest';
import { describeOnLab, succeeded, withLab } from '../../support/lab.ts';
import { type Combination, every, pairwise } from '../../support/pairwise.ts';
import { play, type Scenario } from './scenario.ts';
import { type MemberCount, scenarios } from './scenarios.ts';

const FACTORS = {
  playbook: Object.keys(scenarios),
  members: [1, 3, 5],
  profile: ['strict', 'lax', 'silent'],
  etcd: ['3.4', '3.5'],
} as const;

/** A lab to itself, and what runs on it one after the other. */
interface LabPlan {
  readonly members: MemberCount;
  readonly profile: string;
  readonly etcd: string;
  /** Among those of the same kind, from 1. */
  readonly number: number;
  readonly chain: { readonly playbook: string; readonly scenario: Scenario }[];
}

/** About how long a lab, its checkpoint, and each restoring of that take, in seconds. */
const LAB_SECONDS = 12;
const RESTORE_SECONDS = 5;

/** Where one combination has more to do than this, in seconds, it gets another lab: so that the lanes come out even. */
const MOST_SECONDS = 300;

/** As many files as run at the same time; each takes the labs of one lane. */
const LANES = 3;

/** Makes the suites of a lane, counted from 0. */
export function playLane(lane: number): void {
  const chosen = process.env.QUORATE_E2E === 'full' ? every(FACTORS) : pairwise(FACTORS);
  for (const plan of dealOut(labsFor(chosen), LANES)[lane] ?? []) suiteOn(plan);
}

function suiteOn({ members, profile, etcd, number, chain }: LabPlan): void {
  describeOnLab(`${members} members, etcd ${etcd}, cmsh ${profile}`, () => {
    const lab = withLab(
      `e2e-${members}-${profile}-${etcd.replace('.', '')}-${number}`,
      ...['--nodes', `${members === 1 ? 3 : members === 3 ? 5 : 6}`, '--members', `${members}`],
      ...['--profile', profile, '--etcd', etcd],
    );
    beforeAll(async () => {
      succeeded(await lab.lab('checkpoint', 'base'));
    });
    let asAtFirst = true;
    for (const { playbook, scenario } of chain)
      test(playbook, async () => {
        if (!asAtFirst) succeeded(await lab.lab('restore', 'base'));
        asAtFirst = false;
        await play(lab, playbook, scenario);
        asAtFirst = scenario.end !== 'changes';
      });
  });
}

function labsFor(combinations: readonly Combination<typeof FACTORS>[]): readonly LabPlan[] {
  const kinds = Map.groupBy(combinations, ({ members, profile, etcd }) => `${members} ${profile} ${etcd}`);
  return [...kinds.values()].flatMap(ofOneKind => {
    const labs: LabPlan[] = [];
    for (const { playbook, members, profile, etcd } of ofOneKind) {
      const scenario = scenarios[playbook]?.(members);
      if (scenario === undefined) continue;
      const step = { playbook, scenario };
      const last = labs.at(-1);
      if (last === undefined || secondsOf([last]) + scenario.seconds > MOST_SECONDS)
        labs.push({ members, profile, etcd, number: labs.length + 1, chain: [step] });
      else last.chain.push(step);
    }
    return labs;
  });
}

/** The longest first, each to the lane that has least to do by then: the same labs are always dealt out the same way. */
function dealOut(labs: readonly LabPlan[], lanes: number): readonly (readonly LabPlan[])[] {
  const dealt = Array.from({ length: lanes }, (): LabPlan[] => []);
  for (const lab of labs.toSorted((a, b) => secondsOf([b]) - secondsOf([a])))
    dealt.reduce((least, one) => (secondsOf(one) < secondsOf(least) ? one : least)).push(lab);
  return dealt;
}

function secondsOf(labs: readonly LabPlan[]): number {
  const each = labs.map(({ chain }) =>
    chain.reduce((sum, { scenario }) => sum + RESTORE_SECONDS + scenario.seconds, LAB_SECONDS),
  );
  return each.reduce((sum, one) => sum + one, 0);
}
