import { expect } from 'vitest';
import { succeeded, type TestLab } from '../../support/lab.ts';
import { type LabRun, memberList, overlays, runPlaybook } from '../../support/runs.ts';

/** A playbook, run twice against one state of a cluster. */
export interface Scenario {
  /** About how long it takes, in seconds, on two cores: by this the labs are dealt out. */
  readonly seconds: number;
  readonly inputs?: readonly string[];
  /** Makes the state from the one with all members healthy. May answer more inputs, which only that state tells. */
  readonly before?: (lab: TestLab) => Promise<readonly string[] | undefined>;
  /** The nodes that are voters at the end; the second list, where it differs, those that stand in the overlay. */
  readonly voters: readonly string[];
  readonly inOverlay?: readonly string[];
  /** It comes to its goal, with changes or without any; or it stops, says why, and has changed nothing. */
  readonly end: 'changes' | 'nothing to do' | { readonly exit: 4 | 5 | 6; readonly says: RegExp };
  /** The second run makes changes too, which is what it is for. */
  readonly again?: 'changes';
  readonly gap: keyof typeof LONGEST_GAP_MS;
  /** Nodes that are no members any more, or were and are again: their old data lies aside. */
  readonly aside?: readonly string[];
  /** What else is so at the end; then it makes all voters serve again, where the playbook is to leave one stopped. */
  readonly after?: (lab: TestLab, run: LabRun) => Promise<void>;
}

/**
 * The longest time without an acknowledged write, by what a playbook does. Measured by facts of etcd with a client like
 * ours: moving leadership 0.06–0.09 s, SIGTERM to a leader 0.09–0.20 s, adding, promoting, removing a follower ≤ 0.13 s
 * (one 0.52 s).
 */
export const LONGEST_GAP_MS = {
  /**
   * No voter that is needed stops, and leadership is handed over before its holder does: less than an election takes that
   * nobody prepared (2.1–2.8 s after a crash, 1.0–2.1 s after the removal of a leader). A write on its way to a node that
   * goes down costs its line of the client 1 s, its time limit.
   */
  calm: 2000,
  /**
   * BCM restarts all voters at the same moment (6.3). The leader tries for 7 s to hand over to a peer that is stopping
   * too, and afterwards they elect one: 1.4 to 8 s were seen, more on a busy machine.
   */
  'all voters restart': 15_000,
} as const;

/** Makes the state, runs the playbook twice while a client writes, and looks at what is then. */
export async function play(lab: TestLab, playbook: string, scenario: Scenario): Promise<void> {
  const found = await scenario.before?.(lab);
  succeeded(await lab.lab('writer', 'start'));
  const words = [playbook, ...[...(scenario.inputs ?? []), ...(found ?? [])].flatMap(asOption)];

  const first = await runPlaybook(lab, words);
  checkEnd(first, scenario.end);
  const second = await runPlaybook(lab, words);
  checkEnd(second, scenario.again ?? (scenario.end === 'changes' ? 'nothing to do' : scenario.end));
  succeeded(await lab.lab('writer', 'stop'));

  expect(await memberList(lab, someVoter(scenario))).toEqual([...scenario.voters].sort());
  expect(await overlays(lab)).toEqual({ members: [...(scenario.inOverlay ?? scenario.voters)].sort(), learners: [] });
  for (const node of scenario.aside ?? [])
    expect(await lab.must(node, ['sh', '-c', 'ls -d /var/lib/etcd.aside/*/member']), node).not.toBe('');
  await scenario.after?.(lab, first);

  const written = JSON.parse(succeeded(await lab.lab('writer', 'check', '--json')).stdout);
  expect(written).toMatchObject({ lost: 0, hashesEqual: true });
  expect(written.voters.toSorted()).toEqual([...scenario.voters].sort());
  expect(written.acknowledged).toBeGreaterThan(50);
  expect(written.longestGapMs, `longest gap, ${scenario.gap}`).toBeLessThan(LONGEST_GAP_MS[scenario.gap]);
}

const asOption = (input: string): string[] => (input.startsWith('--') ? input.split(' ') : ['-e', input]);

/** One that is a voter and runs. */
const someVoter = ({ voters, inOverlay }: Scenario): string =>
  voters.find(node => inOverlay?.includes(node) ?? true) ?? 'node001';

function checkEnd(run: LabRun, end: Scenario['end']): void {
  if (typeof end === 'object') {
    expect(run.said).toMatch(end.says);
    expect(run.exitCode).toBe(end.exit);
    expect(run.changes).toEqual([]);
    return;
  }
  expect(run.said).toBe('');
  expect(run.exitCode).toBe(0);
  if (end === 'changes') expect(run.changes).not.toEqual([]);
  else expect(run.changes).toEqual([]);
}
