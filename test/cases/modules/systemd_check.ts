import type { Answer, ModuleCase } from '../../../src/testing/module-case.ts';

const SHOW = 'systemctl show --property=LoadState,ActiveState,SubState,MainPID,NRestarts,UnitFileState,Result -- etcd';

/** What `systemctl show` prints; `pid` 0 where nothing runs. */
function shown(active: string, sub: string, pid = 0, more: { restarts?: number; file?: string; load?: string } = {}) {
  const { restarts = 0, file = 'disabled', load = 'loaded' } = more;
  return `MainPID=${pid}\nNRestarts=${restarts}\nResult=success\nLoadState=${load}\nActiveState=${active}\nSubState=${sub}\nUnitFileState=${file}\n`;
}

const running = (pid: number, restarts = 0): string => shown('active', 'running', pid, { restarts });
const failed = shown('failed', 'failed');

/** A poll a second; the last answer is given from then on. */
function polled(first: string, ...later: readonly string[]): NonNullable<ModuleCase['hosts']> {
  const answer: Answer = { stdout: first, ...(later.length === 0 ? {} : { later: later.map(stdout => ({ stdout })) }) };
  return { node003: { answers: { [SHOW]: answer } } };
}

const times = (count: number, text: string): readonly string[] => Array.from({ length: count }, () => text);

export const cases: readonly ModuleCase[] = [
  {
    name: 'active at once',
    params: { unit: 'etcd' },
    hosts: polled(running(4242)),
    expect: { result: { state: 'active', sub_state: 'running', main_pid: 4242, restarts: 0, waited: 0 }, sleptMs: 0 },
  },
  {
    name: 'stopped, looked at once',
    params: { unit: 'etcd', state: 'inactive', timeout: 0 },
    hosts: polled(shown('inactive', 'dead')),
    expect: { result: { state: 'inactive', exists: true, enabled: false } },
  },
  {
    name: 'a unit that does not exist does not run',
    params: { unit: 'etcd', state: 'inactive', timeout: 0 },
    hosts: polled(shown('inactive', 'dead', 0, { load: 'not-found', file: '' })),
    expect: { result: { state: 'inactive', exists: false } },
  },
  {
    name: 'a failed one does not run either',
    params: { unit: 'etcd', state: 'inactive', timeout: 0 },
    hosts: polled(failed),
    expect: { result: { state: 'failed' } },
  },
  {
    name: 'one that systemd is about to start again is not stopped',
    params: { unit: 'etcd', state: 'inactive', timeout: 0 },
    hosts: polled(shown('activating', 'auto-restart')),
    expect: {
      failure: {
        code: 'task-failed',
        message: /^etcd on node003 is not inactive: it is activating \(auto-restart\)$/,
        hint: /journalctl -u etcd/,
      },
      result: { state: 'activating' },
    },
  },
  {
    name: 'one that does not exist is waited for',
    params: { unit: 'etcd', timeout: 2 },
    hosts: polled(shown('inactive', 'dead', 0, { load: 'not-found' })),
    expect: {
      failure: { code: 'timed-out', message: /^etcd on node003 is not active after 2 s: there is no such unit$/ },
      sleptMs: 2000,
      progress: [/^etcd: there is no such unit$/],
    },
  },
  {
    name: 'steady for six seconds, shown while it is waited for',
    params: { unit: 'etcd', stable_for: 6, timeout: 10 },
    hosts: polled(shown('activating', 'start'), running(7)),
    expect: {
      result: { main_pid: 7, waited: 7 },
      sleptMs: 7000,
      progress: [/^etcd: it is activating \(start\)$/, /^etcd is active, steady for 0 of 6 s$/, /5 of 6 s$/],
    },
  },
  {
    name: 'another main process begins the time anew',
    params: { unit: 'etcd', stable_for: 3 },
    hosts: polled(running(7), running(7), running(8)),
    expect: { result: { main_pid: 8 }, sleptMs: 5000 },
  },
  {
    name: 'so does a restart by systemd',
    params: { unit: 'etcd', stable_for: 3 },
    hosts: polled(running(7), running(7, 1)),
    expect: { result: { restarts: 1 }, sleptMs: 4000 },
  },
  {
    name: 'reached at the last moment, it may still prove itself',
    params: { unit: 'etcd', stable_for: 3, timeout: 2 },
    hosts: polled(failed, failed, running(9)),
    expect: { result: { main_pid: 9 }, sleptMs: 5000 },
  },
  {
    name: 'never steady',
    params: { unit: 'etcd', stable_for: 3, timeout: 2 },
    hosts: polled(running(1), running(2), running(3), running(4), running(5), running(6), running(7)),
    expect: { failure: { code: 'timed-out', message: /it does not stay active for 3 s$/ }, sleptMs: 5000 },
  },
  {
    name: 'that it died means nothing in the first 90 s (6.3)',
    params: { unit: 'etcd' },
    hosts: polled(failed, ...times(62, failed), running(9)),
    expect: { result: { main_pid: 9, waited: 63 }, progress: [/^etcd has failed; BCM starts it again$/] },
  },
  {
    name: 'after that it ends the wait',
    params: { unit: 'etcd' },
    hosts: polled(failed),
    expect: { failure: { code: 'task-failed', message: /not active after 90 s: it is failed/ }, sleptMs: 90_000 },
  },
  {
    name: 'waits for another process than the one noted before',
    params: { unit: 'etcd', other_than_pid: 7 },
    hosts: polled(running(7), running(7), shown('inactive', 'dead'), running(8)),
    expect: { result: { main_pid: 8 }, sleptMs: 3000, progress: [/has not been restarted yet \(process 7\)/] },
  },
  {
    name: 'enabled as wanted',
    params: { unit: 'etcd', enabled: true },
    hosts: polled(shown('active', 'running', 5, { file: 'enabled' })),
    expect: { result: { enabled: true } },
  },
  {
    name: 'not enabled where that is wanted',
    params: { unit: 'etcd', enabled: true, timeout: 0 },
    hosts: polled(running(5)),
    expect: {
      failure: { code: 'task-failed', message: /^etcd on node003 is not active and enabled: it is not enabled$/ },
    },
  },
  {
    name: 'systemctl that fails',
    params: { unit: 'etcd' },
    hosts: { node003: { answers: { [SHOW]: { code: 1, stderr: 'Failed to connect to bus\n' } } } },
    expect: { failure: { code: 'command-failed', message: /^systemctl on node003: Failed to connect to bus$/ } },
  },
];
