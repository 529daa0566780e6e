import { describe, expect, test } from 'vitest';
import { selectHosts, splitPattern } from '../../src/playbook/host-patterns.ts';
import { expandRange } from '../../src/playbook/ranges.ts';
import { inventory } from '../support/playbook-world.ts';

const all = 'headnode node001 node002 node003 node004 node005';

// pattern → hosts · what matches nothing
const patterns: readonly (readonly [pattern: string, hosts: string, unmatched?: string])[] = [
  ['all', all],
  ['*', all],
  ['headnode', 'headnode'],
  ['etcd', 'node001 node002 node003'],
  ['etcd:spare', 'node001 node002 node003 node004 node005'],
  ['spare,etcd', 'node001 node002 node003 node004 node005'],
  ['node003,node001', 'node001 node003'],
  ['node00[1:2]', 'node001 node002'],
  ['node00[1-2,4]', 'node001 node002 node004'],
  ['node001..node003', 'node001 node002 node003'],
  ['node*', 'node001 node002 node003 node004 node005'],
  ['node00?:!spare', 'node001 node002 node003'],
  ['e*', 'node001 node002 node003'],
  ['all:&etcd', 'node001 node002 node003'],
  ['etcd:!node002', 'node001 node003'],
  ['etcd:&node00[2:9]', '', 'node00[2:9]'],
  ['!etcd', 'headnode node004 node005'],
  ['all:!etcd:!headnode', 'node004 node005'],
  ['all:&etcd:!node001', 'node002 node003'],
  ['empty', ''],
  ['etcd:nowhere', 'node001 node002 node003', 'nowhere'],
  ['all:!nowhere', all, 'nowhere'],
  ['node00[1:9]', '', 'node00[1:9]'],
  ['node[', '', 'node['],
  ['x*', '', 'x*'],
  ['node.01', '', 'node.01'],
  ['', ''],
  ['~node00[12]', 'node001 node002'],
  ['~node00(1|3)$', 'node001 node003'],
  ['~ode', '', '~ode'],
  ['~.*4', 'node004'],
  ['~e', 'node001 node002 node003'],
  ['~node0{1,2}1,headnode', 'headnode node001'],
  ['~(?:head|spare):!node005', 'headnode node004'],
  ['all:&~node00[1-4]:!~.*3', 'node001 node002 node004'],
  ['~node(0+)+1', '', '~node(0+)+1'],
  ['~node(', '', '~node('],
  ['node00[ab1]', 'node001'],
  ['node00[!1-3]', 'node004 node005'],
  ['*[12]', '', '*[12]'],
  ['n*[0]', 'node001'],
  ['etcd[0]', 'node001'],
  ['etcd[-1]', 'node003'],
  ['etcd[1:2]', 'node002 node003'],
  ['etcd[1:]', 'node002 node003'],
  ['all[0:1],spare[1]', 'headnode node001 node005'],
  ['etcd[0]:spare[0]', 'node001 node004'],
  ['etcd:!etcd[0]', 'node002 node003'],
  ['etcd[7]', '', 'etcd[7]'],
  ['etcd[7:9]', '', 'etcd[7:9]'],
  ['node001[0]', '', 'node001[0]'],
];

test.each(patterns.map(([pattern, hosts, unmatched = '']) => ({ pattern, hosts, unmatched })))(
  '$pattern selects $hosts',
  ({ pattern, hosts, unmatched }) => {
    const selected = selectHosts([pattern], inventory);
    expect(selected.hosts.join(' ')).toBe(hosts);
    expect(selected.unmatched.map(u => u.part).join(' ')).toBe(unmatched);
  },
);

test('a list of patterns is one pattern', () => {
  expect(selectHosts(['etcd', '!node001'], inventory).hosts).toEqual(['node002', 'node003']);
});

describe('ranges', () => {
  const ranges: readonly (readonly [string, string | undefined])[] = [
    ['node001', 'node001'],
    ['node[001:003]', 'node001 node002 node003'],
    ['node[08-11]', 'node08 node09 node10 node11'],
    ['node[1,3]-ib', 'node1-ib node3-ib'],
    ['r[1:2]n[1:2]', 'r1n1 r1n2 r2n1 r2n2'],
    ['node099..node101', 'node099 node100 node101'],
    ['node001..003', 'node001 node002 node003'],
    ['node[3:1]', undefined],
    ['node[a:c]', 'nodea nodeb nodec'],
    ['n[a:e:2]', 'na nc ne'],
    ['n[Y:Z]', 'nY nZ'],
    ['n[1:9:4]', 'n1 n5 n9'],
    ['n[01:10:3]', 'n01 n04 n07 n10'],
    ['n[:2]', 'n0 n1 n2'],
    ['n[2:]', undefined],
    ['n[1:9:0]', undefined],
    ['n[c:a]', undefined],
    ['n[a:bc]', undefined],
    ['node[]', undefined],
    ['node[1:2', undefined],
    ['node1..other2', undefined],
    ['node[1:99999]', undefined],
    ['n[1:999]x[1:999]', undefined],
  ];
  test.each(ranges)('%s is %s', (text, names) => expect(expandRange(text)?.join(' ')).toBe(names));
});

test('a host that has colons in its name is named by itself', () => {
  const name = '2001:db8::1';
  const hosts = new Map([[name, { name, connection: 'ssh' as const, address: name, vars: {} }]]);
  expect(selectHosts([name], { origin: 'x', hosts, groups: new Map([['all', [name]]]) }).hosts).toEqual([name]);
});

// Where a pattern is taken apart.
const splits: readonly (readonly [string, readonly string[]])[] = [
  ['a,b:c d', ['a', 'b', 'c', 'd']],
  ['a[1:3]:&b', ['a[1:3]', '&b']],
  ['!~a{1,2}(?:b,c)[,:]\\,d,e', ['!~a{1,2}(?:b,c)[,:]\\,d', 'e']],
  ['~a[(],b', ['~a[(]', 'b']],
  [' , ', []],
];
test.each(splits)('%j is taken apart', (text, parts) => expect(splitPattern(text)).toEqual(parts));
