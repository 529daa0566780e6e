import { expect, test } from 'vitest';
import { hashOf, keysOf, votersOf } from '../../src/lab/writer/answers.ts';
import { readAcknowledgements } from '../../src/lab/writer/check.ts';
import { fromBase64, type Gateway, type Outcome } from '../../src/lab/writer/gateway.ts';
import { write } from '../../src/lab/writer/write.ts';

const members = {
  members: [
    { ID: '1', name: 'node001', clientURLs: ['https://10.141.0.1:2379'] },
    { ID: '2', name: 'node002', clientURLs: ['https://10.141.0.2:2379'], isLearner: true },
    { ID: '3', peerURLs: ['https://10.141.0.3:2380'] },
  ],
};

test('voters are the members that are no learners and were started', () => {
  expect(votersOf(members)).toEqual([{ name: 'node001', endpoint: 'https://10.141.0.1:2379' }]);
  expect(votersOf({})).toEqual([]);
  expect(votersOf(null)).toEqual([]);
});

test('keys and hashes are read as etcd prints them: zero fields left out', () => {
  expect(keysOf({ kvs: [{ key: 'YQ==', mod_revision: '7' }], more: true })).toEqual({
    keys: [{ base64Key: 'YQ==', revision: '7' }],
    more: true,
  });
  expect(keysOf({ header: {} })).toEqual({ keys: [], more: false });
  expect(hashOf([{ Endpoint: 'x', HashKV: { hash: 5, compact_revision: 3 } }])).toBe('5 since 3');
  expect(hashOf([{ Endpoint: 'x', HashKV: { hash: 5 } }])).toBe('5 since 0');
  expect(hashOf([{ Endpoint: 'x', hash: 5 }])).toBe(undefined);
});

test('a line that was not finished is no acknowledgement', () => {
  expect([...readAcknowledgements('100 a/1 5\n101 a/2 6\n102 a/3 7')]).toEqual([
    ['a/1', '5'],
    ['a/2', '6'],
  ]);
  expect(readAcknowledgements('').size).toBe(0);
});

/** Writes against answers that are made up, in a time that passes only by waiting: 100 ms a put. */
async function writeAgainst(answers: readonly Outcome[]) {
  const stop = new AbortController();
  const asked: string[] = [];
  const acknowledged: string[] = [];
  let nowMs = 0;
  let turn = 0;
  const gateway: Gateway = {
    async post(endpoint, path, body) {
      if (path !== '/v3/kv/put') return { kind: 'unknown', why: 'nobody says who the members are' };
      const answer = answers[turn++];
      if (turn === answers.length) stop.abort();
      nowMs += 100;
      asked.push(`${endpoint} ${fromBase64('key' in body ? String(body.key) : '')}`);
      return answer ?? { kind: 'refused', why: '' };
    },
    close() {},
  };
  const report = await write({
    gateway,
    endpoints: ['A', 'B'],
    prefix: 'p',
    writers: 1,
    pauseMs: 0,
    timeoutMs: 1000,
    signal: stop.signal,
    nowMs: () => nowMs,
    sleep: () => new Promise(resolve => setImmediate(resolve)),
    acknowledged: ({ key, revision }) => acknowledged.push(`${key} ${revision}`),
  });
  return { report, asked, acknowledged };
}

const put = (revision: string): Outcome => ({ kind: 'answer', body: { header: { revision } } });
const refused: Outcome = { kind: 'refused', why: 'ECONNREFUSED' };
const unknown: Outcome = { kind: 'unknown', why: 'no answer within 1000 ms' };

test('each key is put once, at the endpoints in turn; only what was acknowledged is noted', async () => {
  const { report, asked, acknowledged } = await writeAgainst([put('2'), refused, unknown, put('3')]);
  expect(asked).toEqual(['A p/0/000000000', 'B p/0/000000001', 'A p/0/000000002', 'B p/0/000000003']);
  expect(acknowledged).toEqual(['p/0/000000000 2', 'p/0/000000003 3']);
  expect(report).toMatchObject({ acknowledged: 2, refused: 1, unknown: 1, seconds: 0.4 });
});

test('the longest gap counts from the start and to the end', async () => {
  const gap = async (...answers: Outcome[]) => {
    const { report } = await writeAgainst(answers);
    return `${report.longestGapMs} from ${report.longestGapAt.slice(17, 23)}`;
  };
  expect(await gap(put('2'), refused, refused, put('3'))).toBe('300 from 00.100');
  expect(await gap(refused, refused, put('2'), put('3'))).toBe('300 from 00.000');
  expect(await gap(put('2'), put('3'), unknown, unknown)).toBe('200 from 00.200');
});
