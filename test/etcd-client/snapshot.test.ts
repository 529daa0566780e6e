// How a snapshot gets its name, on this machine's own shell; in place of etcdctl, `cp` puts a file there. With etcdctl: test/e2e.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SAVE_SNAPSHOT } from '../../src/etcd-client/snapshot.ts';

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-snapshot-'));
  directory = join(folder, 'backup/etcd');
});
afterEach(() => rm(folder, { recursive: true }));

const database = randomBytes(1024);
const checksum = createHash('sha256').update(database).digest();
const whole = Buffer.concat([database, checksum]);

async function save(bytes: Buffer, ...tool: readonly string[]) {
  const source = join(folder, 'source');
  await writeFile(source, bytes);
  const argv = tool.length > 0 ? tool : ['cp', source];
  return execa('sh', ['-c', SAVE_SNAPSHOT, 'sh', directory, 'etcd-node001-1', ...argv], { reject: false });
}

async function leave(name: string, ageS = 0): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, name), '');
  await utimes(join(directory, name), Date.now() / 1000 - ageS, Date.now() / 1000 - ageS);
}

test('a whole one gets its name, in a directory for its owner alone', async () => {
  const sums = `1056 ${checksum.toString('hex')} ${checksum.toString('hex')}`;
  expect(await save(whole)).toMatchObject({ exitCode: 0, stdout: `${sums}\n${directory}/etcd-node001-1` });
  expect(await readFile(join(directory, 'etcd-node001-1'))).toEqual(whole);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(await readdir(directory)).toEqual(['etcd-node001-1']);
});

test('the second of a second gets the next name', async () => {
  await save(whole);
  expect((await save(whole)).stdout.split('\n')[1]).toBe(`${directory}/etcd-node001-1-2`);
});

test.each([
  ['with another checksum', Buffer.concat([database, Buffer.alloc(32)])],
  ['cut off', whole.subarray(0, 1000)],
  [
    'of no whole pages',
    Buffer.concat([database.subarray(1), createHash('sha256').update(database.subarray(1)).digest()]),
  ],
])('one %s gets none, and is deleted', async (_, bytes) => {
  const { exitCode, stdout } = await save(bytes);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\d+ \w+ \w+$/);
  expect(await readdir(directory)).toEqual([]);
});

test('where the tool fails, its status and words are told, and nothing is left', async () => {
  const fails = ['sh', '-c', 'echo half > "$1.part"; echo half > "$1"; echo no room >&2; exit 5', 'sh'];
  expect(await save(whole, ...fails)).toMatchObject({ exitCode: 5, stdout: '', stderr: 'no room' });
  expect(await readdir(directory)).toEqual([]);
});

test('ended half-way, it leaves nothing', async () => {
  const ends = ['sh', '-c', 'echo half > "$1"; kill -TERM "$PPID"; sleep 1', 'sh'];
  expect(await save(whole, ...ends)).toMatchObject({ exitCode: 143 });
  expect(await readdir(directory)).toEqual([]);
});

test('what a dead one left here goes with the next, or after a day; that of a living one stays', async () => {
  const dead = (await execa('sh', ['-c', 'echo $$'])).stdout;
  await leave(`.etcd-node001-0.${hostname()}.${dead}.partial`);
  await leave(`.etcd-node001-0.${hostname()}.${dead}.partial.part`);
  await leave('.etcd-node001-0.elsewhere.1.partial', 25 * 3600);
  const stays = [`.etcd-node001-0.${hostname()}.${process.pid}.partial`, '.etcd-node001-0.elsewhere.1.partial.part'];
  for (const name of stays) await leave(name);
  await save(whole);
  expect((await readdir(directory)).sort()).toEqual([...stays, 'etcd-node001-1'].sort());
});
