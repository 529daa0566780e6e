// What is known to have cost clusters their quorum or their data, done to one here: each is refused, survived, or stopped
// at with the cluster whole. Real etcd 3.4.23 would promote the dead learner, and its etcdctl does crash after promotions.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnLab, succeeded, withLab } from '../support/lab.ts';
import {
  addByHand,
  addressOf,
  isActive,
  leaderOf,
  memberId,
  memberList,
  runPlaybook,
  runTasks,
  serve,
  startLearnerByHand,
} from '../support/runs.ts';

const VOTERS = ['node001', 'node002', 'node003'];
const UNTOUCHED = { changes: [] };

/** A task of etcdctl_member for a node, with what else it is given. */
const member = (node: string, state: string, more = ''): string =>
  `etcdctl_member: { name: ${node}, peer_url: "https://${addressOf(node)}:2380", state: ${state}${more} }`;

describeOnLab('dangers', () => {
  const lab = withLab('e2e-dangers', '--nodes', '5', '--members', '3');
  const members = () => memberList(lab, 'node001');
  const fault = async (what: string, node: string) => void succeeded(await lab.lab('fault', what, node));
  const standIn = (setting: string) =>
    lab.must('headnode', ['/opt/quorate-node', '/opt/quorate/dist/cmdaemon.js', '--set', setting]);

  /** On every voter, an etcdctl that does what it is told and then, for one command, what the script says. */
  async function etcdctlThat(command: string, then: string): Promise<string> {
    const path = '/root/hurt/etcdctl';
    const real = (
      await lab.must('node001', ['bash', '--login', '-c', 'module load etcd && command -v etcdctl'])
    ).trim();
    const script = [
      '#!/bin/sh',
      `case " $* " in *" ${command} "*) echo "$*" >> /root/hurt/asked; ${real} "$@"; ${then} ;; esac`,
      `exec ${real} "$@"`,
      '',
    ].join('\n');
    for (const node of VOTERS)
      await lab.must(
        node,
        ['sh', '-c', `mkdir -p /root/hurt && rm -f /root/hurt/asked && cat > ${path} && chmod 755 ${path}`],
        script,
      );
    return `, etcdctl: ${path}`;
  }

  /** How often, on all voters together. */
  async function timesAsked(): Promise<number> {
    const asked = await Promise.all(VOTERS.map(node => lab.exec(node, ['cat', '/root/hurt/asked'])));
    return asked.flatMap(({ stdout }) => stdout.split('\n')).filter(Boolean).length;
  }

  beforeAll(async () => {
    succeeded(await lab.lab('checkpoint', 'base'));
  });

  describe('with a learner that has caught up', () => {
    beforeAll(async () => {
      await addByHand(lab, 'node004', 'node001');
      await startLearnerByHand(lab, 'node004', VOTERS);
      succeeded(await lab.lab('checkpoint', 'learner'));
    });

    test('a second learner: the playbook says what to do about the first, and etcd refuses it anyway', async () => {
      const playbook = await runPlaybook(lab, ['add-member', '-e', 'node=node005', '-e', 'even=true']);
      expect(playbook).toMatchObject({ ...UNTOUCHED, exitCode: 4 });
      expect(playbook.said).toContain('quorate run cancel-add');
      const task = await runTasks(lab, [member('node005', 'learner')]);
      expect(task.exitCode).toBe(4);
      expect(task.said).toMatch(
        /node004 is a learner already, and etcd takes one at a time\s+finish adding node004, or give it up/,
      );
      expect(await members()).toEqual([...VOTERS, 'node004 learner']);
    });

    test('etcdctl crashes after a promotion: the list of members decides, and nothing is done twice', async () => {
      const crashing = await etcdctlThat('member promote', 'kill -SEGV $$');
      const run = await runTasks(lab, [member('node004', 'voter', crashing)]);
      expect(run).toMatchObject({ exitCode: 0, said: '' });
      expect(await timesAsked()).toBe(1);
      expect(await members()).toEqual([...VOTERS, 'node004']);
      expect(await runTasks(lab, [member('node004', 'voter')])).toMatchObject({ ...UNTOUCHED, exitCode: 0 });
    });

    test('promoting a dead learner is refused, also where it has caught up before it died', async () => {
      succeeded(await lab.lab('restore', 'learner'));
      await fault('power-off', 'node004');
      const run = await runTasks(lab, [member('node004', 'voter')]);
      expect(run).toMatchObject({ ...UNTOUCHED, exitCode: 6 });
      expect(run.said).toContain('node004 does not answer: as a voter it would count against the quorum at once');
      expect(await members()).toEqual([...VOTERS, 'node004 learner']);
    });
  });

  describe('with a voter down', () => {
    beforeAll(async () => {
      succeeded(await lab.lab('restore', 'base'));
      await fault('power-off', 'node003');
    });

    test('adding is refused', async () => {
      const task = await runTasks(lab, [member('node004', 'learner')]);
      expect(task).toMatchObject({ ...UNTOUCHED, exitCode: 6 });
      expect(task.said).toContain('node003');
      const playbook = await runPlaybook(lab, ['add-member', '-e', 'node=node004', '-e', 'even=true']);
      expect(playbook).toMatchObject({ ...UNTOUCHED, exitCode: 4 });
      expect(playbook.said).toContain('node003');
      expect(await members()).toEqual(VOTERS);
    });

    test.each([
      ['etcdctl_member', member('node002', 'absent')],
      ['command', '{ command: systemctl stop etcd, delegate_to: node002 }'],
      ['shell', '{ shell: "sleep 0; systemctl kill etcd", delegate_to: node002 }'],
      ['rm', '{ command: rm -rf /var/lib/etcd/member, delegate_to: node002 }'],
      ['systemd_service', '{ systemd_service: { name: etcd, state: stopped }, delegate_to: node002 }'],
      ['directory', '{ directory: { path: /var/lib/etcd, state: empty }, delegate_to: node002 }'],
      ['cmsh_overlay', 'cmsh_overlay: { overlays: [{ name: kube-default-etcd, nodes_absent: [node002] }] }'],
      ['cmsh_device', 'cmsh_device: { node: node002, provision: FULL, gone: [/var/lib/etcd/member] }'],
    ])('the last majority is not taken away by %s', async (_module, task) => {
      // The yes that restore-member needs, which is for a loss that heals by itself.
      const run = await runTasks(lab, [task], '--allow', 'voters-down');
      expect(run).toMatchObject({ ...UNTOUCHED, exitCode: 6 });
      expect(run.said).toMatch(/1 of [23] voters would be healthy, and 2 must/);
      expect(await isActive(lab, 'node002')).toBe(true);
    });

    test('nor for the time of a restart, unless that is allowed', async () => {
      const run = await runTasks(lab, ['{ command: systemctl reboot, delegate_to: node002 }']);
      expect(run).toMatchObject({ ...UNTOUCHED, exitCode: 6 });
      expect(run.said).toContain('every voter must be healthy before this, and node003 is not');
    });

    test('nor by remove-member, though it may take away the one that is down', async () => {
      const run = await runPlaybook(lab, ['remove-member', '-e', 'node=node002']);
      expect(run).toMatchObject({ ...UNTOUCHED, exitCode: 6 });
      const dead = await runPlaybook(lab, ['remove-member', '-e', 'node=node003']);
      expect(dead).toMatchObject({ exitCode: 0, said: '' });
      expect(await members()).toEqual(['node001', 'node002']);
    });
  });

  describe('with all voters healthy', () => {
    beforeEach(async () => {
      succeeded(await lab.lab('restore', 'base'));
    });

    test('the leader is removed: it hands over first, and no write waits for an election', async () => {
      const leader = await leaderOf(lab, 'node001');
      succeeded(await lab.lab('writer', 'start'));
      expect(await runPlaybook(lab, ['remove-member', '-e', `node=${leader}`])).toMatchObject({
        exitCode: 0,
        said: '',
      });
      const rest = VOTERS.filter(node => node !== leader);
      expect(await memberList(lab, rest[0] ?? '')).toEqual(rest);
      const written = JSON.parse(succeeded(await lab.lab('writer', 'check', '--json')).stdout);
      expect(written).toMatchObject({ lost: 0, hashesEqual: true });
      // An election that nobody prepared takes 2.1 s and more.
      expect(written.longestGapMs).toBeLessThan(2000);
    });

    test('the answer to an add is lost: it is added once', async () => {
      const silent = await etcdctlThat('member add', 'echo "Error: context deadline exceeded" >&2; exit 1');
      expect(await runTasks(lab, [member('node004', 'learner', silent)])).toMatchObject({ exitCode: 0, said: '' });
      expect(await timesAsked()).toBe(1);
      expect(await members()).toEqual([...VOTERS, 'unstarted learner']);

      await lab.etcdctl('node001', `member remove ${await memberId(lab, 'node001', 'node004')}`);
      // All connections of ssh to the node that was asked are killed, and the answer comes when there is none any more.
      const cutOff = await etcdctlThat('member add', 'pkill -KILL -f "^sshd: root"; sleep 2; exit 0');
      expect(await runTasks(lab, [member('node004', 'learner', cutOff)])).toMatchObject({ exitCode: 0, said: '' });
      expect(await timesAsked()).toBe(1);
      expect(await members()).toEqual([...VOTERS, 'unstarted learner']);
    });

    test('a voter does not come back from the restart of 6.3: it stops there, and goes on when the voter is back', async () => {
      await standIn('fault.peerStaysDown=node002');
      const add = ['add-member', '-e', 'node=node004', '-e', 'even=true'];
      const run = await runPlaybook(lab, [...add, '-e', 'start_timeout=20']);
      expect(run.exitCode).toBe(4);
      expect(run.said).toContain('node002');
      expect(await members()).toEqual([...VOTERS, 'node004 learner']);
      await lab.etcdctl('node001', 'put still writable');

      await standIn('fault.peerStaysDown=');
      await serve(lab, VOTERS);
      expect(await runPlaybook(lab, add)).toMatchObject({ exitCode: 0, said: '' });
      expect(await members()).toEqual([...VOTERS, 'node004']);
    });

    test('another identity on the peer URL: nothing is added, promoted or removed', async () => {
      await addByHand(lab, 'node004', 'node001');
      await startLearnerByHand(lab, 'node004', VOTERS, 'stranger');
      expect(await members()).toEqual([...VOTERS, 'stranger learner']);
      const add = await runPlaybook(lab, ['add-member', '-e', 'node=node004', '-e', 'even=true']);
      expect(add).toMatchObject({ ...UNTOUCHED, exitCode: 4 });
      const task = await runTasks(lab, [member('node004', 'voter')]);
      expect(task).toMatchObject({ ...UNTOUCHED, exitCode: 4 });
      expect(task.said).toContain('stranger');
      const moved = `etcdctl_member: { name: node003, peer_url: "https://${addressOf('node005')}:2380", state: learner }`;
      expect(await runTasks(lab, [moved])).toMatchObject({ ...UNTOUCHED, exitCode: 4 });
      expect(await members()).toEqual([...VOTERS, 'stranger learner']);
    });
  });
});
