// Two operators at once: the lock in etcd keeps runs apart that know nothing of each other, and what is changed under a run
// without asking for the lock stops it before its next change.
import { beforeEach, expect, test } from 'vitest';
import { describeOnLab, type Finished, succeeded, withLab } from '../support/lab.ts';

/** A run that has a learner added, waits until it may go on, and gives it up again. */
const ADD = `- hosts: headnode
  tasks:
    - etcdctl_member: { name: node004, peer_url: "https://10.141.0.4:2380", state: learner }
    - wait_for: { path: /root/go }
    - etcdctl_member: { name: node004, peer_url: "https://10.141.0.4:2380", state: absent }
`;
const GIVE_UP = `- hosts: headnode
  tasks:
    - etcdctl_member: { name: node004, peer_url: "https://10.141.0.4:2380", state: absent }
`;
const EDIT = `- hosts: headnode
  tasks:
    - etcdctl_member: { name: node004, peer_url: "https://10.141.0.4:2380", state: learner }
    - etcd_snapshot: { directory: /cm/shared/backup/etcd }
    - wait_for: { path: /root/go }
    - cmsh_overlay:
        overlays: [{ name: kube-default-etcd-learners, clone_from: kube-default-etcd, nodes: [node004] }]
`;

describeOnLab('two operators', () => {
  const lab = withLab('e2e-operators', '--nodes', '4', '--members', '3');
  const said = ({ stdout, stderr }: Finished) => `${stdout}\n${stderr}`;

  beforeEach(async () => {
    await lab.must('headnode', ['rm', '-f', '/root/go']);
  });
  const letGo = () => lab.must('headnode', ['touch', '/root/go']);

  /** Each operator has a state directory of their own, as on different machines. */
  async function run(operator: string, playbook: string): Promise<Finished> {
    await lab.must('headnode', ['tee', `/root/${operator}.yml`], playbook);
    const words = ['env', `QUORATE_STATE_DIR=/root/${operator}`, 'quorate', 'run', `/root/${operator}.yml`, '--yes'];
    return lab.exec('headnode', words);
  }
  const members = () => lab.etcdctl('node001', 'member list');
  const holder = () => lab.etcdctl('node001', 'get --print-value-only quorate/lock');
  /** Until the learner is added and seen, and the run waits. An operator runs once, so that no earlier journal tells of it. */
  const waits = (operator: string) => {
    const look = `grep -qs '"type":"task-started".*"module":"wait_for"' /root/${operator}/runs/*/journal.jsonl`;
    return expect
      .poll(async () => (await lab.exec('headnode', ['sh', '-c', look])).exitCode, { timeout: 120_000 })
      .toBe(0);
  };
  async function removeLearner() {
    const id = /^(\w+), \w+, .*10\.141\.0\.4:2380/m.exec(await members())?.[1];
    if (id !== undefined) await lab.etcdctl('node001', `member remove ${id}`);
  }

  test('the second is told who holds the lock, and changes nothing; the lock goes with the first run', async () => {
    const first = run('ann', ADD);
    await waits('ann');
    const status = await lab.exec('headnode', ['quorate', 'status']);
    expect(said(status)).toMatch(/the run \d{8}-\d{6}-ann-\w+ is changing this cluster, by root on headnode, since 2/);
    const before = await members();
    const second = await run('bob', GIVE_UP);
    expect(second.exitCode).toBe(7);
    expect(said(second)).toMatch(/another run is changing this cluster: \d{8}-\d{6}-ann-\w+, by root on headnode/);
    expect(said(second)).toMatch(/its lock goes in \d+ s/);
    expect(await members()).toBe(before);
    await letGo();
    succeeded(await first);
    expect(await holder()).toBe('');
  });

  test('a run that was killed holds nobody up on its own host', async () => {
    const killed = run('abe', ADD);
    await waits('abe');
    const pids = await lab.must('headnode', ['pgrep', '-f', 'quorate.js run /root/abe.yml']);
    await lab.must('headnode', ['kill', '-9', ...pids.trim().split('\n')]);
    await killed;
    expect(await holder()).toContain('-abe-');
    succeeded(await run('ben', GIVE_UP));
    expect(await members()).not.toContain('10.141.0.4');
  });

  test('members that are changed by hand under a run stop it', async () => {
    const running = run('cleo', ADD);
    await waits('cleo');
    await removeLearner();
    await lab.etcdctl('node001', 'member add node004 --learner --peer-urls=https://10.141.0.4:2380');
    await letGo();
    const stopped = await running;
    expect(stopped.exitCode).toBe(6);
    expect(said(stopped)).toMatch(
      /somebody else is changing this cluster: .*10\.141\.0\.4:2380 was added as a learner/,
    );
    expect(await holder()).toBe('');
    await removeLearner();
  });

  test('an overlay that is edited under a run stops it', async () => {
    const running = run('dora', EDIT);
    await waits('dora');
    const commands =
      'configurationoverlay; clone kube-default-etcd kube-default-etcd-learners; set nodes; set priority 300; commit';
    await lab.must('headnode', ['cmsh', '-c', commands]);
    await letGo();
    const stopped = await running;
    expect(stopped.exitCode).toBe(6);
    expect(said(stopped)).toContain('somebody else is changing the overlay kube-default-etcd-learners');
    expect(said(stopped)).toContain('priority 300');
    expect((await lab.exec('node004', ['systemctl', 'is-active', 'etcd'])).exitCode).not.toBe(0);
  });
});
