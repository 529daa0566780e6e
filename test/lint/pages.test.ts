// What docs/linting.md and docs/ci.md show is what is printed; the files for CI are run as their makers run them.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checker, plainSchema, schemaCompiler } from '../../src/custom/params.ts';
import { adjustableCodes } from '../../src/lint/adjustable.ts';
import { configSchema } from '../../src/lint/config-schema.ts';
import { readConfig } from '../../src/lint/read-config.ts';
import { packageRoot, quorate } from '../support/lint-command.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

interface Block {
  readonly kind: string;
  readonly said: string;
  readonly text: string;
}

/** The blocks of a page that begin with `<!-- KIND: … -->`. */
async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^<!-- (\w+)(?:: (.*))? -->\n```\w*\n([\s\S]*?)^```$/gm)].map(([, kind, said, block]) => ({
    kind: kind ?? '',
    said: said ?? '',
    text: block ?? '',
  }));
}

interface Printed {
  readonly printed: string;
  readonly exitCode: number | undefined;
}

/** As a CI system runs a step: with its shell, and what it prints in the order in which it comes. */
async function step(
  shell: readonly string[],
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<Printed> {
  const path = [join(packageRoot, 'bin'), process.env.PATH].join(delimiter);
  // In one stream, so that the order is that of the program.
  const [file = 'sh', ...argv] = [...shell, `exec 2>&1\n${script}`];
  const { stdout, exitCode } = await execa(file, argv, { cwd, env: { ...env, PATH: path }, reject: false });
  return { printed: stdout, exitCode };
}

const yamlOf = async (path: string) => parse(await readFile(join(packageRoot, path), 'utf8'));
const words = (said: string): readonly string[] => said.split(' ');

async function action(said: string, cwd: string): Promise<Printed> {
  const { inputs, runs } = await yamlOf('.github/actions/lint/action.yml');
  const given = new Map(words(said).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const printed: string[] = [];
  let exitCode: number | undefined = 0;
  for (const { shell, env = {}, run } of runs.steps) {
    expect(shell).toBe('bash');
    const filled = Object.entries<string>(env).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? '';
      expect(inputs).toHaveProperty([input]);
      return [name, given.get(input) ?? inputs[input].default];
    });
    const path = join(packageRoot, '.github/actions/lint');
    const all = { ...Object.fromEntries(filled), GITHUB_ACTION_PATH: path };
    const done = await step(['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'], run, cwd, all);
    printed.push(done.printed);
    exitCode = done.exitCode;
    if (exitCode !== 0) break;
  }
  return { printed: printed.filter(Boolean).join('\n'), exitCode };
}

async function hook(said: string, cwd: string): Promise<Printed> {
  const [only, ...others] = await yamlOf('.pre-commit-hooks.yaml');
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: 'quorate-lint', language: 'system', args: ['.'], pass_filenames: false });
  return step(['sh', '-c'], `${only.entry} ${said}`, cwd, {});
}

async function gitlab(said: string, cwd: string): Promise<Printed> {
  const { 'quorate-lint': job } = await yamlOf('.gitlab/lint.yml');
  expect(job.artifacts.reports.junit).toBe('quorate-junit.xml');
  return step(['bash', '-eo', 'pipefail', '-c'], job.script.join('\n'), cwd, { QUORATE_PATHS: said });
}

async function run(said: string, cwd: string): Promise<Printed> {
  const { stdout, stderr, exitCode } = await quorate(words(said).slice(1), cwd);
  // Both end on one screen. What was changed, or is changed by a patch, comes before the findings.
  const [, changes = '', count = ''] = /^([\s\S]*?)(\d+ files? checked: [\s\S]*)$/.exec(stdout) ?? [];
  return { printed: `${changes}${stderr}${count}`.trimEnd(), exitCode };
}

const runners = { action, hook, gitlab, run };
const isRunner = (kind: string): kind is keyof typeof runners => Object.hasOwn(runners, kind);

describe.each(['docs/linting.md', 'docs/ci.md'])('%s', async page => {
  const blocks = await blocksOf(page);
  const folder = await mkdtemp(join(tmpdir(), 'quorate-page-'));
  folders.push(folder);
  for (const { kind, said, text } of blocks) {
    if (kind !== 'file') continue;
    await mkdir(dirname(join(folder, said)), { recursive: true });
    await writeFile(join(folder, said), text);
  }

  test.each(blocks.filter(({ kind }) => kind !== 'file').map(block => [block.kind, block] as const))(
    '%s',
    async (kind, { said, text }) => {
      if (isRunner(kind)) {
        const { printed, exitCode } = await runners[kind](said, folder);
        expect(`${printed}\n`).toBe(text);
        expect(exitCode).toBe(/[1-9]\d* errors?/.test(printed) ? 3 : 0);
      } else if (kind === 'cat') expect(await readFile(join(folder, said), 'utf8')).toBe(text);
      else {
        expect(kind).toBe('config');
        const validate = checker(schemaCompiler().compile(plainSchema(configSchema)));
        expect(readConfig({ name: 'quorate.yml', text }, validate).diagnostics).toEqual([]);
        expect(Object.keys(parse(text))).toEqual(Object.keys(configSchema.properties));
      }
    },
  );
});

test('the action writes SARIF where it is told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-page-'));
  folders.push(folder);
  await writeFile(join(folder, 'a b.yml'), '- hosts: all\n  tasks:\n    - debug: { msg: hi }\n');
  const { printed, exitCode } = await action('sarif=out.sarif', folder);
  expect(printed).toBe('1 file checked: 0 errors, 0 warnings');
  expect(exitCode).toBe(0);
  expect(JSON.parse(await readFile(join(folder, 'out.sarif'), 'utf8')).runs[0].results).toEqual([]);
});

test('the page names the codes that a team decides', async () => {
  const text = await readFile('docs/linting.md', 'utf8');
  const [, table = ''] = /<!-- adjustable -->\n([\s\S]*?)<!-- end -->/.exec(text) ?? [];
  expect([...table.matchAll(/`([\w-]+)`/g)].map(([, code]) => code)).toEqual(adjustableCodes.map(([code]) => code));
});
