// TAB: what is offered, and bash itself with the script that `quorate completion bash` prints.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Site, site } from '../support/cli.ts';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let here: Site;
beforeAll(async () => {
  here = await site({ 'check it.yml': '- hosts: all\n  tasks: []\n', 'state/runs/r1/journal.jsonl': '' });
});
afterAll(() => here.remove());

test.each<[string[], string[]]>([
  [['pl'], ['plan']],
  [
    ['run', 'extend'],
    ['extend-to-three', ':files'],
  ],
  [['run', 'verify', ''], []],
  [
    ['run', 'verify', '--list-t'],
    ['--list-tasks', '--list-tags'],
  ],
  [['run', '-i', 'add'], [':files']],
  [['run', '-e', 'add'], []],
  [
    ['run', '--check', 'verif'],
    ['verify', ':files'],
  ],
  [['lint', '--format', 'h'], ['human']],
  [['lint', 'a.yml', ''], [':files']],
  [['runs', 's'], ['show']],
  [['runs', 'show', ''], ['r1']],
  [['doc', 'etcd_h'], ['etcd_health']],
  [
    ['doc', 'filter'],
    ['filters', 'filter'],
  ],
  [
    ['doc', 'test', 'su'],
    ['subset', 'succeeded', 'superset'],
  ],
  [['schema', 'ar'], ['argument-specs']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['lab', 'sh'], ['shell']],
  [
    ['lab', 'up', '--n'],
    ['--name', '--nodes'],
  ],
  [
    ['lab', 'up', '--members', ''],
    ['1', '3', '5'],
  ],
  [
    ['lab', 'writer', '--name', 'default', 's'],
    ['start', 'stop'],
  ],
  [['nothing', ''], []],
])('after %j comes %j', async (words, offered) => {
  const { exitCode, stdout } = await here.quorate('complete', '--', ...words);
  const lines = stdout.split('\n').filter(line => line !== '');
  expect(lines.map(line => line.split('\t')[0])).toEqual(offered);
  expect(exitCode).toBe(0);
});

test('bash completes words and files, those with spaces too', async () => {
  const { stdout: script } = await here.quorate('completion', 'bash');
  const lines = [
    `quorate() { '${process.execPath}' '${cli}' "$@"; }`,
    script,
    'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _quorate quorate "${!#}" ""; printf "[%s]" "${COMPREPLY[@]}"; echo; }',
    "try quorate run che; try quorate doc test su; try quorate plan verify --tag; try quorate run ''",
  ];
  const { stdout } = await execa('bash', ['--noprofile', '--norc', '-c', lines.join('\n')], {
    cwd: here.folder,
    env: { HOME: here.folder, QUORATE_STATE_DIR: join(here.folder, 'state') },
  });
  const [file, tests, option, all] = stdout.split('\n');
  expect([file, tests, option]).toEqual(['[check it.yml]', '[subset][succeeded][superset]', '[--tags]']);
  expect(all).toMatch(/^\[add-member\].*\[verify\].*\[check it\.yml\]/);
});

test('a shell that it does not know is refused', async () => {
  expect(await here.quorate('completion', 'csh')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Allowed choices are bash, zsh, fish'),
  });
});
