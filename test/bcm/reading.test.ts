import { describe, expect, it } from 'vitest';
import { overlayPath, parseTogether, readOne, readTogether, rolePath } from '../../src/bcm/reading.ts';
import { readInteger, readNames, readNodes, readYesNo } from '../../src/bcm/values.ts';

const path = overlayPath('kube');

describe('several properties in one process', () => {
  it('are asked for with the name between them', () => {
    expect(readTogether(path, ['nodes', 'priority'])).toEqual([
      'configurationoverlay',
      'use kube',
      'get name',
      'get nodes',
      'get name',
      'get priority',
      'get name',
    ]);
    expect(readOne(rolePath('kube', 'etcd::host'), 'options')).toEqual([
      'configurationoverlay',
      'use kube',
      'roles',
      'use etcd::host',
      'get options',
    ]);
  });

  const parse = (lines: readonly string[]) => {
    const values = parseTogether(path, ['nodes', 'priority'], lines.join('\n'));
    return values && Object.fromEntries(values);
  };

  it.each([
    [['kube', 'node001', 'node002', 'kube', '500', 'kube'], { nodes: ['node001', 'node002'], priority: ['500'] }],
    [['KUBE', 'Kube', '500', 'kube', ''], { nodes: [], priority: ['500'] }],
  ])('%j', (lines, values) => expect(parse(lines)).toEqual(values));

  it.each([
    { why: 'nothing', lines: [] },
    { why: 'a node of that name', lines: ['kube', 'kube', 'kube', '500', 'kube'] },
    { why: 'something before', lines: ['Welcome', 'kube', 'kube', '500', 'kube'] },
    { why: 'something after', lines: ['kube', 'kube', '500', 'kube', 'Bye'] },
    { why: 'one that is missing', lines: ['kube', 'node001', 'kube'] },
  ])('are not guessed from $why', ({ lines }) => expect(parse(lines)).toBeUndefined());
});

describe('values', () => {
  it.each([
    [
      ['node001', 'node002'],
      ['node001', 'node002'],
    ],
    [['node001,node002'], ['node001', 'node002']],
    [
      ['node001..node003', 'node005'],
      ['node001', 'node002', 'node003', 'node005'],
    ],
    [[], []],
    [['<2 in submode>'], undefined],
  ])('nodes %j', (lines, nodes) => expect(readNodes(lines)).toEqual(nodes));

  it.each([
    ['yes', true],
    ['Yes', true],
    ['1', true],
    ['no', false],
    ['off', false],
    ['maybe', undefined],
  ])('yes and no %j', (text, value) => expect(readYesNo([text])).toBe(value));

  it('whole numbers and names', () => {
    expect([
      readInteger(['510']),
      readInteger(['-1']),
      readInteger(['x']),
      readInteger([]),
      readInteger(['1', '2']),
    ]).toEqual([510, -1, undefined, undefined, undefined]);
    expect(readNames(['a, b', 'c'])).toEqual(['a', 'b', 'c']);
  });
});
