import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codes } from '../../src/core/codes.ts';
import { type Site, site } from '../support/cli.ts';

let here: Site;
beforeAll(async () => {
  here = await site({
    'mine.yml':
      '# yaml-language-server: $schema=x\n# What mine is for. And more.\n#\n#   quorate run mine.yml\n- hosts: all\n  params:\n    node: { type: string }\n    token: { type: string, secret: true }\n    port: { type: integer, default: 1 }\n  tasks:\n    - debug: { msg: "{{ node }}{{ token }}{{ port }}" }\n',
    'wrong.yml': '# Wrong.\n- hosts: all\n  taks: []\n',
  });
});
afterAll(() => here.remove());

const doc = (...words: string[]) => here.quorate('doc', ...words);

describe('quorate doc', () => {
  test('alone lists all kinds, within 80 columns and without colour where it is no terminal', async () => {
    const { exitCode, stdout } = await doc();
    const headings = stdout.match(/^[A-Z][a-z]+$/gm);
    expect(headings).toEqual([
      'Modules',
      'Playbooks',
      'Keywords',
      'Filters',
      'Tests',
      'Lookups',
      'Functions',
      'Methods',
      'Codes',
    ]);
    expect(stdout).toMatch(/^ {2}etcd_health +Waits until/m);
    expect(stdout).toMatch(/combine, comment/);
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  test('tells a module in the terminal and as Markdown', async () => {
    const terminal = (await doc('etcd_health')).stdout;
    expect(terminal).toMatch(/^etcd_health\n\nWaits until/);
    expect(terminal).toMatch(/^ {2}stable_for {2}number, default `6`\n {6}Seconds/m);
    expect(Math.max(...terminal.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
    expect((await doc('etcd_health', '--format', 'markdown')).stdout).toMatch(/^\| `stable_for` \| number \| `6` \|/m);
  });

  test('tells a code as what it means; one of lint with why it matters, and examples', async () => {
    expect((await doc('no-quorum')).stdout).toBe(`no-quorum (code)\n\n${codes['no-quorum']}`);
    const { stdout } = await doc('voter-added');
    expect(stdout).toMatch(
      /^voter-added \(code\)\n\nerror: A member is added as a voter[\s\S]*^Bad:\n[\s\S]*^Good:\n/m,
    );
    expect(stdout).not.toContain('unwatched-promotion');
  });

  test('of a name that several things have, tells all, and how to have one', async () => {
    const { stdout } = await doc('default');
    expect(stdout).toMatch(/^default \(keyword\)\n[\s\S]*^default\(default_value.*\(filter\)\n/m);
    expect(stdout).toMatch(/`quorate doc keyword default`, `quorate doc filter default`/);
    expect((await doc('filter', 'default')).stdout).not.toContain('(keyword)');
    expect((await doc('filter', 'd')).stdout).toMatch(/^default\(/);
  });

  test.each<[string[], RegExp]>([
    [['filters'], /^Filters\n\n {2}abs +The number without its sign/],
    [['keyword'], /^Keywords\n/],
    [['when'], /Of a task, a block, [\s\S]*Takes: [\s\S]*when: result\.changed/],
    [['meta'], /flush_handlers[\s\S]*Takes: one of flush_handlers/],
    [['superset'], /\(test\)/],
    [['env'], /^env \(lookup\)\n\n.*environment[\s\S]*lookup\('env'/],
    [['ansible.builtin.stat'], /^stat\n/],
    [
      ['add-member'],
      /Section 6[\s\S]*^ {4}quorate run add-member -e node=node003[\s\S]*^ {2}node {2}string, required/m,
    ],
    [['mine.yml'], /^mine\.yml\n\nWhat mine is for\. And more\.\n\n {4}quorate run mine\.yml\n\nInputs/],
    [['file', '--snippet'], /^- file:\n {4}path:/],
    [['add-member', '--snippet'], /^quorate run add-member -e node=NODE$/],
    [['preflight', '--snippet'], /^quorate run preflight$/],
    [['mine.yml', '--snippet'], /^# secret, asked for at the terminal: token\nquorate run mine\.yml -e node=NODE$/],
  ])('%j', async (words, says) => {
    const { exitCode, stdout, stderr } = await doc(...words);
    expect(stdout).toMatch(says);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test.each<[string[], number, RegExp]>([
    [['etcd_helth'], 2, /no module, playbook, keyword or filter called etcd_helth\n {2}→ did you mean `etcd_health`\?/],
    [['test', 'succeded'], 2, /no test called succeded\n {2}→ did you mean `succeeded`\?/],
    [['test', 'to_json'], 2, /no test called to_json/],
    [['filtr', 'default'], 2, /did you mean `filter`\?/],
    [['with_items'], 2, /`with_items` of Ansible is not here\n {2}→ use `loop:`/],
    [['ansible.builtin.raw'], 2, /`raw` of Ansible is not here/],
    [['first_found'], 2, /lookup\('file', 'a'\)/],
    [['when', '--snippet'], 2, /when has no snippet/],
    [['missing.yml'], 2, /there is no file missing\.yml/],
    [['wrong.yml'], 3, /`taks` is not a keyword of a play/],
    [['stat', '--format', 'html'], 2, /Allowed choices are terminal, markdown/],
  ])('%j ends with %i', async (words, code, says) => {
    const { exitCode, stdout, stderr } = await doc(...words);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(exitCode).toBe(code);
  });
});
