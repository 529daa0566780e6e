// What nobody gave is asked for, with the program as it is built and a terminal of its own: what is echoed can only be seen there.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let site: string;

beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'quorate-ask-'));
  await writeFile(join(site, 'hosts.yml'), 'here:\n  hosts:\n    localhost:\n      connection: local\n');
  await writeFile(
    join(site, 'play.yml'),
    `- hosts: localhost
  params:
    nodes: { type: integer, minimum: 1, description: How many there are }
    token: { type: string, secret: true }
    even: { type: boolean, default: false }
  tasks:
    - debug:
        msg: "{{ nodes + 1 }} nodes, {{ token | length }} characters, {{ even }}"
`,
  );
  await writeFile(
    join(site, 'vars.yml'),
    `- hosts: localhost
  params:
    site: { type: string }
  vars_files: ["{{ site }}.yml"]
  tasks:
    - debug: { msg: "it listens on {{ port }}" }
`,
  );
  await writeFile(join(site, 'north.yml'), 'port: 2379\n');
});
afterAll(() => rm(site, { recursive: true, force: true }));

const sound = ['play.yml', '-i', 'hosts.yml'];

/** Answers each question as it appears, at a terminal; resolves to all that was shown, and to the exit status. */
function typed(
  answers: readonly (readonly [question: RegExp, answer: string])[],
  more: readonly string[] = [],
  words = sound,
) {
  const command = [join(root, 'bin/quorate'), 'run', ...words, ...more].join(' ');
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd: site,
    env: { ...process.env, QUORATE_STATE_DIR: join(site, 'state'), TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  const left = [...answers];
  child.stdout.on('data', chunk => {
    shown += String(chunk).replaceAll('\r', '');
    const [next] = left;
    if (!next?.[0].test(shown.split('\n').at(-1) ?? '')) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  return new Promise<{ exitCode: number | null; shown: string }>(resolve =>
    child.on('close', exitCode => resolve({ exitCode, shown })),
  );
}

describe('at a terminal', () => {
  test('an input is asked for until it fits; a secret one is not shown', async () => {
    const { exitCode, shown } = await typed([
      [/^nodes \(How many there are\): $/, '0\n'],
      [/^nodes \(How many there are\): $/, '3\n'],
      [/^token \(secret: it is not shown\): $/, 'opensesame\n'],
    ]);
    expect(shown).toContain('nodes must be 1 or more');
    expect(shown).toContain('4 nodes, 10 characters, False');
    expect(shown).not.toContain('opensesame');
    expect(exitCode).toBe(0);
  });

  test('what is given is not asked for', async () => {
    const { exitCode, shown } = await typed([[/^token /, 'opensesame\n']], ['-e', 'nodes=1']);
    expect(shown).toContain('2 nodes, 10 characters');
    expect(exitCode).toBe(0);
  });

  test('what is asked for may name a file of vars', async () => {
    const { exitCode, shown } = await typed([[/^site: $/, 'north\n']], [], ['vars.yml', '-i', 'hosts.yml']);
    expect(shown).toContain('it listens on 2379');
    expect(exitCode).toBe(0);
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s at a question ends it with 130, and nothing was begun', async (_key, key) => {
    const { exitCode, shown } = await typed([[/^token /, key]], ['-e', 'nodes=1']);
    expect(shown).toContain('stopped at the question');
    expect(shown).not.toContain('run-started');
    expect(exitCode).toBe(130);
  });
});

test('without a terminal each is an error', async () => {
  const { exitCode, stderr } = await execa(join(root, 'bin/quorate'), ['run', ...sound], {
    cwd: site,
    reject: false,
    stdin: 'ignore',
  });
  expect(stderr.match(/\[missing-input\]/g)).toHaveLength(2);
  expect(exitCode).toBe(3);
});
