import { describe, expect, test } from 'vitest';
import type { Inventory } from '../../src/core/inventory.ts';
import { Findings } from '../../src/playbook/findings.ts';
import { writtenByDevices } from '../../src/playbook/inventory/devices.ts';
import { readInventory } from '../../src/playbook/inventory/inventory.ts';
import { lay } from '../../src/playbook/inventory/lay.ts';
import { validators } from '../support/playbook-world.ts';

function read(text: string): Inventory {
  const { value, diagnostics } = readInventory({ name: 'hosts.yml', text }, validators.inventory);
  expect(diagnostics).toEqual([]);
  if (!value) throw new Error('no inventory');
  return value;
}

const groupsOf = ({ groups }: Inventory) =>
  Object.fromEntries([...groups].map(([name, hosts]) => [name, hosts.join(' ')]));

describe('a file', () => {
  const inventory = read(`
all:
  vars: { site: north, rack: none }
  hosts:
    headnode: { connection: local }
  children:
    members:
      vars: { rack: a, role: member }
      children:
        etcd:
    spare:
      hosts: { node004: }
etcd:
  vars: { role: voter, ports: [2379, 2380] }
  hosts:
    node[001:002]:
    node003: { address: 10.141.0.3, user: root, port: 2222, vars: { rack: b } }
more:
  hosts:
    node003: { vars: { disk: sda } }
empty:
`);

  test('gives groups, with the hosts of the groups below them, in the order in which hosts were named', () => {
    expect(groupsOf(inventory)).toEqual({
      all: 'headnode node004 node001 node002 node003',
      members: 'node001 node002 node003',
      spare: 'node004',
      etcd: 'node001 node002 node003',
      more: 'node003',
      empty: '',
      ungrouped: 'headnode',
    });
    expect(inventory.origin).toBe('hosts.yml');
  });

  test('gives hosts with the vars of their groups, the nearer ones first', () => {
    expect(inventory.hosts.get('node003')).toEqual({
      name: 'node003',
      connection: 'ssh',
      address: '10.141.0.3',
      user: 'root',
      port: 2222,
      vars: { site: 'north', rack: 'b', role: 'voter', ports: [2379, 2380], disk: 'sda' },
    });
    expect(inventory.hosts.get('node001')?.vars).toMatchObject({ rack: 'a', role: 'voter' });
    expect(inventory.hosts.get('headnode')).toMatchObject({
      connection: 'local',
      address: 'headnode',
      vars: { rack: 'none' },
    });
  });
});

test('an inner group that is written first is an inner group all the same', () => {
  const { hosts } = read(
    'inner: { hosts: { a: }, vars: { x: 1 } }\nouter: { vars: { x: 2, y: 2 }, children: { inner: } }\n',
  );
  expect(hosts.get('a')?.vars).toEqual({ x: 1, y: 2 });
});

test('of BCM, groups are the head node, the categories, and where etcd is in effect', () => {
  const written = writtenByDevices(
    [
      { name: 'headnode', ip: '10.141.255.254', category: '', kind: 'head' },
      { name: 'node001', ip: '10.141.0.1', category: 'default', kind: 'node' },
      { name: 'node002', ip: '', category: 'gpu', kind: 'node' },
    ],
    ['node001', 'gone'],
    { origin: 'cmsh on headnode', local: 'headnode.cm.cluster' },
  );
  const inventory = lay(written, [], new Findings());
  expect(groupsOf(inventory)).toEqual({
    default: 'node001',
    gpu: 'node002',
    all: 'headnode node001 node002',
    headnode: 'headnode',
    etcd: 'node001',
  });
  expect([...inventory.hosts.values()].map(h => `${h.name} ${h.connection} ${h.address}`)).toEqual([
    'headnode local 10.141.255.254',
    'node001 ssh 10.141.0.1',
    'node002 ssh node002',
  ]);
});
