// `quorate run --list-…` and `--syntax-check`, whole outputs. Nobody listens at the hosts' port: a host that was asked would be unreachable.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, site } from '../support/cli.ts';

const playbook = `- name: Prepare {{ node }}
  hosts: etcd
  params:
    node: { type: string }
    password: { type: string, secret: true, default: hunter22 }
  tasks:
    - name: Look at {{ node }} with {{ password }}
      command: uptime
      tags: [look]
      notify: tell
    - block:
        - import_tasks: more.yml
        - include_tasks: more.yml
          loop: [1, 2]
      rescue:
        - debug: { msg: "{{ node }}{{ password }}" }
      tags: [more]
    - meta: flush_handlers
  handlers:
    - name: tell
      debug: { msg: told }
- hosts: headnode
  roles: [{ role: base, tags: [base] }]
  tasks:
    - name: The end
      command: uptime
      tags: [look]
    - debug: { msg: seldom }
      tags: [never]
`;
const host = '{ address: 127.0.0.1, port: 1 }';
const files = {
  'play.yml': playbook,
  'more.yml': '- name: More of {{ node }}\n  command: uptime\n  tags: [inner]\n',
  'roles/base/tasks/main.yml': '- name: Begin\n  command: uptime\n',
  'hosts.yml': `etcd:\n  hosts:\n    node001: ${host}\n    node002: ${host}\nhead:\n  hosts:\n    headnode: ${host}\n`,
  'broken.yml': playbook.replace(
    'command: uptime\n      tags: [look]\n      notify',
    'comand: uptime\n      tags: [look]\n      notify',
  ),
};

let here: Site;
beforeAll(async () => {
  here = await site(files);
});
afterAll(() => here.remove());

const list = (...words: string[]) => here.quorate('run', 'play.yml', ...words);

describe('quorate run, instead of running,', () => {
  test('lists tasks without inventory and inputs, what is included and the handlers too', async () => {
    const { exitCode, stdout, stderr } = await list('--list-tasks');
    expect(stderr).toBe('');
    expect(stdout).toBe(`playbook: play.yml

  play #1 (etcd): Prepare {{ node }}
    tasks:
      Look at {{ node }} with {{ password }}  TAGS: [look]
      More of {{ node }}  TAGS: [more, inner]
      include_tasks more.yml, for each item  TAGS: [more]
        More of {{ node }}  TAGS: [more, inner]
      debug  TAGS: [more]
      meta: flush_handlers
    handlers:
      tell

  play #2 (headnode): headnode
    tasks:
      base : Begin  TAGS: [base]
      The end  TAGS: [look]`);
    expect(exitCode).toBe(0);
  });

  test('lists hosts, tasks and tags together, after what they are limited to; a secret is not shown', async () => {
    const given = ['-i', 'hosts.yml', '-e', 'node=node003', '--limit', 'node002', '--tags', 'look,inner'];
    const { exitCode, stdout } = await list('--list-hosts', '--list-tasks', '--list-tags', ...given);
    expect(stdout).toBe(`playbook: play.yml

  play #1 (etcd): Prepare node003
    hosts (1):
      node002
    tasks:
      Look at {{ node }} with {{ password }}  TAGS: [look]
      More of node003  TAGS: [more, inner]
      include_tasks more.yml, for each item  TAGS: [more]
        More of node003  TAGS: [more, inner]
    handlers:
      tell
    TASK TAGS: [inner, look, more]`);
    expect(exitCode).toBe(0);
  });

  test('lists tags, without those that are skipped', async () => {
    const { stdout } = await list('--list-tags', '--skip-tags', 'more');
    expect(stdout.match(/TASK TAGS: .*/g)).toEqual(['TASK TAGS: [look]', 'TASK TAGS: [base, look]']);
  });

  test('checks the playbook, with what it is given', async () => {
    expect(await list('--syntax-check')).toMatchObject({ exitCode: 0, stdout: 'playbook: play.yml', stderr: '' });
    expect(await list('--syntax-check', '--list-tags')).toMatchObject({ stdout: expect.stringContaining('TASK TAGS') });
  });

  test.each<[string[], number, RegExp]>([
    [['play.yml', '--syntax-check', '-e', 'nod=x'], 3, /no input `nod`[\s\S]*did you mean `node`/],
    [['play.yml', '--syntax-check', '-e', '{"node": 7}'], 3, /`node` must be a string, not 7/],
    [['play.yml', '--list-tasks', '--tags', 'lok'], 3, /no task has the tag `lok`[\s\S]*did you mean `look`/],
    [['play.yml', '--list-tasks', '-i', 'nowhere.yml'], 3, /there is no inventory nowhere\.yml/],
    [['play.yml', '--list-tasks', '--skip-tags', 'all'], 3, /nothing is left to run after --skip-tags/],
    [['play.yml', '--list-hosts'], 3, /there is no inventory/],
    [['play.yml', '--list-hosts', '-i', 'hosts.yml'], 3, /the input `node` was not given/],
    [['play.yml', '--list-tasks', '-i', 'hosts.yml', '-e', 'node=a', '-l', 'nod001'], 3, /called `nod001`/],
    [['broken.yml', '--syntax-check'], 3, /broken\.yml:8:7[\s\S]*did you mean `command`/],
    [['broken.yml', '--list-tags'], 3, /\[unknown-module\]/],
    [['play.yml', '--list-tasks', '--check'], 2, /'--list-tasks' cannot be used with option '-C, --check'/],
    [['play.yml', '--syntax-check', '--yes'], 2, /cannot be used with option '-y, --yes'/],
  ])('run %j ends with %i', async (words, code, says) => {
    const { exitCode, stdout, said } = await here.quorate('run', ...words);
    expect(said).toMatch(says);
    expect(stdout).toBe('');
    expect(exitCode).toBe(code);
  });
});
