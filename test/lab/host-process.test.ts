import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { findLeader, isAlive, nspawnArgv } from '../../src/lab/host-process.ts';
import { hostPaths, labPaths } from '../../src/lab/paths.ts';

const paths = labPaths('/state', 'one');
const plan = (host: string) => ({
  lab: 'one',
  host,
  image: { root: '/image', etcdVersion: '3.4.23' },
  paths: hostPaths(paths, host),
  labPaths: paths,
  packageRoot: '/opt/my:package',
  nodeBinary: '/usr/bin/node',
});

test('a node is booted in its own network namespace, with /cm/shared', () => {
  expect(nspawnArgv(plan('node001'))).toEqual([
    ...['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--boot'],
    ...['--directory=/state/labs/one/hosts/node001/root', '--machine=quorate.one.node001', '--hostname=node001'],
    ...['--network-namespace-path=/run/netns/quorate.one.node001', '--resolv-conf=off', '--timezone=off'],
    ...['--link-journal=no', '--console=pipe', '--bind=/state/labs/one/shared:/cm/shared'],
  ]);
});

test('only the head node sees the program, read-only; a colon in a path does not part it', () => {
  const own = nspawnArgv(plan('headnode')).filter(word => word.startsWith('--bind-ro'));
  expect(own).toEqual(['--bind-ro=/opt/my\\:package:/opt/quorate', '--bind-ro=/usr/bin/node:/opt/quorate-node']);
  expect(nspawnArgv(plan('node001')).join(' ')).not.toContain('/opt/quorate');
});

test('a process is known by its start time too, so that a later one of the same pid is not taken for it', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(await isAlive({ pid, startTime: '1' })).toBe(false);
  expect(await findLeader({ pid, startTime: '1' })).toBe(undefined);
  child.kill();
});
