import { expect, test } from 'vitest';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { validators } from '../support/playbook-world.ts';

function hostsOf(text: string, name = 'hosts') {
  const { value, diagnostics } = readInventory({ name, text }, validators.inventory);
  expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  return [...(value?.hosts.values() ?? [])].map(({ vars: _, templates: __, ...reached }) => reached);
}

test('how a host is reached is said by the vars of Ansible, wherever they stand', () => {
  const text = `
a ansible_host=10.0.0.1 ansible_user=root ansible_port=2222 ansible_ssh_private_key_file=~/.ssh/id
b ansible_connection=local
c:2200 ansible_ssh_host=10.0.0.3
d ansible_connection=smart ansible_port="'22'"
e
[few]
e
[few:vars]
ansible_user=admin
[all:vars]
ansible_host={{ inventory_hostname }}.{{ domain }}
domain={{ site }}.example
site=north
`;
  const there = { connection: 'ssh' };
  expect(hostsOf(text)).toEqual([
    { ...there, name: 'a', address: '10.0.0.1', user: 'root', port: 2222, identityFile: '~/.ssh/id' },
    { name: 'b', connection: 'local', address: 'b.north.example' },
    { ...there, name: 'c', address: 'c.north.example', port: 2200 },
    { ...there, name: 'd', address: 'd.north.example', port: 22 },
    { ...there, name: 'e', address: 'e.north.example', user: 'admin' },
  ]);
});

test('in an inventory of ours, a property of the host is what counts', () => {
  const text = 'all: { hosts: { a: { address: x, identity_file: /k, vars: { b: 1 } }, "b:22": } }';
  expect(hostsOf(text, 'hosts.yml')).toEqual([
    { name: 'a', connection: 'ssh', address: 'x', identityFile: '/k' },
    { name: 'b', connection: 'ssh', address: 'b', port: 22 },
  ]);
});

// What the text of an inventory is taken for.
const kinds: readonly (readonly [name: string, text: string, hosts: string])[] = [
  ['hosts', 'node001\n', 'node001'],
  ['hosts', '# x\n; y\n\n[etcd]\nnode001\n', 'node001'],
  ['hosts', 'node001:22\n', 'node001'],
  ['hosts.ini', 'a=1\n', ''],
  ['hosts', 'etcd:\n  hosts:\n    node001:\n', 'node001'],
  ['hosts', '---\netcd:\n  hosts: { node001: }\n', 'node001'],
  ['hosts', '{"etcd": {"hosts": {"node001": {"rack": "b"}}}}', 'node001'],
  ['hosts.json', '{"etcd": {"hosts": {"node001": {"ansible_user": "b"}}}}', 'node001'],
  ['hosts.yml', 'node001\n', ''],
];
test.each(kinds)('%s: %j has %s', (name, text, hosts) => {
  const { value } = readInventory({ name, text }, validators.inventory);
  expect([...(value?.hosts.keys() ?? [])].join(' ')).toBe(hosts);
});
