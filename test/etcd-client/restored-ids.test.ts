// Read off etcdctl 3.4.23's own log of a restore, and off `member list` of a cluster with BCM's token.
import { expect, test } from 'vitest';
import { initialIds, initialMember } from '../../src/etcd-client/restored-ids.ts';

const members = [1, 2, 3].map(n => initialMember(`node00${n}=https://10.141.0.${n}:2380`));

test('the IDs of a restored cluster are those that etcd makes of its URLs and its token', () => {
  const { clusterId, memberIds } = initialIds(members, 'kube-default-restored-1');
  expect(clusterId).toBe('695248fe16fca988');
  expect([...memberIds]).toEqual([
    ['node001', 'b1c031907e1e9f7b'],
    ['node002', 'd8837e77619461ab'],
    ['node003', 'abab14d45cd8b088'],
  ]);
});

test('with the token of before they are those of before', () => {
  expect(initialIds(members, 'kube-default').memberIds.get('node003')).toBe('bd786940e5446229');
});
