// stat, file, wait_for, shell and script with real files, ports and processes.
import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import type { Connection } from '../../src/core/transport.ts';
import type { Json } from '../../src/core/value.ts';
import { validators } from '../../src/generated/validators.js';
import { modules } from '../../src/modules/index.ts';
import { localHost } from '../support/local-host.ts';
import { runName } from '../support/processes.ts';

let host: Host;
let connection: Connection;
let root: string;

beforeAll(async () => {
  ({ host, connection } = await localHost(runName('general')));
  root = await mkdtemp(join(tmpdir(), 'quorate-general-'));
});
afterAll(async () => {
  await connection.close();
  await rm(root, { recursive: true, force: true });
});

/** Does what the runner does, defaults and the second look included; gives the result, and what was changed. */
async function play(name: string, given: Record<string, Json>): Promise<{ result: unknown; changes: string[] }> {
  const module = modules.find(one => one.name === name);
  const params = structuredClone(given);
  expect(validators.module(name)(params)).toEqual([]);
  switch (module?.kind) {
    case 'observe':
      return { result: await module.observe(host, params), changes: [] };
    case 'act':
      return { result: (await module.done?.(host, params)) ?? (await module.apply(host, params)), changes: [] };
    case 'converge': {
      const first = await module.observe(host, params);
      if (first.kind === 'unknown') throw new Error(first.why);
      if (first.kind === 'same') return { result: first.result, changes: [] };
      await module.apply(host, params, first.state);
      const then = await module.observe(host, params, first.state);
      if (then.kind !== 'same') throw new Error(`still ${JSON.stringify(then)}`);
      return { result: then.result, changes: first.changes.map(({ what }) => what) };
    }
    default:
      throw new Error(`there is no ${name}`);
  }
}

describe('script', () => {
  const script = async (text: string, given: Record<string, Json>) => {
    const files = new Map([['cmd', { path: 'x.sh', bytes: new TextEncoder().encode(text) }]]);
    const here = host;
    host = { ...here, files };
    try {
      return (await play('script', given)).result;
    } finally {
      host = here;
    }
  };

  it('runs what its first line names; the file is private while it runs, and gone afterwards', async () => {
    const text = '#!/bin/bash -e\nstat -c %a "$0"; printf "%s|" "$@" "$SECRET"; wc -c\n';
    const given = { cmd: "x.sh 'two words' '$HOME' '*'", environment: { SECRET: 'a b' } };
    const result = await script(text, given);
    expect(result).toMatchObject({ rc: 0, cmd: ['x.sh', 'two words', '$HOME', '*'] });
    expect(result).toMatchObject({ stdout: '600\ntwo words|$HOME|*|a b|0' });
  });

  it('ends with its status, and its file is gone then too', async () => {
    const where = join(root, 'where');
    const failed = script('printf %s "$0" > "$1"\nexit 7\n', { cmd: `x.sh ${where}` });
    await expect(failed).rejects.toMatchObject({ code: 'command-failed', result: { rc: 7 } });
    await expect(stat(await readFile(where, 'utf8'))).rejects.toThrow('ENOENT');
  });
});

describe('stat', () => {
  it('sees what the system sees', async () => {
    const path = join(root, 'two words');
    await writeFile(path, 'hello\n');
    await chmod(path, 0o640);
    const { mtimeMs, ino, size } = await stat(path);
    expect((await play('stat', { path, get_checksum: true })).result).toMatchObject({
      stat: {
        exists: true,
        mode: '0640',
        isreg: true,
        size,
        inode: ino,
        mtime: Math.floor(mtimeMs / 1000),
        checksum: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
      },
    });
  });

  it('tells a link from what it leads to, and nothing from something', async () => {
    const path = join(root, 'link');
    await symlink('two words', path);
    expect((await play('stat', { path })).result).toMatchObject({
      stat: { islnk: true, lnk_target: 'two words', lnk_source: join(root, 'two words') },
    });
    expect((await play('stat', { path, follow: true })).result).toMatchObject({ stat: { isreg: true, islnk: false } });
    expect((await play('stat', { path: join(root, 'none') })).result).toEqual({ stat: { exists: false } });
    expect((await play('stat', { path: join(root, 'two words/in') })).result).toEqual({ stat: { exists: false } });
  });
});

describe('file', () => {
  it('makes a directory, a file and a link, each once', async () => {
    const folder = join(root, 'a/b c');
    expect((await play('file', { path: folder, state: 'directory', mode: '0750' })).changes).toHaveLength(2);
    expect((await play('file', { path: folder, state: 'directory', mode: '0750' })).changes).toEqual([]);
    const path = join(folder, 'new');
    expect((await play('file', { path, state: 'touch' })).changes).toEqual([path]);
    expect((await play('file', { path, state: 'touch' })).changes).toEqual([`${path}: time`]);
    expect((await play('file', { path, mode: '0600' })).result).toMatchObject({ state: 'file', mode: '0600' });
    const link = join(folder, 'link');
    expect((await play('file', { path: link, state: 'link', src: 'new' })).changes).toEqual([link]);
    expect((await play('file', { path: link, state: 'link', src: '../..' })).changes).toEqual([link]);
    expect((await play('file', { path: link, state: 'link', src: '../..' })).changes).toEqual([]);
    // In place of the link, not in the directory that it led to.
    expect((await play('file', { path: link, state: 'link', src: 'new' })).changes).toEqual([link]);
    expect(await readlink(link)).toBe('new');
  });

  it('deletes a link and not what it leads to, a directory whole, and once', async () => {
    await mkdir(join(root, 'kept/in'), { recursive: true });
    const link = join(root, 'to kept');
    await symlink(join(root, 'kept'), link);
    expect((await play('file', { path: `${link}/`, state: 'absent' })).changes).toEqual([`${link}/`]);
    expect((await stat(join(root, 'kept/in'))).isDirectory()).toBe(true);
    expect((await play('file', { path: join(root, 'kept'), state: 'absent' })).changes).toHaveLength(1);
    expect((await play('file', { path: join(root, 'kept'), state: 'absent' })).changes).toEqual([]);
  });

  it('leaves a directory where a link is wanted', async () => {
    const path = join(root, 'stays');
    await mkdir(path);
    await expect(play('file', { path, state: 'link', src: '/', force: true })).rejects.toThrow(/not replaced/);
  });
});

describe('wait_for', () => {
  it('tells an open port from a closed one', async () => {
    const server: Server = createServer(socket => socket.end());
    const port = await new Promise<number>(resolve => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    expect((await play('wait_for', { port, timeout: 0 })).result).toMatchObject({ state: 'started' });
    await expect(play('wait_for', { port, timeout: 0, state: 'stopped' })).rejects.toMatchObject({ code: 'timed-out' });
    await new Promise(resolve => server.close(resolve));
    await expect(play('wait_for', { port, timeout: 0 })).rejects.toMatchObject({ code: 'timed-out' });
    expect((await play('wait_for', { port, timeout: 0, state: 'stopped' })).result).toMatchObject({ state: 'stopped' });
  });

  it('waits until a file has the text', async () => {
    const path = join(root, 'log');
    const late = setTimeout(() => writeFile(path, 'x\nready at 12\n'), 150);
    const params = { path, search_regex: '^ready at (\\d+)$', sleep: 0.05, timeout: 10 };
    expect((await play('wait_for', params)).result).toMatchObject({ match_groups: ['12'] });
    clearTimeout(late);
  });
});

describe('shell', () => {
  it('expands, pipes and redirects', async () => {
    const path = join(root, 'out');
    const { result } = await play('shell', {
      cmd: `echo "$GREETING" | tr a-z A-Z > out; cat < out; echo *ut`,
      chdir: root,
      environment: { GREETING: 'hello' },
    });
    expect(result).toMatchObject({ rc: 0, stdout_lines: ['HELLO', 'out'] });
    expect(await readFile(path, 'utf8')).toBe('HELLO\n');
  });

  it('fails with its status', async () => {
    await expect(play('shell', { cmd: 'echo why >&2; exit 3' })).rejects.toMatchObject({
      message: '/bin/sh ended with status 3: why',
    });
  });
});
