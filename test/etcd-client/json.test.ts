import { expect, test } from 'vitest';
import { listIn, mapIn, numberIn, parseEtcdJson, textIn } from '../../src/etcd-client/json.ts';

test('IDs keep their digits, as hex', () => {
  const list = mapIn(
    parseEtcdJson(
      '{"header":{"cluster_id":17236459866476129883,"member_id": 10708191523840644696,"raft_term":2},"members":[{"ID":1,"isLearner":true}]}',
    ),
  );
  const header = mapIn(list.header);
  expect(header.cluster_id).toBe('ef3434ed06962e5b');
  expect(header.member_id).toBe('949b2374dd5ed658');
  expect(header.raft_term).toBe(2);
  expect(mapIn(listIn(list.members)[0]).ID).toBe('1');
});

test('the largest ID', () => {
  expect(mapIn(parseEtcdJson('{"leader":18446744073709551615}')).leader).toBe('ffffffffffffffff');
});

test('what is not there is empty', () => {
  const nothing = mapIn(parseEtcdJson('{}'));
  expect([textIn(nothing.a), numberIn(nothing.b), listIn(nothing.c)]).toEqual(['', 0, []]);
  // etcdctl 3.6 prints null where no endpoint answers.
  expect(listIn(parseEtcdJson('null'))).toEqual([]);
});

test('what is no JSON is nothing', () => {
  expect(parseEtcdJson('NAME:\n\tsnapshot')).toBeUndefined();
  expect(parseEtcdJson('')).toBeUndefined();
});
