// A node provisioned anew by one task, under the profile of cmsh that says least; and the API server as etcd's client.
import { expect, test } from 'vitest';
import { describeOnLab, withLab } from '../support/lab.ts';

const PLAYBOOK = `
- name: provision node003 anew
  hosts: headnode
  tasks:
    - cmsh_device:
        node: node003
        provision: FULL
        gone: [/var/lib/etcd/member]
        timeout: 90
`;

describeOnLab('provisioning', () => {
  const lab = withLab('e2e-provisioning', '--nodes', '3', '--members', '3', '--profile', 'silent');

  test('once the lab is up the API server runs, and starts with its host', async () => {
    for (const question of ['is-enabled', 'is-active'])
      await lab.must('headnode', ['systemctl', '--quiet', question, 'kube-apiserver']);
  });

  test('wipes the node once, confirmed and waited for', { timeout: 150_000 }, async () => {
    await lab.must('headnode', ['sh', '-c', 'cat > /root/provision.yml'], PLAYBOOK);
    const bootId = () => lab.must('node003', ['cat', '/proc/sys/kernel/random/boot_id']);
    const cmsh = (commands: string) => lab.must('headnode', ['cmsh', '-n', '-q', '--hide-events', '-c', commands]);
    await cmsh('configurationoverlay; use kube-default-etcd; removefrom nodes node003; commit');
    const before = await bootId();
    const run = ['quorate', 'run', '/root/provision.yml', '--yes'];
    expect(await lab.must('headnode', run)).toMatch(/1 task changed something/);
    const after = await bootId();
    expect(after).not.toBe(before);
    expect(await lab.must('node003', ['ls', '-A', '/var/lib/etcd'])).toBe('');
    expect(await cmsh('device; use node003; get nextinstallmode; status')).toMatch(/^\n?node003 \.+ \[ {3}UP {3}\]$/);
    expect(await lab.must('headnode', run)).not.toMatch(/changed something/);
    expect(await bootId()).toBe(after);
  });

  test('the API server is ready while etcd answers, and only then', { timeout: 60_000 }, async () => {
    const authority = '/cm/local/apps/kubernetes/var/etc/kubeca-default.pem';
    const readyz = ['curl', '-s', '--cacert', authority, 'https://127.0.0.1:6443/readyz'];
    expect(await lab.must('headnode', readyz)).toBe('ok');
    await lab.lab('fault', 'power-off', 'node001');
    await lab.lab('fault', 'power-off', 'node002');
    expect(await lab.must('headnode', readyz)).toContain('etcd failed');
  });
});
