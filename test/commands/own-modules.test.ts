// Modules of the user's own, from `quorate new module` to a run, with the program as it is built: how `quorate` is found in a file
// that lies anywhere can only be seen there.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let site: string;

beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'quorate-own-'));
  await write('hosts.yml', 'here:\n  hosts:\n    localhost:\n      connection: local\n');
  await write('play.yml', playbook('greeting', `path: ${site}/motd\n        text: welcome`));
});
afterAll(() => rm(site, { recursive: true, force: true }));

async function quorate(...words: string[]) {
  const env = { QUORATE_STATE_DIR: join(site, 'state'), NO_COLOR: '1' };
  const { exitCode, stdout, stderr } = await execa(join(root, 'bin/quorate'), words, { cwd: site, env, reject: false });
  return { exitCode, said: stdout + stderr };
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(site, file)), { recursive: true });
  await writeFile(join(site, file), text);
}

const playbook = (module: string, params: string) =>
  `- hosts: localhost\n  tasks:\n    - ${module}:\n        ${params}\n      register: done\n    - debug:\n        msg: "{{ done.path }}"\n`;

const run = (...words: string[]) => quorate('run', 'play.yml', '-i', 'hosts.yml', ...words);

describe('a new module', () => {
  beforeAll(async () => {
    expect(await quorate('new', 'module', 'greeting')).toMatchObject({ exitCode: 0 });
  });

  test('passes its own test, which fails where it does another thing', async () => {
    expect(await quorate('test')).toMatchObject({ exitCode: 0, said: expect.stringMatching(/pass 3\n.*fail 0/) });
    const cases = await readFile(join(site, 'modules/greeting.cases.ts'), 'utf8');
    await write('other/greeting.cases.ts', cases.replace("text: 'welcome'", "text: 'farewell'"));
    await write('other/greeting.test.ts', await readFile(join(site, 'modules/greeting.test.ts'), 'utf8'));
    await write('other/greeting.ts', await readFile(join(site, 'modules/greeting.ts'), 'utf8'));
    const failed = await quorate('test', 'other');
    expect(failed).toMatchObject({ exitCode: 4, said: expect.stringContaining('farewell') });
  });

  test('is not written over', async () => {
    const again = await quorate('new', 'module', 'greeting');
    expect(again).toMatchObject({ exitCode: 2, said: expect.stringContaining('modules/greeting.ts is there already') });
  });

  test('is foreseen, run, and changes nothing the second time', async () => {
    expect(await quorate('lint', 'play.yml')).toMatchObject({ exitCode: 0 });
    expect(await run('--check')).toMatchObject({ exitCode: 0, said: expect.stringContaining('absent → welcome') });
    expect(await run()).toMatchObject({ exitCode: 0, said: expect.stringContaining('1 task changed something') });
    expect(await readFile(join(site, 'motd'), 'utf8')).toBe('welcome');
    expect(await run()).toMatchObject({ exitCode: 0, said: expect.stringContaining('nothing was changed') });
  });

  test('has its reference, and its schema takes part in lint', async () => {
    expect((await quorate('doc', 'greeting', '--format', 'markdown')).said).toContain(
      '| `text` | string | **required** |',
    );
    await write('wrong.yml', playbook('greeting', 'path: motd').replace('done.path', 'done.paht'));
    const { exitCode, said } = await quorate('lint', 'wrong.yml');
    expect(exitCode).toBe(3);
    for (const code of ['missing-parameter', 'invalid-value', 'unknown-attribute']) expect(said).toContain(`[${code}]`);
  });

  test('stands in the schema for editors', async () => {
    const { exitCode, said } = await quorate('schema');
    expect(exitCode).toBe(0);
    const schema = JSON.parse(said);
    const shipped = JSON.parse(await readFile(join(root, 'schemas/playbook.schema.json'), 'utf8'));
    expect(JSON.stringify(schema)).toContain('"greeting"');
    expect(Object.keys(schema.$defs)).toEqual(expect.arrayContaining(Object.keys(shipped.$defs)));
  });

  test('is part of what a resume compares', async () => {
    const [journal = ''] = (await execa('ls', ['-t', join(site, 'state/runs')])).stdout.split('\n');
    const [header = ''] = (await readFile(join(site, 'state/runs', journal, 'journal.jsonl'), 'utf8')).split('\n');
    expect(Object.keys(JSON.parse(header).about.files)).toContain(join(site, 'modules/greeting.ts'));
  });
});

describe('where it lies', () => {
  const greeter = (name: string) =>
    `import { defineModule, Type } from 'quorate';
const schema = Type.Object({}, { additionalProperties: false });
export default defineModule({ kind: 'observe', name: '${name}', summary: 'Looks.', description: '', params: schema,
  returns: Type.Object({ path: Type.String() }), examples: [], foresees: true, observe: async () => ({ path: 'found by ${name}' }) });
`;

  test('in JavaScript; in a folder that --modules names; above a tasks file', async () => {
    await write('shared/looker.mjs', greeter('looker'));
    await write('modules/peeker.js', greeter('peeker'));
    await write('play.yml', playbook('looker', '').replace(/\n +\n/, '\n'));
    expect(await run()).toMatchObject({ exitCode: 3, said: expect.stringContaining('unknown-module') });
    expect(await run('--modules', 'shared')).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('found by looker'),
    });
    await write('tasks/peek.yml', '- peeker:\n');
    expect(await quorate('lint', 'tasks/peek.yml')).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['of a wrong syntax', 'export default {\n  kind: "act",,\n}', /modules\/broken\.ts cannot be loaded: .*\(line 2\)/],
    ['that throws', '\nthrow new Error("no luck")', /cannot be loaded: Error: no luck \(line 2\)/],
    ['without a default export', 'export const broken = 1', /no default export that is a module/],
    ['that imports what is not there', 'import "typebax"', /cannot be loaded: .*typebax/],
    ['with an enum', 'enum Colour { Red }\nexport default Colour', /cannot be loaded: .*enum/],
  ])('a file %s is one finding where it is named', async (_what, text, why) => {
    await write('modules/broken.ts', text);
    await write('broken.yml', '- hosts: localhost\n  tasks:\n    - broken:\n    - broken:\n');
    const { exitCode, said } = await quorate('lint', 'broken.yml');
    expect(exitCode).toBe(3);
    expect(said).toMatch(why);
    expect(said).toContain('broken.yml:3:7');
    expect(said).toContain('1 file checked: 1 error');
    expect(said).not.toMatch(/^\s+at /m);
  });

  test('what no playbook names is not run', async () => {
    await write('modules/unnamed.ts', 'throw new Error("it was run")');
    await write('calm.yml', '- hosts: localhost\n  tasks:\n    - debug:\n        msg: all is well\n');
    expect(await quorate('lint', 'calm.yml')).toMatchObject({ exitCode: 0 });
  });
});

test.each([
  [['new', 'module', 'No-Name'], 'is no name of a module'],
  [['new', 'module', 'copy'], 'copy is a module that there is'],
  [['test', 'nowhere'], 'there is no file or folder nowhere'],
  [['test', 'state'], 'there is no test in state'],
])('%j is refused', async (words, why) => {
  expect(await quorate(...words)).toMatchObject({ exitCode: 2, said: expect.stringContaining(why) });
});

test.each([['run', 'play.yml', '-i', 'hosts.yml'], ['lint', 'play.yml'], ['doc', 'greeting'], ['schema']])(
  '%s with a folder of modules that is not there is refused',
  async (...words) => {
    const said = expect.stringContaining('there is no folder nowhere');
    expect(await quorate(...words, '--modules', 'nowhere')).toMatchObject({ exitCode: 3, said });
  },
);
