// Runs of playbooks on a practice cluster, and what the cluster is afterwards, seen by other eyes than quorate's.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { StampedEvent } from '../../src/core/event.ts';
import { projectRoot, succeeded, type TestLab } from './lab.ts';

type EventOf<T extends StampedEvent['type']> = Extract<StampedEvent, { type: T }>;

/** A run of `quorate run … --json` that came to an end. */
export interface LabRun {
  readonly exitCode: number;
  readonly events: readonly StampedEvent[];
  /** What it said about its end: the cause with its hint, or what was wrong before it could begin. */
  readonly said: string;
  /** The names of the tasks that changed something, or were about to when they failed, in their order. */
  readonly changes: readonly string[];
}

const NODE = /node\d{3}/g;
const HOLD_AFTER = '/root/hold-after.mjs';
const LET_GO = '/root/let-go';

/** Runs a playbook on the head node, with `--yes`. */
export async function runPlaybook(lab: TestLab, words: readonly string[]): Promise<LabRun> {
  const { exitCode, stdout, stderr } = await lab.exec('headnode', ['quorate', 'run', ...words, '--yes', '--json']);
  return ended(exitCode, stdout, stderr);
}

/** The same; `then` happens, once, when the task with a name that starts so has ended; the run goes on when it is done. */
export async function runPlaybookUntil(
  lab: TestLab,
  words: readonly string[],
  task: string,
  then: () => Promise<unknown>,
): Promise<LabRun> {
  await lab.must('headnode', ['rm', '-f', LET_GO]);
  await lab.must('headnode', ['tee', HOLD_AFTER], await readFile(new URL('./hold-after.mjs', import.meta.url), 'utf8'));
  const held = ['env', `NODE_OPTIONS=--import=${HOLD_AFTER}`, `QUORATE_LET_GO=${LET_GO}`, `QUORATE_HOLD_AFTER=${task}`];
  const argv = [...held, 'quorate', 'run', ...words, '--yes', '--json'];
  const isThen = (event: StampedEvent) => event.type === 'ended' && event.where.name.startsWith(task);
  const { happened, ...run } = await disturb(lab, argv, isThen, () =>
    then().finally(() => lab.must('headnode', ['touch', LET_GO])),
  );
  if (!happened) throw new Error(`no task ${task} ended: ${JSON.stringify(run.events)}`);
  return run;
}

/** Runs a command of quorate with `--json` on the head node; `then` happens, once, at the first event that `when` tells. */
export async function disturb(
  lab: TestLab,
  argv: readonly string[],
  when: (event: StampedEvent) => boolean,
  then: () => Promise<unknown>,
): Promise<LabRun & { readonly happened: boolean }> {
  const run = execa('bin/quorate', ['lab', 'exec', '--name', lab.name, 'headnode', '--', ...argv], {
    cwd: projectRoot,
    reject: false,
    stdin: 'ignore',
    timeout: 600_000,
  });
  let happening: Promise<unknown> | undefined;
  for await (const line of run.iterable()) {
    const event = eventIn(line);
    if (event !== undefined && when(event) && happening === undefined) {
      happening = then();
      // It is waited for when the run has ended.
      happening.catch(() => undefined);
    }
  }
  await happening;
  const { exitCode = 128, stdout, stderr } = await run;
  return { ...ended(exitCode, stdout, stderr), happened: happening !== undefined };
}

/** What was printed in the moment of a crash may be half a line. */
function eventIn(line: string): StampedEvent | undefined {
  return line.startsWith('{') && line.endsWith('}') ? JSON.parse(line) : undefined;
}

/** Writes a playbook of one play to the head node and runs it there. */
export async function runTasks(lab: TestLab, tasks: readonly string[], ...words: string[]): Promise<LabRun> {
  const text = ['- hosts: headnode', '  tasks:', ...tasks.map(task => `    - ${task}`), ''].join('\n');
  await lab.must('headnode', ['tee', '/root/tasks.yml'], text);
  return runPlaybook(lab, ['/root/tasks.yml', ...words]);
}

function ended(exitCode: number, stdout: string, stderr: string): LabRun {
  const events = stdout.split('\n').flatMap(line => eventIn(line) ?? []);
  const error = events.findLast((event): event is EventOf<'run-ended'> => event.type === 'run-ended')?.error;
  return {
    exitCode,
    events,
    said: [error?.message, error?.hint, stderr].filter(Boolean).join('\n'),
    changes: changesIn(events),
  };
}

/** A command that says itself that it changes nothing is announced as a change, because it might be one, and ends `ok`. */
function changesIn(events: readonly StampedEvent[]): string[] {
  const endedOk = new Set(
    events.flatMap(event => (event.type === 'ended' && event.status === 'ok' ? [JSON.stringify(event.where)] : [])),
  );
  return events.flatMap(event =>
    event.type === 'changing' && !endedOk.has(JSON.stringify(event.where)) ? [event.where.name] : [],
  );
}

/** The members by name, as one that is asked lists them: `learner`, or `unstarted`, where one is that. */
export async function memberList(lab: TestLab, askedNode: string): Promise<readonly string[]> {
  const lines = (await lab.etcdctl(askedNode, 'member list')).trim().split('\n');
  const described = lines.map(line => {
    const [, state, name, , , learner] = line.split(', ');
    return [name, state === 'unstarted' ? state : '', learner === 'true' ? 'learner' : ''].filter(Boolean).join(' ');
  });
  return described.sort();
}

/** cmsh, in batch mode, with these commands; answers what it printed, whatever it ended with. */
export async function cmsh(lab: TestLab, commands: string): Promise<string> {
  const { stdout } = await lab.exec('headnode', ['cmsh', '-n', '-q', '--hide-events', '-c', commands]);
  return stdout;
}

const OVERLAY = 'configurationoverlay; use kube-default-etcd';

/** The nodes of the two overlays; none where there is no such overlay. */
export async function overlays(lab: TestLab): Promise<{ readonly members: string[]; readonly learners: string[] }> {
  const nodesIn = async (overlay: string) =>
    ((await cmsh(lab, `configurationoverlay; use ${overlay}; get nodes`)).match(NODE) ?? []).sort();
  return { members: await nodesIn('kube-default-etcd'), learners: await nodesIn('kube-default-etcd-learners') };
}

/** The name of the node that leads; `asked` has a member that answers. */
export async function leaderOf(lab: TestLab, asked: string): Promise<string> {
  // It ends with 1 where a member is down, and has printed the others.
  const status = 'module load etcd && etcdctl endpoint status --cluster';
  const table = (await lab.exec(asked, ['bash', '--login', '-c', status])).stdout;
  const [url] =
    table
      .split('\n')
      .find(line => line.split(', ')[4] === 'true')
      ?.split(', ') ?? [];
  const node = url === undefined ? undefined : /10\.141\.0\.(\d)/.exec(url)?.[1];
  if (node === undefined) throw new Error(`nobody leads: ${table}`);
  return `node00${node}`;
}

/** The ID that etcd lists for a peer URL's node, in hexadecimal. */
export async function memberId(lab: TestLab, asked: string, node: string): Promise<string> {
  const list = await lab.etcdctl(asked, 'member list');
  const line = list.split('\n').find(one => one.includes(`https://${addressOf(node)}:2380`));
  if (line === undefined) throw new Error(`${node} is no member: ${list}`);
  return line.split(', ')[0] ?? '';
}

export const addressOf = (node: string): string => `10.141.0.${Number(node.slice(4))}`;

export async function isActive(lab: TestLab, node: string): Promise<boolean> {
  return (await lab.exec(node, ['systemctl', 'is-active', 'etcd'])).stdout.trim() === 'active';
}

/** Asks again and again, at most `limitMs`. */
export async function until(what: string, is: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  for (const deadlineMs = Date.now() + limitMs; !(await is()); await sleep(300))
    if (Date.now() > deadlineMs) throw new Error(`${what}: not within ${limitMs} ms`);
}

/** Each of these members answers a linearizable read itself. */
export async function serve(lab: TestLab, nodes: readonly string[]): Promise<void> {
  const answers = async (node: string) =>
    (await lab.exec(node, ['bash', '--login', '-c', 'module load etcd && etcdctl endpoint health'])).exitCode === 0;
  for (const node of nodes) await until(`${node} serves`, () => answers(node));
}

/** What article section 5 does, typed in: its data stays where it is. `asked` is another member. */
export async function removeByHand(lab: TestLab, node: string, asked: string): Promise<void> {
  const id = await memberId(lab, asked, node);
  await cmsh(lab, `${OVERLAY}; removefrom nodes ${node}; commit`);
  await until(`${node} is stopped`, async () => !(await isActive(lab, node)));
  await lab.etcdctl(asked, `member remove ${id}`);
}

/** What article section 6.2 does, typed in: a learner that nobody has started. */
export async function addByHand(lab: TestLab, node: string, asked: string): Promise<void> {
  const words = `member add ${node} --learner --peer-urls=https://${addressOf(node)}:2380`;
  await until(`${node} is added`, async () => {
    const command = `module load etcd && etcdctl ${words}`;
    return (await lab.exec(asked, ['bash', '--login', '-c', command])).exitCode === 0;
  });
}

/** What article section 6.3 does, typed in: BCM starts a learner, by the name of its node or another, and restarts all voters. */
export async function startLearnerByHand(
  lab: TestLab,
  node: string,
  voters: readonly string[],
  name = '$hostname',
): Promise<void> {
  const settings = `set priority 510; set allheadnodes no; set nodes ${node}; clear categories`;
  await cmsh(
    lab,
    `configurationoverlay; clone kube-default-etcd kube-default-etcd-learners; ${settings}; roles; use etcd::host;` +
      ` append options "--initial-cluster-state=existing"; set membername ${name}; commit`,
  );
  await until(`${node} runs`, () => isActive(lab, node));
  await serve(lab, voters);
}

/** Puts a node that is still a member back into its overlay, and waits until all of these serve. */
export async function startByHand(lab: TestLab, node: string, all: readonly string[]): Promise<void> {
  await cmsh(lab, `${OVERLAY}; append nodes ${node}; commit`);
  await until(`${node} runs`, () => isActive(lab, node));
  await serve(lab, all);
}

/** A crash with a new disk: off, emptied, and on again, so that BCM starts etcd on nothing. */
export async function replaceDisk(lab: TestLab, node: string): Promise<void> {
  for (const fault of ['power-off', 'wipe', 'power-on']) succeeded(await lab.lab('fault', fault, node));
}
