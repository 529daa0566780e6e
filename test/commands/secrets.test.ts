// A secret goes every way out that a run has: into none of what it prints, keeps, or starts processes with does it come, in no form.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** With what shells, JSON, URLs and regular expressions write otherwise. */
const SECRET = `Zq9'hunter "r\\tty+ul/m$d`;
const sha = (name: string) => createHash(name).update(SECRET).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

const FORMS = {
  plain: SECRET,
  'as JSON': JSON.stringify(SECRET).slice(1, -1),
  'as JSON in JSON': JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
  'in base64': base64(SECRET),
  'in base64, in the middle of a text': base64(`root:${SECRET}`),
  'in base64 twice': base64(base64(SECRET)),
  'for a URL': encodeURIComponent(SECRET),
  'quoted for a shell': SECRET.replaceAll("'", String.raw`'\''`),
  'quoted as Python does': SECRET.replaceAll("'", `'"'"'`),
  'as a hash': sha('sha1'),
  'as another hash': sha('sha256'),
  'in capitals': SECRET.toUpperCase(),
  reversed: SECRET.split('').reverse().join(''),
  'for a regular expression': SECRET.replace(/[.*+?^${}()|[\]\\/ "'-]/g, '\\$&'),
  'by another expression': SECRET.replace('hunter', 'hacker'),
  'in part': SECRET.slice(4),
};

const PLAYBOOK = String.raw`
- hosts: all
  params:
    token: { type: string, secret: true, default: "{{ lookup('env', 'ETCD_TOKEN') }}" }
    folder: { type: string, default: "{{ lookup('env', 'HOME') }}" }
    finish: { type: boolean, default: true }
    keys: { type: object, secret: true, default: { first: "{{ token }}" } }
  vars:
    auth: "{{ ('root:' ~ token) | b64encode }}"
  handlers:
    - name: "woken"
      debug: { msg: "handler {{ token }}" }
  tasks:
    - name: "named {{ token }}"
      debug: { msg: [ "{{ token }}", "{{ keys }}" ] }
    - debug: { var: "[token, token | b64encode, token | b64encode | b64encode, auth]" }
    - debug: { msg: "{{ token | urlencode }} {{ token | quote }} {{ token | to_json }} {{ token | to_json | to_json }} {{ [token] | to_nice_yaml }}" }
    - debug: { msg: "{{ token | hash }} {{ token | hash('sha256') }} {{ token | upper }} {{ token | regex_escape }}" }
    - debug: { msg: "{{ token | regex_replace('hunter', 'hacker') }} {{ token.replace('hunter', 'hacker') }} {{ token[4:] }} {{ token[::-1] }}" }
    - debug: { msg: "{{ [token, 'x'] | map('b64encode') | join(',') }} {{ [token] | map('upper') | list }}" }
    - set_fact: { kept: "{{ token }}", sum: "{{ token | hash('sha256') }}" }
    - debug: { msg: "{{ kept }} {{ sum }} {{ hostvars[inventory_hostname].kept }}" }
    - debug: { msg: "{{ item }}" }
      loop: [ "{{ token }}", "{{ token | b64encode }}" ]
      loop_control: { label: "label {{ item }}" }
      notify: woken
    - shell:
        cmd: printf '%s' "$TOKEN"; printf '%s' "$TOKEN" | base64 -w0 >&2; printf 'root:%s' "$TOKEN" | base64 -w0
        repeatable: true
      environment: { TOKEN: "{{ token }}" }
      register: said
    - debug: { var: said }
    - shell: cat /proc/[0-9]*/cmdline > {{ folder }}/argv 2> /dev/null || true
      environment: { TOKEN: "{{ token }}" }
      changed_when: false
    - command: { argv: [cat], stdin: "{{ token }}" }
    - copy: { content: "{{ token }}\n", dest: "{{ folder }}/copied", mode: "0600" }
    - copy: { content: "b {{ token | b64encode }}\n", dest: "{{ folder }}/copied", mode: "0600" }
    - template: { src: page.j2, dest: "{{ folder }}/written", mode: "0600" }
    - shell: echo "$TOKEN" >&2; exit 3
      environment: { TOKEN: "{{ token }}" }
      ignore_errors: true
    - assert: { that: token == 'x', fail_msg: "not {{ token }} but {{ token | hash('sha256') }}" }
      ignore_errors: true
    - assert: { that: [token == 'x'] }
      ignore_errors: true
    - fail: { msg: "failed with {{ auth }}" }
      ignore_errors: true
    - debug: { msg: "{{ token | int + 1 }} {{ token.nothing | default(token) }} {{ {'a': token}[token] }}" }
      ignore_errors: true
    - command: "false"
      failed_when: token | length > 3
      ignore_errors: true
    - command: /nowhere/{{ token }}
      ignore_errors: true
    - stat: { path: "{{ folder }}/{{ token | urlencode }}" }
    - command: "true"
      until: false
      retries: 1
      delay: 0
      name: "again {{ token }}"
      ignore_errors: true
    - fail: { msg: "the end {{ token | upper }}" }
      when: finish
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-secrets-'));
  await writeFile(join(folder, 'site.yml'), PLAYBOOK);
  await writeFile(
    join(folder, 'page.j2'),
    '{% for one in [token] %}{{ one }} {{ one | b64encode }}\n{% endfor %}{{ auth }}\n',
  );
  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local }\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function quorate(...words: readonly string[]): Promise<string> {
  const { all } = await execa(process.execPath, [cli, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state'), ETCD_TOKEN: SECRET },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
  });
  return all;
}

const RUN = ['run', 'site.yml', '-i', 'hosts.yml'];
const PLAN = ['plan', 'site.yml', '-i', 'hosts.yml', '-e', 'finish=false'];

/** The forms that a text shows, with the line in which it does. */
function shown(text: string): readonly string[] {
  const lines = text.split('\n');
  return Object.entries(FORMS).flatMap(([name, form]) => {
    const found = lines.find(line => line.includes(form));
    return found === undefined ? [] : [`${name}: ${found}`];
  });
}

/** With the id of the last run in the place of `RUN`. */
async function named(words: readonly string[]): Promise<readonly string[]> {
  if (!words.includes('RUN')) return words;
  const runs = await readdir(join(folder, 'state/runs'));
  return words.map(word => (word === 'RUN' ? (runs.toSorted().at(-1) ?? '') : word));
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const found = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

async function journals(): Promise<string> {
  const runs = await readdir(join(folder, 'state/runs'));
  return (await Promise.all(runs.map(id => readFile(join(folder, 'state/runs', id, 'journal.jsonl'), 'utf8')))).join(
    '',
  );
}

describe('a secret is nowhere to be seen', { timeout: 120_000 }, () => {
  test.each([
    ['in check mode', [...RUN, '--check', '--diff'], 'depends on'],
    ['in a run', RUN, 'the end'],
    ['with --diff', [...RUN, '--diff'], 'the end'],
    ['as JSON', [...RUN, '--json', '--diff'], '"ended"'],
    ['in a plan', PLAN, 'site.yml'],
    ['as commands to type', [...PLAN, '--commands'], 'printf'],
    ['in a run as it is told later', ['runs', 'show', 'RUN'], 'failed'],
    ['the same as JSON', ['runs', 'show', 'RUN', '--json'], 'failed'],
    ['in one that is gone on with', ['resume'], 'the end'],
  ])('%s', async (_name, words, sign) => {
    const text = await quorate(...(await named(words)));
    expect(text).toContain(sign);
    expect(shown(text)).toEqual([]);
  });

  test('in what is kept', async () => {
    expect(shown(await journals())).toEqual([]);
  });

  test('in what processes were started with, or what is left of them; where it belongs, it is', async () => {
    const argv = await readFile(join(folder, 'argv'), 'utf8');
    // That of this very run is among them.
    expect(argv).toContain('\0site.yml\0');
    expect(shown(argv)).toEqual([]);
    expect(await readFile(join(folder, 'written'), 'utf8')).toContain(SECRET);
  });

  test('in the records of jobs on the hosts', async () => {
    const root = process.getuid?.() === 0 ? '/run/quorate' : `/tmp/quorate-${process.getuid?.()}`;
    const runs = await readdir(join(folder, 'state/runs'));
    const left = await Promise.all(runs.map(id => filesBelow(join(root, id))));
    const texts = await Promise.all(left.flat().map(path => readFile(path, 'utf8')));
    expect(shown(texts.join('\n'))).toEqual([]);
  });
});
