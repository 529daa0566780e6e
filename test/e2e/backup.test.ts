// Section 7 on the practice cluster: a member is copied, wiped, put back; and what must not be copied or put back is refused.
import { expect, test } from 'vitest';
import { describeOnLab, type Finished, succeeded, withLab } from '../support/lab.ts';

const NODE = ['-e', 'node=node003'];
const BACKUP = ['quorate', 'run', 'backup-member', ...NODE, '--yes'];
const RESTORE = ['quorate', 'run', 'restore-member', ...NODE, '--yes', '--allow', 'voters-down'];
const COPY = '/cm/shared/etcd-backups/node003/etcd';

const said = ({ stdout, stderr }: Finished): string => `${stdout}\n${stderr}`;

describeOnLab('backup-member and restore-member', () => {
  const lab = withLab('e2e-backup', '--nodes', '3', '--members', '3');
  const run = (argv: readonly string[]) => lab.exec('headnode', argv);

  async function copyIsRefused(src: string, why: RegExp): Promise<void> {
    const task = `{ rsync_dir: { src: ${src}, dest: ${COPY}, marker: write }, delegate_to: node003 }`;
    await lab.must('headnode', ['sh', '-c', 'cat > /root/copy.yml'], `- hosts: headnode\n  tasks:\n    - ${task}\n`);
    const refused = await run(['quorate', 'run', 'copy.yml', '--yes']);
    expect(refused.exitCode).toBe(4);
    expect(said(refused)).toMatch(why);
  }

  test('the data of a running member is not copied, nor an empty directory', async () => {
    await copyIsRefused('/var/lib/etcd', /etcd on node003 is active/);
    await lab.must('node003', ['mkdir', '-p', '/root/empty']);
    await copyIsRefused('/root/empty', /is empty/);
  });

  test('a member is stopped and copied; again, nothing is changed', async () => {
    succeeded(await lab.lab('writer', 'start'));
    succeeded(await run(BACKUP));
    const again = succeeded(await run(BACKUP));
    expect(said(again)).toContain('nothing was changed');
    const marker = JSON.parse(await lab.must('node003', ['cat', `${COPY}.marker.json`]));
    expect((await lab.etcdctl('node001', 'member list')).includes(marker.member_id)).toBe(true);
  });

  test('wiped, it is put back with the same identity and loses nothing; again, nothing is changed', async () => {
    await lab.must('node003', ['rm', '-rf', '/var/lib/etcd/member']);
    const members = await lab.etcdctl('node001', 'member list');
    const unasked = await run(RESTORE.slice(0, -2));
    expect(unasked.exitCode).toBe(6);
    expect(said(unasked)).toContain('voters-down');
    succeeded(await run(RESTORE));
    expect(await lab.etcdctl('node001', 'member list')).toBe(members);
    expect(said(succeeded(await run(RESTORE)))).toContain('nothing was changed');
    expect(JSON.parse((await lab.lab('writer', 'check', '--json')).stdout)).toMatchObject({
      lost: 0,
      hashesEqual: true,
    });
  });

  test('that copy is stale now: the member ran, and the leader changed', async () => {
    await lab.must('headnode', [
      'cmsh',
      '-c',
      'configurationoverlay; use kube-default-etcd; removefrom nodes node003; commit',
    ]);
    await expect
      .poll(async () => (await lab.exec('node003', ['systemctl', 'is-active', 'etcd'])).stdout.trim(), {
        // A leader that stops first hands over.
        timeout: 30_000,
      })
      .toBe('inactive');
    const refused = await run(RESTORE);
    expect(refused.exitCode).toBe(4);
    expect(said(refused)).toMatch(/must not be put back on node003: the leader has changed since it was taken/);
    expect(said(refused)).toContain('quorate run replace-failed-member -e node=node003');
  });
});
