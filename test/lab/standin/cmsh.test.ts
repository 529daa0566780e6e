// cmsh as a process: how it is called, what goes to which stream, and that processes don't step on each other.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { State } from '../../../src/lab/standin/state.ts';
import { clusterState } from '../../support/standin.ts';

const CMSH = fileURLToPath(new URL('../../../src/lab/standin/cmsh.ts', import.meta.url));
const CMDAEMON = fileURLToPath(new URL('../../../src/lab/standin/cmdaemon.ts', import.meta.url));

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let spool = '';
beforeEach(() => {
  spool = mkdtempSync(join(tmpdir(), 'cmsh-'));
  save(clusterState(['node001', 'node002', 'node003']));
});
afterEach(() => rmSync(spool, { recursive: true, force: true }));

function save(state: State): void {
  writeFileSync(join(spool, 'state.json'), JSON.stringify(state), { mode: 0o600 });
}

function load(): State {
  return JSON.parse(readFileSync(join(spool, 'state.json'), 'utf8'));
}

interface Ended {
  status: number;
  out: string;
  err: string;
}

function run(argv: readonly string[], input = ''): Promise<Ended> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, ['--no-warnings', ...argv], (error, out, err) => {
      resolve({ status: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.end(input);
  });
}

const cmsh = (argv: readonly string[], input = '') => run([CMSH, '--spool', spool, '-n', ...argv], input);

it('runs -c, -f and standard input, which alone is echoed', async () => {
  const file = join(spool, 'commands');
  writeFileSync(file, 'device\nget node001 ip\n');
  const expected = { status: 0, out: '10.141.0.1\n', err: '' };
  expect(await cmsh(['-c', 'device; get node001 ip'])).toEqual(expected);
  expect(await cmsh(['-f', file])).toEqual(expected);
  expect(await cmsh([], 'device\nget node001 ip\n')).toEqual({
    ...expected,
    out: 'device\nget node001 ip\n10.141.0.1\n',
  });
});

it('says what the system refused, without a trace', async () => {
  const { status, out, err } = await cmsh(['-f', join(spool, 'none')]);
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toMatch(/^cmsh: ENOENT: .*none'\n$/);
});

it('exits with 1 for an error, and 0 when lax and it was not the last', async () => {
  const script = 'configurationoverlay; use x; get kube-default-etcd priority';
  const message = "Unable to find ConfigurationOverlay 'x' (type 'list' to get a list)\n";
  expect(await cmsh(['-c', script])).toEqual({ status: 1, out: '500\n', err: message });
  expect(await run([CMDAEMON, '--state', join(spool, 'state.json'), '--set', 'profile=lax'])).toMatchObject({
    status: 0,
  });
  expect(await cmsh(['-c', script])).toEqual({ status: 0, out: `${message}500\n`, err: '' });
});

it.each([
  ['by fault', (): void => save({ ...load(), faults: { ...load().faults, notConnected: true } }), []],
  ['where there is no CMDaemon', (): void => rmSync(join(spool, 'state.json')), []],
  ['to another host', (): void => undefined, ['elsewhere:8081']],
])('says that it is not connected: %s', async (_, prepare, more) => {
  prepare();
  expect(await cmsh(['-c', 'device list', ...more])).toEqual({
    status: 1,
    out: "CMMain::verifyAPI, rpc: Couldn't resolve host name.\nNot connected!\n",
    err: 'Command not found: device\n',
  });
});

it('mixes events into the output by fault, hidden or not', async () => {
  save({ ...load(), faults: { ...load().faults, eventsInOutput: true } });
  const { out } = await cmsh(['--hide-events', '-c', 'device; get node001 ip']);
  expect(out.split('\n').filter(line => line.includes('[notice] headnode: Service ntpd was restarted'))).toHaveLength(
    2,
  );
});

it('loses no commit of several processes at once', async () => {
  const properties = ['priority 510', 'nodes node001', 'categories default', 'allheadnodes yes', 'revision r'];
  const ended = await Promise.all(
    properties.map(property => cmsh(['-c', `configurationoverlay use kube-default-etcd; set ${property}; commit`])),
  );
  expect(ended.map(({ status }) => status)).toEqual(properties.map(() => 0));
  expect(load().objects.configurationoverlay[0]?.values).toEqual({
    priority: 510,
    nodes: ['node001'],
    categories: ['default'],
    allheadnodes: true,
    revision: 'r',
  });
});

it('keeps the state to itself and leaves no lock', async () => {
  chmodSync(join(spool, 'state.json'), 0o600);
  await cmsh(['-c', 'configurationoverlay use kube-default-etcd; set priority 510; commit']);
  expect(statSync(join(spool, 'state.json')).mode & 0o777).toBe(0o600);
  expect(existsSync(join(spool, 'state.json.lock'))).toBe(false);
});

it('refuses options and settings that there are not', async () => {
  expect(await cmsh(['-j'])).toEqual({ status: 1, out: 'Illegal option: j\n', err: '' });
  const state = join(spool, 'state.json');
  expect(await run([CMDAEMON, '--state', state, '--set', 'fault.x=1'])).toMatchObject({ status: 2, out: '' });
  expect(await run([CMDAEMON, '--state', state, '--set', 'scale=3', '--set', 'profile=x'])).toMatchObject({
    status: 2,
  });
  expect((await run([CMDAEMON, '--state', state, '--get'])).out).toContain('scale=1\n');
});
