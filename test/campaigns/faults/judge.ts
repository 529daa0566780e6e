// What is right after a fault, seen by other eyes than quorate's. Each check throws with what is wrong.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LONGEST_GAP_MS } from '../../e2e/playbooks/scenario.ts';
import type { TestLab } from '../../support/lab.ts';
import { isActive, type LabRun, memberList, overlays, startByHand, until } from '../../support/runs.ts';
import { beginsWithQuorum } from '../prepare.ts';
import type { FaultKind } from './kinds.ts';
import { NODES, type Prepared } from './prepared.ts';

/** An election, a restart of all voters by BCM, and what was waiting for both. */
const WRITES_WITHIN_MS = 60_000;
const LONGEST_WORDS = 500;

/** A command of etcdctl on a node that does not answer takes its time limit. */
const LOOK_MS = 10_000;

const NOTHING = /^$/;
/** On a node: records of a run, and the shells that wait for its requests. */
const RECORDS = /^node\d+: (\s*(\/run\/quorate\/\S+|\d+ sh -c eval .*))+$/;
/** Beside what a playbook does: an election after a crash, each node that is gone asked in vain first, on a busy machine. */
const STALLS_MS = 10_000;

/** The cause in one line, which names the node that was struck, if one was, or what is wrong; never a trace, never a defect. */
export function checkWords({ exitCode, events, said }: LabRun, node: string | undefined, says: RegExp): void {
  const end = events.findLast(event => event.type === 'run-ended');
  const cause = end?.type === 'run-ended' ? end.error : undefined;
  const words = cause?.message ?? said.split('\n')[0] ?? '';
  const told = `it ended with ${exitCode} and said: ${said || 'nothing'}`;
  if (words === '') throw new Error(`no cause is told: ${told}`);
  if (cause?.code === 'defect' || /^ +at /m.test(said)) throw new Error(`a defect: ${told}`);
  if (words.includes('\n') || words.length > LONGEST_WORDS) throw new Error(`the cause is not one line: ${told}`);
  if (!(node !== undefined && words.includes(node)) && !says.test(words))
    throw new Error(`another cause is told: ${told}`);
  if (!cause?.hint && !said.includes('→') && end?.type === 'run-ended' && end.next.length === 0)
    throw new Error(`nothing is said to type next: ${told}`);
}

/** The voters, as one lists them that is there; none where nobody is. */
export async function someVoters(lab: TestLab, gone: readonly string[]): Promise<readonly string[]> {
  for (const node of NODES.filter(name => !gone.includes(name))) {
    if (!(await isActive(lab, node))) continue;
    const members = await memberList(lab, node).catch(() => []);
    const voters = members.filter(member => !member.endsWith(' learner'));
    if (voters.includes(node)) return voters;
  }
  return [];
}

/** Whether the fault, and what the run itself had stopped by then, leave a quorum. */
export function mustTakeWrites(
  voters: readonly string[],
  gone: readonly string[],
  stopped: readonly string[],
): boolean {
  const left = voters.filter(node => !gone.includes(node) && !stopped.includes(node));
  return voters.length > 0 && left.length > voters.length / 2;
}

/** One of the nodes answers a write, at once or after an election. */
export async function takesWrites(lab: TestLab, gone: readonly string[], when: string): Promise<void> {
  const nodes = NODES.filter(name => !gone.includes(name));
  const puts = ['bash', '--login', '-c', 'module load etcd && etcdctl --command-timeout=3s put still writable'];
  await until(
    `the cluster takes writes ${when}`,
    async () => {
      for (const node of nodes)
        if ((await isActive(lab, node)) && (await lab.exec(node, puts)).exitCode === 0) return true;
      return false;
    },
    WRITES_WITHIN_MS,
  );
}

/** The cluster is what the scenario wants, nothing of a run is left on a host, and no acknowledged write is lost. Answers the longest gap. */
export async function checkGoal(
  lab: TestLab,
  { playbook, scenario }: Pick<Prepared, 'playbook' | 'scenario'>,
  { leaves = NOTHING, swept = false }: Pick<FaultKind, 'leaves' | 'swept'> = {},
): Promise<number> {
  const asked = scenario.voters.find(node => scenario.inOverlay?.includes(node) ?? true) ?? 'node001';
  const members = [...scenario.voters].sort();
  const inOverlay = [...(scenario.inOverlay ?? scenario.voters)].sort();
  const isGoal = async () =>
    isDeepStrictEqual(await memberList(lab, asked).catch(() => []), members) &&
    isDeepStrictEqual(await overlays(lab), { members: inOverlay, learners: [] }) &&
    (await Promise.all(inOverlay.map(node => isActive(lab, node)))).every(Boolean);
  await until('', isGoal, 20_000).catch(async () => {
    const is = { members: await memberList(lab, asked).catch(String), overlays: await overlays(lab) };
    const active = await Promise.all(NODES.map(async node => ((await isActive(lab, node)) ? [node] : [])));
    throw new Error(
      `it said it was done, and is not: ${JSON.stringify({ ...is, active: active.flat() })}, wanted ${inOverlay.join(', ')}`,
    );
  });
  if (!beginsWithQuorum(playbook)) await takesWrites(lab, [], 'at the goal');
  const wrote = (await lab.lab('writer', 'stop')).exitCode === 0;
  const isLeft = async () => (await leftovers(lab, asked)).filter(one => !leaves.test(one));
  let left = await isLeft();
  if (swept && left.length > 0 && left.every(one => RECORDS.test(one))) {
    await lab.must('headnode', ['tee', '/root/connect.yml'], '- hosts: all\n  tasks:\n    - stat: { path: / }\n');
    await lab.exec('headnode', ['quorate', 'run', '/root/connect.yml']);
    left = await isLeft();
  }
  // A look that outlasts its run takes its record away itself.
  for (const deadlineMs = Date.now() + LOOK_MS; left.length > 0 && Date.now() < deadlineMs; left = await isLeft())
    await sleep(1000);
  if (left.length > 0) throw new Error(`left behind: ${left.join('; ')}`);
  if (!wrote || !beginsWithQuorum(playbook)) return 0;
  // A member that the playbook leaves stopped can't be asked.
  for (const node of members.filter(name => !inOverlay.includes(name))) await startByHand(lab, node, members);
  return writes(lab);
}

/** Where there was a quorum all the time, writes waited no longer than for what the playbook does, and the fault. */
export function checkGap(
  gapMs: number,
  { scenario }: Pick<Prepared, 'scenario'>,
  { stallsMs = STALLS_MS }: FaultKind,
): void {
  const limitMs = LONGEST_GAP_MS[scenario.gap] + stallsMs;
  if (gapMs > limitMs)
    throw new Error(`no write was acknowledged for ${gapMs} ms; at most ${limitMs} were to be expected`);
}

/** What a run leaves nowhere: records of jobs, processes of channels, files that were not finished, locks. */
async function leftovers(lab: TestLab, asked: string): Promise<readonly string[]> {
  const own = 'ls -d /run/quorate/*; pgrep --full --list-full "[h]ead -c [0-9]"';
  const ofHead =
    'ls -A /cm/shared/backup/etcd | grep "^[.]"; find /cm/shared/backup -name "*.partial"; find /root/.local/state/quorate -name lock -o -name lock.gate';
  const found = await Promise.all(
    [
      ...NODES.map(node => [node, own]),
      ['headnode', `${own}; ${ofHead}`],
      [asked, 'bash --login -c "module load etcd && etcdctl get --print-value-only quorate/lock"'],
    ].map(async ([host = '', command = '']) => [host, (await lab.exec(host, ['sh', '-c', command])).stdout.trim()]),
  );
  return found.flatMap(([host, text]) => (text === '' ? [] : [`${host}: ${text}`]));
}

async function writes(lab: TestLab): Promise<number> {
  const { stdout, stderr } = await lab.lab('writer', 'check', '--json');
  if (stdout === '') throw new Error(`what was written could not be checked: ${stderr}`);
  const written = JSON.parse(stdout);
  if (written.lost !== 0 || !written.hashesEqual) throw new Error(`acknowledged writes are lost: ${stdout}`);
  return written.longestGapMs ?? 0;
}
