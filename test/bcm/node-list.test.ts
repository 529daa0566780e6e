import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNodeList, parseNodeList } from '../../src/bcm/node-list.ts';

describe('parseNodeList', () => {
  it.each([
    ['', []],
    ['  \n ', []],
    ['node001', ['node001']],
    ['node001,node002', ['node001', 'node002']],
    ['node001 node002\nnode003', ['node001', 'node002', 'node003']],
    ['node001, node003,', ['node001', 'node003']],
    ['node001..node003', ['node001', 'node002', 'node003']],
    ['node001..003', ['node001', 'node002', 'node003']],
    ['node009..node011,headnode', ['node009', 'node010', 'node011', 'headnode']],
    ['node00[1-3]', ['node001', 'node002', 'node003']],
    ['node[001-002,005]-ib gpu-01', ['node001-ib', 'node002-ib', 'node005-ib', 'gpu-01']],
    ['node001,node001..node002', ['node001', 'node002']],
    ['rack1-node01..rack1-node02', ['rack1-node01', 'rack1-node02']],
  ])('reads %j', (text, nodes) => {
    expect(parseNodeList(text)).toEqual({ nodes, malformed: [] });
  });

  it.each(['node003..node001', 'node..', 'a1..b2', 'node[1-', 'node[3-1]', 'n[a-b]', 'node0..node99999', 'a;b'])(
    'hands back %j as malformed',
    piece => {
      expect(parseNodeList(`node001 ${piece}`)).toEqual({ nodes: ['node001'], malformed: [piece] });
    },
  );
});

describe('formatNodeList', () => {
  it.each([
    [[], ''],
    [['node002', 'node001'], 'node001,node002'],
    [['node001', 'node002', 'node003'], 'node001..node003'],
    [['node001', 'node003', 'node004', 'node005', 'headnode'], 'headnode,node001,node003..node005'],
    [['node009', 'node010', 'node011'], 'node009..node011'],
  ])('writes %j', (nodes, text) => {
    expect(formatNodeList(nodes)).toBe(text);
  });

  it('is read back as the same set', () => {
    const name = fc.integer({ min: 0, max: 30 }).map(number => `node${String(number).padStart(3, '0')}`);
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.integer({ min: 2, max: 4 }), (nodes, shortest) => {
        expect(parseNodeList(formatNodeList(nodes, shortest)).nodes).toEqual([...nodes].sort());
      }),
    );
  });
});
