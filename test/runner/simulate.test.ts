// Playbooks that are killed anywhere on the model of a cluster: the shipped ones come to the same end from everywhere, and those
// that can't say where and why not.
import { describe, expect, test } from 'vitest';
import type { SimulationFinding, SimulationReport } from '../../src/core/simulation.ts';
import type { Json } from '../../src/core/value.ts';
import { simulationExitCode } from '../../src/runner/exit-code.ts';
import { Remembered } from '../../src/runner/remembered.ts';
import { run } from '../../src/runner/run.ts';
import { type SimulateOptions, simulate } from '../../src/runner/simulate.ts';
import { type FakeMember, NODE1, NODE2, NODE3 } from '../support/etcd-answers.ts';
import { simulatedWorld } from '../support/simulated-world.ts';

const THREE = [NODE1, NODE2, NODE3];

async function simulated(
  playbook: string,
  members: readonly FakeMember[],
  inputs: Readonly<Record<string, Json>> = {},
  chains?: SimulateOptions['chains'],
): Promise<SimulationReport & { readonly askedAgain: readonly string[] }> {
  const { deps, asked, planOf } = simulatedWorld({ members });
  const plan = await planOf(playbook, inputs);
  const remembered = new Remembered(deps);
  const { outcome } = await run(plan, { ...deps, connect: (host, signal) => remembered.connect(host, signal) });
  expect(outcome).toBe('done');
  const before = asked.length;
  const how = { stopwatch: () => 0, ...(chains ? { chains } : {}) };
  const report = await simulate(plan, deps, remembered, how);
  await remembered.close();
  if (!report) throw new Error('it was stopped');
  return { ...report, askedAgain: asked.slice(before) };
}

/** One play on the head node, for a cluster of node001. */
const custom = (...tasks: string[]) =>
  simulated(['- hosts: headnode', '  tasks:', ...tasks.map(task => task.replace(/^/gm, '    ')), ''].join('\n'), [
    NODE1,
  ]);

const LEARNER = '{ name: node002, peer_url: "https://10.141.0.2:2380", state: learner }';
const ADD = `- name: add\n  etcdctl_member: ${LEARNER}`;
const SNAPSHOT = '- name: snapshot\n  etcd_snapshot: {}';
const START = '- name: start\n  cmsh_overlay: { overlays: [{ name: kube-default-etcd, nodes_present: [node002] }] }';

/** What differs, and the moments and tasks of the first run that was killed so. */
const told = (findings: readonly SimulationFinding[]) =>
  findings.map(({ kind, message, killed: [chain = []] }) => [
    kind,
    message,
    chain.map(({ moment, where }) => `${moment} ${where?.name ?? ''}`).join(', '),
  ]);

describe('shipped playbooks', () => {
  test.each<[string, readonly FakeMember[], Record<string, Json>, number]>([
    ['extend-to-three', [NODE1], { nodes: ['node001', 'node002', 'node003'] }, 60],
    ['add-member', [NODE1, NODE2], { node: 'node003' }, 35],
    ['remove-member', THREE, { node: 'node003' }, 20],
    ['migrate-member', THREE, { from: 'node001', to: 'node004' }, 50],
    ['backup-member', THREE, { node: 'node003' }, 15],
    ['move-leader', THREE, { away_from: 'node001' }, 8],
    ['snapshot', THREE, {}, 10],
    ['verify', THREE, {}, 10],
    ['preflight', THREE, {}, 20],
    [
      'replace-failed-member',
      [NODE1, NODE2, { ...NODE3, down: true }],
      { node: 'node003', replacement: 'node004' },
      50,
    ],
    ['cancel-add', [NODE1, NODE2, { ...NODE3, learner: true }], { node: 'node003' }, 20],
  ])('%s comes to the same end from everywhere, and asks no host again', async (name, members, inputs, states) => {
    const report = await simulated(`${name}.yml`, members, inputs);
    expect(told(report.findings)).toEqual([]);
    expect(told(report.anew)).toEqual([]);
    expect([report.asks, report.untold, report.askedAgain]).toEqual([[], 0, []]);
    expect(report.states).toBeGreaterThanOrEqual(states);
    expect(report.boundaries).toBeGreaterThan(report.states);
  });

  test('killed again and again at random, resumes included; the same seed is the same walk', async () => {
    const walk = () => simulated('add-member.yml', [NODE1, NODE2], { node: 'node003' }, { kills: 300, seed: 7 });
    const [one, two] = [await walk(), await walk()];
    expect(told(one.findings)).toEqual([]);
    expect(one.chains).toMatchObject({ seed: 7, kills: 300, longest: 15 });
    expect(one.chains?.states).toBeGreaterThan(one.states);
    expect(two.chains).toEqual(one.chains);
  });
});

describe('playbooks that cannot be killed anywhere', () => {
  test('what must happen once is asked about, and what uses more of its result than was journalled fails', async () => {
    const { asks, findings } = await custom(
      '- name: set up\n  command: /opt/setup --once\n  register: out',
      '- name: say\n  debug: { msg: "{{ out.stdout }}" }',
    );
    expect(asks.map(({ moment, where }) => [moment, where?.name])).toEqual([
      ['announced', 'set up'],
      ['made', 'set up'],
    ]);
    expect(told(findings)).toEqual([['stops', expect.stringMatching(/^say: .*stdout/), 'made set up']]);
    expect(findings[0]).toMatchObject({ outcome: 'failed' });
  });

  test('a command that looks first whether it was done is not asked about once it was', async () => {
    const { asks, findings } = await custom(
      '- name: set up\n  command: { cmd: /opt/setup --once, creates: /opt/made }\n  register: out',
      '- name: say\n  debug: { msg: "{{ out.stdout }}" }',
    );
    expect(asks.map(({ moment }) => moment)).toEqual(['announced']);
    expect(findings).toEqual([]);
  });

  test('a member that is added twice by a command that says it may be repeated', async () => {
    const { findings } = await custom(
      '- name: add\n  command: { cmd: "etcdctl member add node002 --peer-urls=https://10.141.0.2:2380 --learner", repeatable: true }',
    );
    expect(told(findings)).toEqual([['twice', expect.stringMatching(/^it would do twice: add-learner /), 'made add']]);
  });

  const looksAgain = '- name: look\n  etcd_status: {}\n  no_log: true\n  register: seen';
  const unlessThere = '\n  when: "\'https://10.141.0.2:2380\' not in seen.peer_urls"';

  test('a resume that leaves out the rest, because it sees what the run itself has changed', async () => {
    const { findings, anew } = await custom(
      looksAgain,
      `${SNAPSHOT}`,
      `${ADD}${unlessThere}`,
      `- command: /opt/more${unlessThere}`,
    );
    expect(told(findings)).toEqual([['left out', 'it would never do: /opt/more', 'made add']]);
    expect(findings[0]?.killed.map(([point]) => [point?.moment, point?.where?.name])).toEqual([
      ['made', 'add'],
      ['ended', 'add'],
      ['announced', 'command'],
    ]);
    expect(anew).toEqual([]);
  });

  test('a resume that a guard would refuse', async () => {
    const { findings } = await custom(looksAgain, `${ADD}${unlessThere}`, `${SNAPSHOT}${unlessThere}`, START);
    expect(told(findings)).toMatchObject([['stops', expect.stringMatching(/^start: .*no snapshot/), 'made add']]);
    expect(findings[0]).toMatchObject({ outcome: 'refused', hint: expect.stringContaining('etcd_snapshot') });
  });

  test('a playbook that must not be begun anew, and can be resumed', async () => {
    const { findings, anew } = await custom(
      '- name: look\n  etcd_status: {}\n  register: seen',
      SNAPSHOT,
      `${ADD}${unlessThere}`,
      `${SNAPSHOT}${unlessThere}`,
      `${START}${unlessThere}`,
    );
    expect(findings).toEqual([]);
    expect(told(anew)).toEqual([
      [
        'other end',
        expect.stringMatching(/^the overlays would be none, not kube-default-etcd: nodes node001,node002;/),
        'made add',
      ],
    ]);
  });
});

test('handlers are done once, and hosts in batches, wherever the run is killed', async () => {
  const playbook = [
    '- hosts: [node001, node002, node003]',
    '  serial: 2',
    '  tasks:',
    '    - name: change',
    '      command: { cmd: /opt/change --once, creates: /opt/changed }',
    '      notify: tell',
    '    - name: once',
    '      command: /opt/once --once',
    '      run_once: true',
    '  handlers:',
    '    - name: tell',
    '      command: /opt/tell --once',
    '',
  ].join('\n');
  const { findings, asks, states } = await simulated(playbook, THREE, {}, { kills: 300, seed: 7 });
  expect(told(findings)).toEqual([]);
  expect(new Set(asks.map(({ where }) => `${where?.name} ${where?.host}`))).toEqual(
    new Set(['change', 'tell'].flatMap(name => THREE.map(node => `${name} ${node.name}`)).concat('once node001')),
  );
  expect(states).toBeGreaterThan(15);
});

test('what depends on a change is done too where a resume finds that change made', async () => {
  const { findings } = await custom(
    SNAPSHOT,
    `${ADD}\n  register: added`,
    '- command: /opt/more --once\n  when: added is changed',
  );
  expect(findings).toEqual([]);
});

test('a learner that something else starts is found by its name', async () => {
  const { findings } = await custom(
    SNAPSHOT,
    ADD,
    '- command: { cmd: ssh node002 systemctl start etcd, repeatable: true }',
    '- wait_for_learner: { name: node002 }',
    '- name: promote\n  etcdctl_member: { name: node002, state: voter }',
  );
  expect(findings).toEqual([]);
  // Its node stands in the overlay already, and its etcd tries to start all the time.
  const alone = await custom(
    SNAPSHOT,
    ADD,
    '- wait_for_learner: { name: node002 }',
    '- etcdctl_member: { name: node002, state: voter }',
  );
  expect(alone.findings).toEqual([]);
});

test('the exit status', () => {
  const finding = (outcome?: 'refused' | 'failed'): SimulationFinding => ({
    kind: outcome ? 'stops' : 'twice',
    message: '',
    times: 1,
    killed: [],
    ...(outcome ? { outcome } : {}),
  });
  expect(simulationExitCode([])).toBe(0);
  expect(simulationExitCode([finding()])).toBe(4);
  expect(simulationExitCode([finding('failed')])).toBe(4);
  expect(simulationExitCode([finding(), finding('refused')])).toBe(6);
});
