// What is seen of a cluster while its members move from host to host, or are gone; and files of the runner's machine.
import { expect, test } from 'vitest';
import type { PlanReport } from '../../src/views/plan.ts';
import { describeOnLab, succeeded, withLab } from '../support/lab.ts';

const MIGRATE = ['migrate-member', '-e', 'from=node001', '-e', 'to=node002'];

describeOnLab('the only member moves to another node in one run', () => {
  const lab = withLab('e2e-modules-only', '--nodes', '2', '--members', '1');
  const run = (...words: readonly string[]) => lab.exec('headnode', ['quorate', ...words]);

  test('the plan foresees all of it', async () => {
    const { stdout } = succeeded(await run('plan', ...MIGRATE, '--commands'));
    // Whom to ask when the old one is gone.
    expect(stdout).toMatch(/node002.*\n(.*\n)*.*member remove/);
  });

  test('nothing is lost, the new one is seen from the head node, and again nothing is changed', async () => {
    succeeded(await lab.lab('writer', 'start'));
    const first = succeeded(await run('run', ...MIGRATE, '--yes'));
    expect(first.stdout).toMatch(/^members after +node002 \(leader\)$/m);
    const again = succeeded(await run('run', ...MIGRATE, '--yes'));
    expect(again.stdout).toContain('nothing was changed');
    expect(JSON.parse((await lab.lab('writer', 'check', '--json')).stdout)).toMatchObject({
      lost: 0,
      hashesEqual: true,
    });
    expect(succeeded(await run('status')).stdout).toContain('1 voter, 0 learners; quorum 1');
  });
});

const SITE = `- hosts: headnode
  tasks:
    - name: Send it
      copy: { src: etcd.conf, dest: /root/etcd.conf, mode: '0600' }
      delegate_to: node001
    - name: Run it
      script: { cmd: "mark.sh 'two words'", creates: /root/marked }
      delegate_to: node001
`;

describeOnLab('a cluster of three', () => {
  const lab = withLab('e2e-modules', '--nodes', '3', '--members', '3');
  const run = (...words: readonly string[]) => lab.exec('headnode', ['quorate', ...words]);
  const file = (path: string, text: string) =>
    lab.must('headnode', ['sh', '-c', `mkdir -p "$(dirname ${path})"; cat > ${path}`], text);

  test('a file and a script beside the playbook reach a node; again, nothing is changed', async () => {
    await file('/root/site/site.yml', SITE);
    const linted = await run('lint', 'site/site.yml');
    expect(linted.exitCode).toBe(3);
    expect(linted.stderr + linted.stdout).toMatch(/there is no file etcd\.conf .*\n +site\/site\.yml:4:20/);
    expect((await run('run', 'site/site.yml')).exitCode).toBe(3);

    await file('/root/site/files/etcd.conf', 'a: 1\n');
    await file('/root/site/mark.sh', '#!/bin/bash\necho "$1 on $(hostname -s)" > /root/marked\n');
    succeeded(await run('lint', 'site/site.yml'));
    const checked = succeeded(await run('run', 'site/site.yml', '--check'));
    expect(checked.stdout).toContain('/root/etcd.conf: content');
    expect((await lab.exec('node001', ['ls', '/root/etcd.conf'])).exitCode).not.toBe(0);
    succeeded(await run('run', 'site/site.yml'));
    expect(await lab.must('node001', ['cat', '/root/etcd.conf', '/root/marked'])).toBe('a: 1\ntwo words on node001');
    expect(succeeded(await run('run', 'site/site.yml')).stdout).toContain('nothing was changed');
  });

  test('the commands that move the leader do so, typed in, and may be typed again', async () => {
    const leader = async (): Promise<string> => {
      const { members } = JSON.parse((await run('status', '--json')).stdout);
      return members.find((m: { leader: boolean }) => m.leader).name;
    };
    const to = (await leader()) === 'node002' ? 'node003' : 'node002';
    const { stdout } = await run('plan', 'move-leader', '-e', `to=${to}`, '--json');
    const { steps }: PlanReport = JSON.parse(stdout);
    const typed = steps.flatMap(({ byHand }) => byHand).filter(({ command }) => command.includes('move-leader'));
    expect(typed).toHaveLength(1);
    for (const { host, command } of [...typed, ...typed]) await lab.must(host, ['bash', '--login', '-c', command]);
    expect(await leader()).toBe(to);
  });

  test.each([
    ['power-off', 'power-on'],
    ['cut', 'heal'],
  ])('with a node lost by %s a look takes seconds, and none of ssh or etcdctl is waited out', async (fault, mended) => {
    succeeded(await lab.lab('fault', fault, 'node003'));
    const startMs = Date.now();
    const { stdout, exitCode } = await run('status');
    // It takes 2.4 s where the machine has time. ssh alone would wait for 10 s.
    expect(Date.now() - startMs).toBeLessThan(6000);
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/^node003 +voter +unhealthy/m);
    succeeded(await lab.lab('fault', mended, 'node003'));
    await expect.poll(async () => (await run('status')).exitCode, { timeout: 60_000, interval: 500 }).toBe(0);
  });
});
