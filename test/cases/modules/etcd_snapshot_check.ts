import { SNAPSHOT_SUMS } from '../../../src/core/read-command.ts';
import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';
import { environment } from '../../support/etcd-answers.ts';

const directory = '/cm/shared/backup/etcd';
const path = `${directory}/etcd-node001-20260401083000`;
const SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const there = `test -f ${path}`;
const sums = `sh -c ${SNAPSHOT_SUMS} sh ${path}`;
const status = `snapshot status ${path} --write-out=json`;
const newest = `ls -t -1 -- ${directory}`;
const listed = ['etcd-node003-20260401083002', '.etcd-x.partial', 'kube-default.restored.json', 'etcd-node001-7'];

const on = (answers: Record<string, string | Answer>): Partial<ModuleCase> => ({
  nowMs: Date.UTC(2026, 3, 1, 9),
  hosts: { node001: { answers: { ...environment('node001'), ...answers } } },
});

export const cases: readonly ModuleCase[] = [
  {
    name: 'a whole one',
    params: { path },
    ...on({
      [there]: '',
      [sums]: `20512 ${SHA} ${SHA}\n`,
      [`/cm/etcdctl ${status}`]: '{"hash":1,"revision":42,"totalKey":3,"totalSize":20480}',
    }),
    expect: {
      result: { path, size: 20512, sha256: SHA, revision: 42, keys: 3, checked_at: '20260401T090000Z' },
    },
  },
  {
    name: 'etcdctl 3.6 tells nothing of it, and etcdutl does',
    params: { path },
    ...on({
      [there]: '',
      [sums]: `20512 ${SHA} ${SHA}\n`,
      [`/cm/etcdctl ${status}`]: 'NAME:\n  snapshot - Manages etcd node snapshots\n',
      [`/cm/etcdutl ${status}`]: '{"hash":1,"revision":42,"totalKey":3,"totalSize":20480}',
    }),
    expect: { result: { revision: 42, keys: 3 } },
  },
  {
    name: 'one that was cut off',
    params: { path },
    ...on({ [there]: '', [sums]: `20001 ${SHA} ${SHA}\n` }),
    expect: { failure: { code: 'task-failed', message: /is not a whole snapshot: its size, 20001 bytes/ } },
  },
  {
    name: 'one that was changed',
    params: { path },
    ...on({ [there]: '', [sums]: `20512 ${SHA} ${SHA.replace('e3', 'e4')}\n` }),
    expect: { failure: { code: 'task-failed', message: /the checksum at its end, e4b0.*is not that of its content/ } },
  },
  {
    name: 'one that cannot be read',
    params: { path },
    ...on({ [there]: '', [sums]: { code: 1, stderr: 'head: error reading: Input/output error\n' } }),
    expect: { failure: { code: 'task-failed', message: /cannot be read on node001: head: error reading/ } },
  },
  {
    name: 'one that is not there; the newest are named',
    params: { path },
    ...on({ [there]: { code: 1 }, [newest]: `${listed.join('\n')}\n` }),
    expect: {
      failure: {
        code: 'task-failed',
        message: /^there is no snapshot .* on node001$/,
        hint: /^the newest are, the last one first: \S+etcd-node003-20260401083002, \S+etcd-node001-7$/,
      },
    },
  },
  {
    name: 'none was chosen, and there is none',
    params: { path: '', directory },
    ...on({ [newest]: { code: 2, stderr: 'ls: cannot access' } }),
    expect: { failure: { code: 'task-failed', message: /^no snapshot is named$/, hint: /holds none/ } },
  },
];
