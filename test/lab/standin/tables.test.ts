import { expect, it } from 'vitest';
import { delimitedList, listTable, parameterTable, problemTable } from '../../../src/lab/standin/tables.ts';

const plain = { headers: true, cellWidth: 0 };
const columns = [
  { header: 'Name (key)', width: 12 },
  { header: 'Nodes', width: 0 },
];
const rows = [
  ['kube-default-etcd', 'node001,node002'],
  ['b', ''],
];

it('shows parameters as the article does', () => {
  expect(
    parameterTable(
      [
        ['Name', 'kube-default-etcd'],
        ['Revision', ''],
      ],
      plain,
    ),
  ).toBe(
    `Parameter                        Value
-------------------------------- ------------------------------------------------
Name                             kube-default-etcd
Revision`,
  );
});

it('does not cut values of parameters', () => {
  const long = 'x'.repeat(60);
  expect(parameterTable([['Nodes', long]], { headers: false, cellWidth: 10 })).toBe(`${'Nodes'.padEnd(32)} ${long}`);
});

it('ends over-wide cells of lists in a plus sign', () => {
  expect(listTable(columns, rows, plain)).toBe(
    `Name (key)   Nodes
------------ ---------------
kube-defaul+ node001,node002
b`,
  );
});

it('cuts every column at the width that a fault sets', () => {
  expect(listTable(columns, rows, { headers: false, cellWidth: 6 })).toBe('kube-+ node0+\nb');
});

it('joins cells by a delimiter, or makes JSON', () => {
  expect(delimitedList(columns, rows, '|')).toBe('kube-default-etcd|node001,node002\nb|');
  expect(JSON.parse(delimitedList(columns, rows, '{}'))).toEqual([
    { 'Name (key)': 'kube-default-etcd', Nodes: 'node001,node002' },
    { 'Name (key)': 'b', Nodes: '' },
  ]);
});

it('prints what a commit found wrong', () => {
  expect(problemTable([{ field: 'priority', message: 'too high' }])).toBe(
    `Code  Field                    Message
----- ------------------------ ------------------------------------------------
1     priority                 too high`,
  );
});
