// `quorate plan --simulate` as a user runs it, on this machine.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
let folder = '';

const GOOD = `
- hosts: all
  tasks:
    - name: wait
      wait_for: { path: FOLDER/hosts.yml }
    - name: write
      copy: { dest: FOLDER/made, content: "x" }
    - name: tell
      command: { cmd: touch FOLDER/made, repeatable: true }
`;
/** Once it was done, nobody knows what it said. */
const BAD = `
- hosts: all
  tasks:
    - name: once
      command: ./setup --once
      register: out
    - name: say
      debug: { msg: "{{ out.stdout }}" }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-simulate-'));
  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local }\n');
  await writeFile(join(folder, 'good.yml'), GOOD.replaceAll('FOLDER', folder));
  await writeFile(join(folder, 'bad.yml'), BAD);
  await writeFile(join(folder, 'failing.yml'), '- hosts: all\n  tasks:\n    - fail: { msg: not now }\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function plan(...words: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, 'plan', '-i', 'hosts.yml', ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

test('a playbook that can be killed anywhere ends with 0, and nothing was changed', async () => {
  const { exitCode, stdout } = await plan('good.yml', '--simulate');
  expect(stdout).toMatch(
    /\nKilled anywhere\nkilled at \d+ boundaries \(\d+ different states\), each time resumed to the same end\n/,
  );
  expect(exitCode).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['bad.yml', 'failing.yml', 'good.yml', 'hosts.yml']);
});

test('one that cannot ends with 4 and says where it was killed', async () => {
  const { exitCode, stdout } = await plan('bad.yml', '--simulate');
  expect(stdout).toContain('2 resumes would ask whether this was done: “once” on here\n');
  expect(stdout).toMatch(
    / {2}resumed, killed when “once” on here was made and its end not written: it would end as failed:/,
  );
  expect(exitCode).toBe(4);
});

test('--json has it as `simulation`; --kills makes it kill at random besides', async () => {
  const { exitCode, stdout } = await plan('good.yml', '--kills', '50', '--seed', '7', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: 'done',
    simulation: { chains: { seed: 7, kills: 50 }, asks: [], findings: [], anew: [], untold: 0 },
  });
  expect(exitCode).toBe(0);
});

test('a plan that does not come to its goal is not simulated; --commands goes without', async () => {
  const { exitCode, stdout } = await plan('failing.yml', '--simulate', '--json');
  expect(JSON.parse(stdout)).not.toHaveProperty('simulation');
  expect(exitCode).toBe(4);
  expect(await plan('good.yml', '--simulate', '--commands')).toMatchObject({ exitCode: 2 });
});
