// What `quorate new` writes is used at once, as it is: linted, run in check mode, and not written over.
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { schemaLine } from '../../src/commands/new-files.ts';
import { type Site, site } from '../support/cli.ts';

let here: Site;
beforeEach(async () => {
  here = await site();
});
afterEach(() => here.remove());

const text = (file: string) => readFile(join(here.folder, file), 'utf8');

describe('quorate new playbook', () => {
  test('writes one that lints clean and runs in check mode, and says how', async () => {
    const made = await here.quorate('new', 'playbook', 'check-disks');
    expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^check-disks\.yml\nhosts\.yml\n/) });
    const commands = [...made.stdout.matchAll(/^quorate (.*?) {2,}/gm)].map(([, words = '']) => words.split(' '));
    expect(commands.map(([command]) => command)).toEqual(['lint', 'run', 'run']);
    const [lint = [], check = []] = commands;
    expect((await here.quorate(...lint)).stdout).toBe('1 file checked: 0 errors, 0 warnings');
    expect((await here.quorate('lint', '.')).stdout).toBe('2 files checked: 0 errors, 0 warnings');
    expect(await here.quorate(...check)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\/tmp\/check-disks is new on localhost[\s\S]*1 change would be made/),
    });
    await here.write('check-disks.yml', (await text('check-disks.yml')).replace('made.changed', 'made.chnged'));
    expect(await here.quorate(...lint)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('`changed`') });
  });

  test('in a folder beside an inventory that is there, which it leaves as it is', async () => {
    await here.write('ops/hosts.yml', 'all:\n  hosts:\n    a: {}\n');
    const made = await here.quorate('new', 'playbook', 'check-disks.yml', '--folder', 'ops');
    expect(made.stdout).toMatch(
      /^ops\/check-disks\.yml\n\n[\s\S]*run ops\/check-disks\.yml -i ops\/hosts\.yml --check/,
    );
    expect(await text('ops/hosts.yml')).toMatch(/a: \{\}/);
  });

  test('on a head node without an inventory, for the hosts are those of cmsh', async () => {
    await here.write('bin/cmsh', '#!/bin/sh\nexit 1\n');
    await chmod(join(here.folder, 'bin/cmsh'), 0o755);
    const made = await here.quorate('new', 'playbook', 'check-disks');
    expect(made.stdout).toMatch(/^check-disks\.yml\n\n[\s\S]*run check-disks\.yml --check/);
  });

  test.each([
    ['preflight', /quorate brings[\s\S]*quorate doc preflight/],
    ['../up', /is no name of a playbook[\s\S]*--folder/],
    ['there', /there\.yml is there already/],
  ])('refuses %s, and writes nothing', async (name, says) => {
    await here.write('there.yml', 'mine');
    expect(await here.quorate('new', 'playbook', name)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(says),
    });
    expect(await text('there.yml')).toBe('mine');
    await expect(text('hosts.yml')).rejects.toThrow('ENOENT');
  });
});

test.each([
  ['/site', 'ops/a.yml', '../node_modules/quorate/schemas/tasks.schema.json'],
  ['/site/ops', 'a.yml', 'file:///site/node_modules/quorate/schemas/tasks.schema.json'],
])('in %s, %s finds its schema at %s', (cwd, file, address) => {
  const line = schemaLine({ cwd, packageRoot: '/site/node_modules/quorate' }, file, 'tasks');
  expect(line).toBe(`# yaml-language-server: $schema=${address}\n`);
});

describe('quorate new role', () => {
  const play = (role: string) => `- hosts: all\n  roles:\n${role}`;
  const inventory = 'all:\n  hosts:\n    localhost: { connection: local }\n';

  test('writes one that lints clean and is entered by the play that it shows', async () => {
    const made = await here.quorate('new', 'role', 'time-zone');
    expect(made.exitCode).toBe(0);
    const [, shown = ''] = /^ {2}roles:\n([\s\S]*)/m.exec(made.stdout) ?? [];
    await here.write('site.yml', `${play(shown)}\n`);
    await here.write('hosts.yml', inventory);
    expect((await here.quorate('lint', '.')).stdout).toBe('6 files checked: 0 errors, 0 warnings');
    expect(await here.quorate('run', 'site.yml', '-i', 'hosts.yml', '--check')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/handler +time-zone has changed[\s\S]*1 change would be made/),
    });
    await here.write('site.yml', play('    - { role: time-zone, time_zone_pth: /tmp }\n'));
    expect(await here.quorate('lint', 'site.yml')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('did you mean `time_zone_path`?'),
    });
  });

  test('refuses one that is there, and what is no name', async () => {
    await here.write('roles/time-zone/README', 'mine');
    expect(await here.quorate('new', 'role', 'time-zone')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('roles/time-zone is there already'),
    });
    expect(await here.quorate('new', 'role', 'Time Zone')).toMatchObject({ exitCode: 2 });
  });
});
