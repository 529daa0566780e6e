// A plan is what the run then does, and its commands, typed in by hand, come to the same end.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { StampedEvent } from '../../src/core/event.ts';
import type { PlanReport } from '../../src/views/plan.ts';
import { describeOnLab, succeeded, type TestLab, withLab } from '../support/lab.ts';

const EXTEND = ['extend-to-three', '-e', 'nodes=node001,node002,node003'];
const VOTERS = ['node001 false', 'node002 false', 'node003 false'];

async function members(lab: TestLab): Promise<string[]> {
  const lines = (await lab.etcdctl('node001', 'member list')).trim().split('\n');
  return lines.map(line => `${line.split(', ')[2]} ${line.split(', ')[5]}`).sort();
}

async function planned(lab: TestLab, words: readonly string[]): Promise<PlanReport> {
  return JSON.parse((await lab.exec('headnode', ['quorate', 'plan', ...words, '--json'])).stdout);
}

/** Types a command until it succeeds, as a person does who was told what to wait for. */
async function typeIn(lab: TestLab, { host, command, until }: PlanReport['steps'][number]['byHand'][number]) {
  for (let left = until === undefined ? 1 : 60; ; left -= 1) {
    const { exitCode, stdout, stderr } = await lab.exec(host, ['bash', '--login', '-c', command]);
    if (exitCode === 0) return;
    if (left <= 1) throw new Error(`${command} on ${host} ended with ${exitCode}: ${stderr}${stdout}`);
    await sleep(1000);
  }
}

describeOnLab('a plan and its run', () => {
  const lab = withLab('e2e-plan', '--nodes', '3', '--members', '1');

  test('killed anywhere, it would come to the same end; nothing is changed by finding that out', async () => {
    const asked = [...EXTEND, '--kills', '200', '--seed', '7', '--json'];
    const { stdout } = succeeded(await lab.exec('headnode', ['quorate', 'plan', ...asked]));
    const { simulation }: PlanReport = JSON.parse(stdout);
    expect(simulation).toMatchObject({ chains: { kills: 200 }, asks: [], findings: [], anew: [], untold: 0 });
    expect(simulation?.states).toBeGreaterThan(50);
    expect(await members(lab)).toEqual(['node001 false']);
  });

  test('the run makes the changes that were planned, in their order', async () => {
    const { steps, outcome, yes } = await planned(lab, EXTEND);
    expect([outcome, yes]).toEqual(['done', { course: true, allow: [] }]);
    expect(await members(lab)).toEqual(['node001 false']);
    const ran = succeeded(await lab.exec('headnode', ['quorate', 'run', ...EXTEND, '--yes', '--json']));
    const events: StampedEvent[] = ran.stdout.split('\n').map(line => JSON.parse(line));
    const made = events.flatMap(event => (event.type === 'changing' ? [[event.where.name, event.where.within]] : []));
    const foreseen = steps.filter(step => step.changes.length > 0).map(({ where }) => [where.name, where.within]);
    expect(foreseen.length).toBeGreaterThan(7);
    expect(made).toEqual(foreseen);
    expect(await members(lab)).toEqual(VOTERS);
  });

  test('where nothing is to be done it says so', async () => {
    const { stdout } = succeeded(await lab.exec('headnode', ['quorate', 'plan', ...EXTEND]));
    expect(stdout).toContain('nothing is to be changed');
    expect(succeeded(await lab.exec('headnode', ['quorate', 'plan', ...EXTEND, '--commands'])).stdout).toContain(
      'nothing is to be changed',
    );
  });

  test('a course that would be refused ends with 6, and gives no commands', async () => {
    const playbook = [
      '- hosts: headnode',
      '  tasks:',
      '    - command: systemctl stop etcd',
      '      delegate_to: node001',
      '    - name: Remove node002',
      '      etcdctl_member: { name: node002, state: absent }',
      '',
    ].join('\n');
    await lab.must('headnode', ['tee', '/root/stop.yml'], playbook);
    await lab.must('node003', ['systemctl', 'stop', 'etcd']);
    const plan = await lab.exec('headnode', ['quorate', 'plan', '/root/stop.yml', '--commands']);
    expect(plan.exitCode).toBe(6);
    expect(plan.stdout).toBe('');
    await lab.must('node003', ['systemctl', 'start', 'etcd']);
  });
});

describeOnLab('the commands of a plan', () => {
  const lab = withLab('e2e-plan-hand', '--nodes', '3', '--members', '1');

  test('typed in by hand, host by host, they make one member three', async () => {
    const { steps } = await planned(lab, EXTEND);
    for (const step of steps.flatMap(({ byHand }) => byHand)) {
      await typeIn(lab, step);
      // BCM acts on a commit some time after it.
      if (step.command.startsWith('cmsh')) await sleep(5000);
    }
    expect(await members(lab)).toEqual(VOTERS);
    const after = await planned(lab, EXTEND);
    expect(after.steps.filter(step => step.changes.length > 0)).toEqual([]);
  });
});
