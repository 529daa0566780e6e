import { expect, test } from 'vitest';
import { machineId } from '../../src/lab/identity.ts';
import { headNode, nodeNames } from '../../src/lab/names.ts';
import { type HostFile, hostFiles } from '../../src/lab/provision.ts';

const hosts = [headNode, ...nodeNames(2)];
const identities = {
  hostKeys: new Map(
    hosts.map(({ name }) => [name, { privateKey: `private ${name}`, publicKey: `ssh-ed25519 ${name}` }]),
  ),
  root: { privateKey: 'private root', publicKey: 'ssh-ed25519 root' },
};

function fileOn(name: string, path: string): HostFile | undefined {
  const host = hosts.find(one => one.name === name) ?? headNode;
  return hostFiles({ lab: 'one', host, hosts, identities, etcdVersion: '3.4.23' }).find(file => file.path === path);
}

test('all hosts know each other by name, and the head node their keys by name and address', () => {
  const text = [
    '127.0.0.1 localhost',
    '10.141.255.254 headnode.cm.cluster headnode master.cm.cluster master',
    '10.141.0.1 node001.cm.cluster node001',
    '10.141.0.2 node002.cm.cluster node002',
    '',
  ].join('\n');
  for (const { name } of hosts) expect(fileOn(name, '/etc/hosts')).toMatchObject({ text });
  expect(fileOn('headnode', '/root/.ssh/known_hosts')).toMatchObject({
    text: [
      'headnode,headnode.cm.cluster,10.141.255.254,localhost,master ssh-ed25519 headnode',
      'node001,node001.cm.cluster,10.141.0.1 ssh-ed25519 node001',
      'node002,node002.cm.cluster,10.141.0.2 ssh-ed25519 node002',
      '',
    ].join('\n'),
    mode: 0o600,
  });
});

test('only the head node has root’s key; every host lets it in', () => {
  expect(fileOn('node001', '/root/.ssh/id_ed25519')).toBe(undefined);
  expect(fileOn('headnode', '/root/.ssh/id_ed25519')).toMatchObject({ mode: 0o600 });
  for (const { name } of hosts) {
    expect(fileOn(name, '/root/.ssh/authorized_keys')).toMatchObject({ text: 'ssh-ed25519 root\n', mode: 0o600 });
  }
});

test('a node’s environment module points at its own member, the head node’s at none', () => {
  const path = '/cm/local/modulefiles/etcd/kube-default/3.4.13';
  expect(fileOn('node002', path)).toMatchObject({
    text: expect.stringContaining('\nsetenv ETCDCTL_ENDPOINTS https://10.141.0.2:2379\n'),
  });
  expect(fileOn('node002', path)).toMatchObject({
    text: expect.stringContaining('\nprepend-path PATH /cm/local/apps/etcd/3.4.23/bin\n'),
  });
  expect(fileOn('headnode', path)).toMatchObject({ text: expect.not.stringContaining('ETCDCTL_ENDPOINTS') });
});

test('etcd’s spool is on the nodes, for root alone; CMDaemon on the head node', () => {
  expect(fileOn('node001', '/var/lib/etcd')).toEqual({ path: '/var/lib/etcd', directory: 0o700 });
  expect(fileOn('headnode', '/var/lib/etcd')).toBe(undefined);
  expect(fileOn('node001', '/etc/systemd/system/cmd.service')).toBe(undefined);
  expect(fileOn('headnode', '/etc/systemd/system/multi-user.target.wants/cmd.service')).toBeDefined();
});

test('machine ids stay, and differ', () => {
  expect(machineId('one', 'node001')).toMatch(/^[0-9a-f]{32}$/);
  expect(machineId('one', 'node001')).toBe(machineId('one', 'node001'));
  const ids = [machineId('one', 'node001'), machineId('one', 'node002'), machineId('two', 'node001')];
  expect(new Set(ids).size).toBe(3);
});
