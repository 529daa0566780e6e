import { expect, it } from 'vitest';
import { formatEvent } from '../../../src/lab/standin/events.ts';
import { parseInvocation } from '../../../src/lab/standin/invocation.ts';
import { applySetting, formatSettings } from '../../../src/lab/standin/settings.ts';
import { clusterState } from '../../support/standin.ts';

it.each([
  'profile=lax',
  'scale=0.25',
  'fault.notConnected=true',
  'fault.slowdown=0',
  'fault.peerStaysDown=node002',
  'fault.otherEditor=kube-default-etcd:nodes:node001,node002',
])('sets %s and prints it', assignment => {
  const state = clusterState(['node001']);
  expect(formatSettings(state)).not.toContain(assignment);
  expect(applySetting(state, assignment)).toBeUndefined();
  expect(formatSettings(state).split('\n')).toContain(assignment);
});

it.each([
  ['profile=nice', 'profile takes strict, lax, silent'],
  ['scale=-1', 'scale takes a number, 0 or more'],
  ['fault.noHeaders=yes', 'fault.noHeaders takes true or false'],
  ['fault.nonesuch=1', /^no setting fault.nonesuch; there are profile, scale, fault/],
])('refuses %s', (assignment, problem) => {
  const state = clusterState(['node001']);
  const before = structuredClone(state);
  expect(applySetting(state, assignment)).toMatch(problem);
  expect(state).toEqual(before);
});

it("reads cmsh's options", () => {
  const argv = ['-n', '-Q', '-q', '--color', 'no', '--hide-events', '-f', '/tmp/x', 'master:8081'];
  expect(parseInvocation(argv)).toMatchObject({
    noRc: true,
    noQuitConfirmation: true,
    quitOnError: true,
    color: false,
    hideEvents: true,
    source: { file: '/tmp/x' },
    host: 'master:8081',
  });
  expect(parseInvocation(['--color=yes', '-c', 'device; list'])).toMatchObject({
    color: true,
    source: { text: 'device; list' },
  });
  expect(parseInvocation(['-j'])).toBe('Illegal option: j');
  expect(parseInvocation(['-c'])).toBe('Option -c needs a value');
});

it('dates events as the article does, the day without a nought', () => {
  const timeMs = new Date(2022, 3, 5, 12, 7, 3).getTime();
  const event = { sequence: 1, timeMs, level: 'notice', host: 'node003', text: 'Service etcd was stopped' } as const;
  expect(formatEvent(event)).toBe('Tue Apr 5 12:07:03 2022 [notice] node003: Service etcd was stopped');
});
