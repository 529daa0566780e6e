import { expect, test } from 'vitest';
import { votersInLog } from '../../src/etcd-client/raft-log.ts';

// As etcd 3.4 writes it with capnslog, and 3.5 with zap.
test('the last change of the configuration counts, and its IDs are decimals', () => {
  const log = [
    'raft2026/11/26 INFO: 4a336cbcb0bafdc0 switched to configuration voters=(5346736740293606848) learners=(13652777997818946089)',
    '{"level":"info","msg":"4a336cbcb0bafdc0 switched to configuration voters=(5346736740293606848 13652777997818946089)"}',
    'raft: something else',
  ].join('\n');
  expect(votersInLog(log)).toEqual(['4a336cbcb0bafdc0', 'bd786940e5446229']);
});

test('a log that tells of none tells nothing', () => {
  expect(votersInLog('ready to serve client requests\n')).toBeUndefined();
});
