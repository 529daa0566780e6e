import { describe, expect, test } from 'vitest';
import { compareVersions, knownFaults, mixedSeries, parseVersion } from '../../src/etcd/version.ts';

describe('versions', () => {
  test.each([
    ['3.4.23', [3, 4, 23]],
    ['v3.5', [3, 5, 0]],
    ['3.6.0-rc.1', [3, 6, 0]],
    ['3.5.31+git', [3, 5, 31]],
    ['', undefined],
    ['not known', undefined],
  ])('%s', (text, parsed) => {
    expect(parseVersion(text)).toEqual(parsed);
  });

  test.each([
    ['3.4.4', '3.4.23', -1],
    ['3.5.10', '3.5.9', 1],
    ['3.6', '3.6.0', 0],
    ['', '3.4.4', -1],
    ['3.10.0', '3.9.9', 1],
  ])('%s to %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
  });
});

describe('known faults of the server', () => {
  const sources = (version: string) =>
    knownFaults(version, 'server').map(f => /#\d+|its changelog|no releases/.exec(f)?.[0]);

  test.each([
    [
      '3.4.3',
      [
        ...['#11640', '#11308', '#11613', '#11652', 'its changelog', '#15097'],
        ...['its changelog', '#20757', '#21694', 'no releases'],
      ],
    ],
    ['3.4.23', ['#15097', 'its changelog', '#20757', '#21694', 'no releases']],
    ['3.4.38', ['#20757', '#21694', 'no releases']],
    [
      '3.5.0',
      [
        ...['its changelog', '#13196', '#13766', '#15097', '#19557'],
        ...['its changelog', '#20793', '#20757', '#21669', '#21694'],
      ],
    ],
    ['3.5.16', ['#19557', 'its changelog', '#20793', '#20757', '#21669', '#21694']],
    ['3.5.29', ['#21669', '#21694']],
    ['3.5.31', []],
    ['3.6.3', ['its changelog', '#20387', '#20757', '#21669', '#21694']],
    ['3.6.11', ['#21694']],
    ['3.6.14', []],
    ['3.7.0', []],
    ['', []],
  ])('%s', (version, expected) => {
    expect(sources(version)).toEqual(expected);
  });

  test('say what it is, where it stands and which release is without it', () => {
    expect(knownFaults('3.5.6', 'server')[0]).toBe(
      'etcd 3.5.6: a learner that never started can be promoted (etcd-io/etcd #15097; mended in 3.5.7)',
    );
    expect(knownFaults('3.4.38', 'server')[0]).toMatch(/no 3\.4 release mends it\)$/);
  });
});

describe('known faults of etcdctl', () => {
  const about = (version: string) => knownFaults(version, 'etcdctl').map(f => /`([^`]*)`/.exec(f)?.[1]);

  test.each([
    ['3.4.23', ['member list', 'member promote -w json', 'snapshot status']],
    ['3.5.16', ['member promote -w json', 'member list -w json --hex', 'snapshot status']],
    ['3.5.30', ['member list -w json --hex', 'snapshot status']],
    ['3.6.14', ['member list -w json --hex', 'snapshot status']],
    ['', []],
  ])('%s', (version, expected) => {
    expect(about(version)).toEqual(expected);
  });

  test('are not those of the server', () => {
    expect(knownFaults('3.6.14', 'etcdctl')[1]).toBe(
      'etcdctl 3.6.14: `snapshot status` only prints its usage: etcdutl has it (measured)',
    );
  });
});

test('series that run together', () => {
  expect(mixedSeries(['3.4.23', '3.4.30'])).toBeUndefined();
  expect(mixedSeries(['3.4.23', '3.5.16'])).toBe(
    'members of 3.4 and 3.5 run together: finish that update before the membership is changed',
  );
});
