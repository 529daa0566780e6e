// directory and command with real files and real processes.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import type { Module } from '../../src/core/module.ts';
import type { Connection } from '../../src/core/transport.ts';
import { modules } from '../../src/modules/index.ts';
import { localHost } from '../support/local-host.ts';
import { runName } from '../support/processes.ts';

let host: Host;
let connection: Connection;
let root: string;

beforeAll(async () => {
  ({ host, connection } = await localHost(runName('modules')));
  root = await mkdtemp(join(tmpdir(), 'quorate-modules-'));
});
afterAll(async () => {
  await connection.close();
  await rm(root, { recursive: true, force: true });
});

function moduleNamed<K extends Module['kind']>(name: string, kind: K): Extract<Module, { kind: K }> {
  const found = modules.find(module => module.name === name);
  if (found?.kind !== kind) throw new Error(`there is no ${name}`);
  return found as Extract<Module, { kind: K }>;
}

describe('directory', () => {
  const directory = moduleNamed('directory', 'converge');

  /** Brings it about, then looks again: what it says was different, and the result. */
  async function converge(params: { [key: string]: string }) {
    const given = { state: 'present', environment_module: 'etcd/kube-default', ...params } as never;
    const first = await directory.observe(host, given);
    if (first.kind !== 'differs') return { changes: [], moved: '' };
    const added = await directory.apply(host, given, first.state);
    expect((await directory.observe(host, given)).kind).toBe('same');
    return {
      changes: first.changes.map(({ what }) => what),
      moved: String(Object.entries(added ?? {}).find(([key]) => key === 'moved_to')?.[1] ?? ''),
    };
  }

  it('is made with its parents and mode, once', async () => {
    const path = join(root, 'a b/c');
    expect((await converge({ path, mode: '0700' })).changes).toEqual([path, `${path}: mode`]);
    expect((await stat(path)).mode & 0o7777).toBe(0o700);
    expect((await converge({ path, mode: '0700' })).changes).toEqual([]);
  });

  it('is emptied without losing anything, hidden files and odd names included', async () => {
    const path = join(root, 'spool');
    await mkdir(join(path, 'member/wal'), { recursive: true });
    const names = ['.hidden', '-rf', 'two words', "quote'd", 'new\nline'];
    for (const name of names) await writeFile(join(path, name), name);
    await writeFile(join(path, 'member/wal/0.wal'), 'data');
    const { changes, moved } = await converge({ path, state: 'empty', mode: '0700' });
    expect(changes).toEqual([`${path}: contents`, `${path}: mode`]);
    expect(await readdir(path)).toEqual([]);
    expect(moved).toMatch(/spool\.aside\/\d{8}T\d{6}Z$/);
    expect((await readdir(moved)).sort()).toEqual([...names, 'member'].sort());
    expect(await readFile(join(moved, 'member/wal/0.wal'), 'utf8')).toBe('data');
    expect((await stat(moved)).mode & 0o7777).toBe(0o700);
  });

  it('follows a link, as where the spool lies on another disk', async () => {
    const path = join(root, 'link');
    await mkdir(join(root, 'disk/old'), { recursive: true });
    await symlink(join(root, 'disk'), path);
    const { moved } = await converge({ path, state: 'empty' });
    expect(await readdir(moved)).toEqual(['old']);
    expect(await readdir(join(root, 'disk'))).toEqual([]);
  });

  it('refuses a file', async () => {
    const path = join(root, 'file');
    await writeFile(path, '');
    await expect(converge({ path })).rejects.toMatchObject({ code: 'task-failed' });
  });
});

describe('command', () => {
  const command = moduleNamed('command', 'act');
  const run = (params: object) =>
    command.apply(host, { stdin_add_newline: true, repeatable: false, ...params } as never);

  it('passes words on as they are', async () => {
    const argv = ['printf', '%s|', '$HOME', '*', 'a b', '`id`', "'", '"', ''];
    expect(await run({ argv })).toMatchObject({ rc: 0, stdout: `$HOME|*|a b|\`id\`|'|"||` });
    expect(await run({ cmd: `printf '%s|' $HOME "a b"` })).toMatchObject({ stdout: '$HOME|a b|' });
  });

  it('has its input, directory and environment', async () => {
    const argv = ['sh', '-c', 'pwd; cat; echo "$GREETING"'];
    expect(await run({ argv, stdin: 'in', chdir: root, environment: { GREETING: 'hello' } })).toMatchObject({
      stdout_lines: [root, 'in', 'hello'],
    });
  });

  it('fails with the status and the last words', async () => {
    await expect(run({ argv: ['sh', '-c', 'echo out; echo why >&2; exit 3'] })).rejects.toMatchObject({
      code: 'command-failed',
      message: 'sh ended with status 3: why',
      result: { rc: 3, stdout: 'out', stderr: 'why' },
    });
    await expect(run({ argv: ['/no/such/program'] })).rejects.toMatchObject({ result: { rc: 127 } });
  });

  it('is left out where what it creates is there', async () => {
    const params = { argv: ['false'], creates: root } as never;
    expect(await command.done?.(host, params)).toMatchObject({ rc: 0, stdout: `not run: ${root} exists` });
    expect(await command.done?.(host, { argv: ['false'], creates: join(root, 'none') } as never)).toBeUndefined();
  });
});
