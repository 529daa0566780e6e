import { expect, test } from 'vitest';
import {
  bridgeNamespace,
  checkCheckpointName,
  checkLabName,
  hostNamespace,
  machineName,
  nodeNames,
} from '../../src/lab/names.ts';

test('nodes are numbered as in BCM', () => {
  expect(nodeNames(7).map(node => `${node.name} ${node.ip}`)).toEqual([
    'node001 10.141.0.1',
    'node002 10.141.0.2',
    'node003 10.141.0.3',
    'node004 10.141.0.4',
    'node005 10.141.0.5',
    'node006 10.141.0.6',
    'node007 10.141.0.7',
  ]);
  expect(nodeNames(0)).toEqual([]);
});

test.each(['default', 'a', '0-b', 'x'.repeat(20)])('"%s" may be the name of a lab', name => {
  expect(checkLabName(name)).toBe(name);
});

test.each(['', 'A', 'a.b', 'a/b', '../x', 'a b', 'x'.repeat(21)])('"%s" may not', name => {
  expect(() => checkLabName(name)).toThrow('cannot be the name of a lab');
});

test.each(['', '.', '..', '.hidden', 'a/b', 'a b'])('"%s" may not be the name of a checkpoint', name => {
  expect(() => checkCheckpointName(name)).toThrow('cannot be the name of a checkpoint');
});

test('what belongs to one lab is never taken for what belongs to another', () => {
  const names = (lab: string) => [bridgeNamespace(lab), hostNamespace(lab, 'node001'), machineName(lab, 'node001')];
  const prefix = bridgeNamespace('a').replace('bridge', '');
  for (const name of names('a')) expect(name.startsWith(prefix)).toBe(true);
  for (const name of [...names('a-node001'), ...names('aa')]) expect(name.startsWith(prefix)).toBe(false);
});
