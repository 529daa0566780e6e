// Real processes on this machine that are killed, stopped and resumed, as a user sees them.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultsIn } from '../support/journal-lines.ts';
import { RECORDS } from '../transports/jobs-cases.ts';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const SECRET = 'hunter2hunter2';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quorate-resume-'));
  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local }\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(...words: string[]) {
  return execa(process.execPath, [cli, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, QUORATE_STATE_DIR: join(folder, 'state') },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 200_000,
  });
}

async function quorate(...words: string[]) {
  const { exitCode, stdout, stderr } = await start(...words);
  return { exitCode, stdout, stderr };
}

type Disturbance = (kill: (signal: NodeJS.Signals) => void, closeOutput: () => void) => void;

/** Runs until its output so far fulfils `when`, then does `what` to its process; gives what it printed in all. */
async function disturbed(when: RegExp, what: Disturbance, ...words: string[]) {
  const running = start(...words);
  let told = '';
  let done = false;
  running.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
    if (done || !when.test(told)) return;
    done = true;
    what(
      signal => running.kill(signal),
      () => running.stdout.destroy(),
    );
  });
  const { exitCode, signal } = await running;
  expect(told).toMatch(when);
  return { exitCode, signal, stdout: told };
}

const kill = (send: (signal: NodeJS.Signals) => void) => send('SIGKILL');
const playbook = (text: string) => writeFile(join(folder, 'site.yml'), text);
const logged = async () => await readFile(join(folder, 'log'), 'utf8').catch(() => '');
const runs = async (): Promise<{ run: string; outcome: string }[]> =>
  JSON.parse((await quorate('runs', '--json')).stdout);

async function journal() {
  const [run = ''] = await readdir(join(folder, 'state', 'runs'));
  const text = await readFile(join(folder, 'state', 'runs', run, 'journal.jsonl'), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(faultsIn(lines)).toEqual([]);
  return { run, text, lines };
}

/** Each command takes two seconds, most of them after its trace. */
const ONCE = `
- hosts: all
  params:
    token: { type: string, secret: true }
    who: { type: string, default: nobody }
  tasks:
    - name: count
      command: sh -c 'sleep 0.5; echo {{ item }} >> log; sleep 1.5; echo {{ who }}'
      args: { chdir: "FOLDER" }
      loop: [one, two]
      register: counted
    - name: secretive
      command: { argv: [printf, "%s", "{{ token }}"], repeatable: true }
      register: used
    - name: waits
      pause: { seconds: 1 }
    - name: last
      command: sh -c 'echo last {{ used.stdout | length }} {{ counted.results[0].stdout }} >> FOLDER/log'
`.replace('      args: { chdir: "FOLDER" }\n', '');

const RUN = ['run', 'site.yml', '-i', 'hosts.yml', '-e', `token=${SECRET}`, '-e', 'who=me'];
const once = () => playbook(ONCE.replaceAll('>> log', '>> FOLDER/log').replaceAll('FOLDER', folder));

describe('what must happen once, and was under way', () => {
  test('is waited for and asked about; without a terminal a word on the command line says it, and is kept', async () => {
    await once();
    // While it is under way on the host: its trace is there, and its end is not.
    const midway = (send: (signal: NodeJS.Signals) => void) => {
      const look = setInterval(async () => {
        if (!(await logged()).includes('two')) return;
        clearInterval(look);
        send('SIGKILL');
      }, 20);
    };
    await disturbed(/changing[\s\S]*changing[^\n]*\n[^\n]*echo two/, midway, ...RUN);
    const [{ run, outcome } = { run: '', outcome: '' }] = await runs();
    expect(outcome).toBe('unfinished');

    expect(await quorate('resume')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`${run} -e token=…`),
    });
    expect(await quorate('resume', '-e', 'who=you', '-e', `token=${SECRET}`)).toMatchObject({ exitCode: 3 });

    const refused = await quorate('resume', '-e', `token=${SECRET}`);
    expect(refused.exitCode).toBe(6);
    expect(refused.stdout).toContain('was under way, its outcome not seen: count (two), here');
    expect(refused.stdout).toMatch(
      /“count \(two\)” on here must happen once; it was begun at \S+Z, and its end was not seen/,
    );
    expect(refused.stdout).toContain(
      `quorate resume ${run} --assume-done p0.t0, or quorate resume ${run} --repeat p0.t0`,
    );
    expect(await logged()).toBe('one\ntwo\n');

    const dead = await disturbed(/task +waits/, kill, 'resume', '-e', `token=${SECRET}`, '--assume-done', 'count');
    expect(dead.stdout).toContain('decided     here: count (two) was done, so it is not done again (--assume-done)');
    const last = await quorate('resume', run, '-e', `token=${SECRET}`);
    expect(last.stdout).toContain('earlier     here: secretive (changed; looked at again)');
    expect(last.exitCode).toBe(0);
    expect(await logged()).toBe(`one\ntwo\nlast ${SECRET.length} me\n`);
    expect((await runs())[0]).toMatchObject({ run, outcome: 'done' });
    expect((await journal()).text).not.toContain(SECRET);
  });

  test('is done again where that is said; what only its name knows is refused', async () => {
    await once();
    await disturbed(/echo one/, kill, ...RUN);
    expect(await quorate('resume', '-e', `token=${SECRET}`, '--repeat', 'other')).toMatchObject({ exitCode: 6 });
    expect(await quorate('resume', '-e', `token=${SECRET}`, '--repeat', 'p0.t0')).toMatchObject({ exitCode: 0 });
    expect((await logged()).replace(/^one\none\n/, 'one\n')).toBe(`one\ntwo\nlast ${SECRET.length} me\n`);
  });
});

describe('stopping', () => {
  test('once: the step is finished; the resume goes on after it', async () => {
    await once();
    const stopped = await disturbed(/echo one/, send => send('SIGINT'), ...RUN);
    expect(stopped.exitCode).toBe(130);
    const { run } = await journal();
    expect(stopped.stdout).toContain(`next:\n  quorate status\n  quorate resume ${run}`);
    expect(await logged()).toBe('one\n');
    expect((await runs())[0]?.outcome).toBe('interrupted');
    expect(await quorate('resume', '-e', `token=${SECRET}`)).toMatchObject({ exitCode: 0 });
    expect(await logged()).toBe(`one\ntwo\nlast ${SECRET.length} me\n`);
  });

  test.each<[string, Disturbance]>([
    [
      'the end of its terminal, however often that is told',
      send => {
        send('SIGHUP');
        setTimeout(() => send('SIGHUP'), 100);
      },
    ],
    // Which it sees when it has something to write.
    ['the end of what reads its output', (_, closeOutput) => closeOutput()],
  ])('by %s: as by one Ctrl-C', async (_, disturbance) => {
    await once();
    expect(await disturbed(/echo one/, disturbance, ...RUN)).toMatchObject({ exitCode: 130 });
    expect(await logged()).toMatch(/^one\n(?:two\n)?$/);
    expect((await runs())[0]?.outcome).toBe('interrupted');
    expect(await quorate('resume', '-e', `token=${SECRET}`)).toMatchObject({ exitCode: 0 });
    expect(await logged()).toBe(`one\ntwo\nlast ${SECRET.length} me\n`);
  });

  test('twice: its job is ended and said to be unknown; the resume asks', async () => {
    await once();
    const twice = (send: (signal: NodeJS.Signals) => void) => {
      send('SIGINT');
      setTimeout(() => send('SIGINT'), 100);
    };
    const stopped = await disturbed(/echo one/, twice, ...RUN);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stdout).toContain('under way, its outcome not seen:\n  count (one), here');
    const asked = await quorate('resume', '-e', `token=${SECRET}`);
    expect(asked).toMatchObject({ exitCode: 6, stdout: expect.stringContaining('outcome-unknown') });
  });
});

test('what failed is tried again, what was done before it is not; a playbook that has changed is shown first', async () => {
  const text = (then: string) =>
    `- hosts: all\n  tasks:\n    - command: sh -c 'echo first >> ${folder}/log'\n    - name: then\n      command: ${then}\n`;
  await playbook(text('test -e /nowhere'));
  const failed = await quorate('run', 'site.yml', '-i', 'hosts.yml');
  expect(failed).toMatchObject({
    exitCode: 4,
    stdout: expect.stringMatching(/next:\n {2}quorate status\n {2}quorate resume \S+-site-\w+\n/),
  });
  expect(await quorate('resume')).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining('failed, and is tried again: then, here'),
  });

  await playbook(text(`sh -c 'echo then >> ${folder}/log'`));
  const changed = await quorate('resume');
  expect(changed.exitCode).toBe(6);
  expect(changed.stderr).toContain(
    `-      command: test -e /nowhere\n+      command: sh -c 'echo then >> ${folder}/log'`,
  );
  expect(changed.stderr).toContain('--accept-changes');
  expect(await logged()).toBe('first\n');
  expect(await quorate('resume', '--accept-changes')).toMatchObject({ exitCode: 0 });
  expect(await logged()).toBe('first\nthen\n');
  expect(await quorate('resume')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not-resumable') });
});

test('hosts that are others than before are shown first; so are runs that go on, and damaged journals', async () => {
  await playbook('- hosts: all\n  tasks:\n    - pause: { seconds: 100 }\n');
  const going = start('run', 'site.yml', '-i', 'hosts.yml');
  while ((await runs())[0]?.outcome !== 'running') await new Promise(resolve => setTimeout(resolve, 50));
  const [{ run } = { run: '' }] = await runs();
  expect(await quorate('resume', run)).toMatchObject({ exitCode: 7, stderr: expect.stringContaining(run) });
  expect(await quorate('resume')).toMatchObject({ exitCode: 7, stderr: expect.stringContaining(run) });
  going.kill('SIGKILL');
  await going;

  await writeFile(join(folder, 'hosts.yml'), 'all:\n  hosts:\n    here: { connection: local, vars: { a: 1 } }\n');
  const changed = await quorate('resume');
  expect(changed).toMatchObject({
    exitCode: 6,
    stderr: expect.stringContaining('+{"name":"here","address":"here","vars":{"a":1}}'),
  });

  const [{ run: newest } = { run: '' }] = await runs();
  const path = join(folder, 'state', 'runs', newest, 'journal.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [lines[0], '{"type":', ...lines.slice(2)].join('\n'));
  expect(await quorate('resume', newest)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining(':2 is damaged'),
  });
});

test('runs are listed, shown step by step, and forgotten: those that are not done only when that is said', async () => {
  await playbook(`- hosts: all\n  tasks:\n    - name: count\n      command: sh -c 'echo x >> ${folder}/log'\n`);
  expect((await quorate('runs')).stdout).toContain('no runs are remembered');
  await quorate('run', 'site.yml', '-i', 'hosts.yml');
  await playbook('- hosts: all\n  tasks:\n    - fail: { msg: no }\n');
  await quorate('run', 'site.yml', '-i', 'hosts.yml');
  const [failed, done] = await runs();
  expect([failed?.outcome, done?.outcome]).toEqual(['failed', 'done']);
  expect((await quorate('runs')).stdout).toMatch(
    /^RUN +BEGUN \(UTC\) +TOOK +WHO +OUTCOME\n\S+-site-\w+ .* failed\n\S+ .* done$/,
  );
  const shown = await quorate('runs', 'show', done?.run ?? '');
  expect(shown.stdout).toMatch(/outcome +done\n\n\d\d:\d\d:\d\d +changed +\S+ +count, here\n +sh -c echo x/);
  const { steps } = JSON.parse((await quorate('runs', 'show', failed?.run ?? '', '--json')).stdout);
  expect(steps).toMatchObject([{ status: 'failed', error: { code: 'condition-not-met' } }]);
  expect(await quorate('runs', 'show', 'none')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('there is no journal of run none'),
  });

  expect((await quorate('runs', 'prune', '--older-than', '1')).stdout).toBe('0 forgotten');
  expect((await quorate('runs', 'prune', '--keep', '1')).stdout).toBe(`${done?.run}\n1 forgotten`);
  await quorate('runs', 'prune', '--keep', '0');
  expect((await runs()).map(({ run }) => run)).toEqual([failed?.run]);
  await quorate('runs', 'prune', '--keep', '0', '--unfinished');
  expect(await runs()).toEqual([]);
});

test('where nothing can be kept, nothing is begun, and it says where', async () => {
  await playbook('- hosts: here\n  tasks:\n    - shell: echo done >> log\n');
  await writeFile(join(folder, 'state'), 'a file, so that no directory can be made in its place');
  const { exitCode, stderr } = await quorate('run', 'site.yml', '-i', 'hosts.yml');
  expect(stderr).toMatch(
    /^quorate: the run cannot be kept in \S+\/state, so nothing was begun: E[^\n]+\n {2}→ make room [^\n]+$/,
  );
  expect(exitCode).toBe(4);
  expect(await logged()).toBe('');
});

test('the lock of a run from before this host was started anew is waited out', async () => {
  await playbook('- hosts: here\n  tasks:\n    - name: waits\n      pause: { seconds: 2 }\n');
  await disturbed(/task +waits/, kill, 'run', 'site.yml', '-i', 'hosts.yml');
  const [{ run } = { run: '' }] = await runs();
  const held = join(folder, 'state', 'runs', run);
  const holder = JSON.parse(await readFile(join(held, 'holder'), 'utf8'));
  const [, ...others] = holder.process.split(':');
  await writeFile(join(held, 'holder'), JSON.stringify({ ...holder, process: ['another-boot', ...others].join(':') }));
  const begunMs = Date.now();
  expect(await quorate('resume')).toMatchObject({ exitCode: 0 });
  // It went on for 10 s after the last sign of life, which was the kill.
  expect(Date.now() - begunMs).toBeGreaterThan(6000);
});

test('what a killed run left on a host is removed by the next run there, once it is certain that nobody is at it', async () => {
  await writeFile(join(folder, 'look.yml'), '- hosts: here\n  tasks:\n    - stat: { path: / }\n');
  await playbook('- hosts: here\n  tasks:\n    - stat: { path: / }\n    - name: waits\n      pause: { seconds: 2 }\n');
  await disturbed(/task +waits/, kill, 'run', 'site.yml', '-i', 'hosts.yml');
  const [{ run } = { run: '' }] = await runs();
  const look = () => quorate('run', 'look.yml', '-i', 'hosts.yml');
  expect(await look()).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(RECORDS, run))).toBe(true);
  // Nobody has renewed its lock for a minute.
  await utimes(join(folder, 'state', 'runs', run, 'lock'), new Date(), new Date(Date.now() - 60_000));
  expect(await look()).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(RECORDS, run))).toBe(false);
  expect(await quorate('resume', run)).toMatchObject({ exitCode: 0 });
});

test('a run whose lock is taken away under it says so, and comes to its end', async () => {
  await playbook('- hosts: here\n  tasks:\n    - name: waits\n      pause: { seconds: 7 }\n');
  const held = join(folder, 'state', 'runs');
  const takeAway = async () => {
    const [run = ''] = await readdir(held);
    await rm(join(held, run, 'lock'), { recursive: true });
  };
  const running = start('run', 'site.yml', '-i', 'hosts.yml');
  running.stdout.once('data', () => void takeAway());
  const { exitCode, stderr } = await running;
  expect(stderr).toMatch(
    /^quorate: the lock \S+\/lock can no longer be renewed, so another run might take it: ENOENT[^\n]+$/,
  );
  expect(exitCode).toBe(0);
});
